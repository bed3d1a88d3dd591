package io.camelrump.source;

import io.camelrump.Refusal;
import io.camelrump.keys.LongRange;
import io.camelrump.keys.ScanPlan;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.KeyUsage;
import io.camelrump.redis.ReplyException;
import io.camelrump.redis.RespReader;
import io.camelrump.redis.SourceFeatures;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.PageData;
import io.camelrump.run.Reading;
import io.camelrump.run.RetryKeys;
import io.camelrump.throttle.RateLimiter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the source answers about a key, expiry and payload, into the page that grows; what cannot travel is set
 * aside.
 */
final class PayloadReader {
    private static final long LARGEST_BULK = 512L * 1024 * 1024;
    /** Times that a key is read again which is there and has no payload. */
    private static final int MOST_CONTRADICTIONS = 3;

    private static final long MEGABYTE = 1024 * 1024;
    /** Heap that the rest of a run needs beside a value that takes half of it. */
    private static final long REST_OF_HEAP_MEGABYTES = 64;

    private final ScanPlan options;
    private final PageAssembler pages;
    private final UnreadKeys aside;
    private final PayloadWindow window;
    private final RateLimiter pace;
    /** Sizes, where a server reports a key's size by its payload alone; null if none is reported or requested. */
    private final @Nullable LongRange sizes;

    private final ChangeLog changes;
    /** How streams were read, in a live run. */
    private final StreamFingerprints streams = new StreamFingerprints();

    private final long heapLimit = Runtime.getRuntime().maxMemory() / 2;

    PayloadReader(
            ScanPlan options,
            PageAssembler pages,
            UnreadKeys aside,
            PayloadWindow window,
            RateLimiter pace,
            @Nullable LongRange sizes,
            ChangeLog changes) {
        this.options = options;
        this.pages = pages;
        this.aside = aside;
        this.window = window;
        this.pace = pace;
        this.sizes = sizes;
        this.changes = changes;
    }

    /** Forgets what was read. */
    void forget() {
        streams.forgetAll();
    }

    /** Takes the replies about the segment's next key. */
    void read(KeyChunk segment, SourceSession link, ReadScope scope) throws IOException {
        RespReader in = link.connection().in();
        int usage = link.features().usage() == null ? KeyUsage.UNKNOWN : SourceFeatures.readUsage(link.connection());
        byte type = in.type();
        ErrorReply error = type == '-' ? new ErrorReply(in.line()) : null;
        long expiry = error == null ? link.features().readExpiry(in, type) : PageData.NO_EXPIRY;
        PageBuilder page = pages.growing(segment, link);
        page.used(usage);
        byte answer = in.type();
        switch (answer) {
            case '$', '_' -> {
                long length = answer == '$' ? in.bulkLength() : nil(in);
                if (error != null) {
                    // a payload without its expiry would live forever
                    skip(in, length);
                    refuse(error, segment, page, link, scope);
                } else if (length < 0) {
                    noPayload(expiry, segment, page, link);
                } else {
                    readPayload(in, length, expiry, segment, page);
                }
            }
            case '+' -> {
                if (!segment.isLeftOut(segment.next())) {
                    throw ReplyException.of("DUMP", answer, in, "a payload or nil");
                }
                // its type was asked for, and not its payload
                in.skipLine();
                leaveOut(segment, page);
            }
            case '-' -> refuse(new ErrorReply(in.line()), segment, page, link, scope);
            default -> throw ReplyException.of("DUMP", answer, in, "a payload or nil");
        }
        if (segment.isRead()) {
            page.endOfSegment();
        }
    }

    private static long nil(RespReader in) throws IOException {
        in.skipLine();
        return -1;
    }

    private void readPayload(RespReader in, long length, long expiry, KeyChunk segment, PageBuilder page)
            throws IOException {
        if (expiry == SourceFeatures.EXPIRY_OF_MISSING) {
            in.skipBulk(length);
            gone(segment, page);
            return;
        }
        window.seen(segment.sizeOfNext(), length);
        pace.came(length);
        if (sizes != null && !sizes.includes(length)) {
            in.skipBulk(length);
            leaveOut(segment, page);
            return;
        }
        if (segment.isNewChange()) {
            changes.found(segment.keys(), segment.next());
        }
        if (segment.alone() ? isTakenAlone(length) : pages.fits(length)) {
            page.add(segment, in, (int) length, expiry);
            if (changes.isFollowed() && !isNews(segment, page, (int) length) && segment.isSuspect()) {
                page.dropLast();
            }
        } else {
            in.skipBulk(length);
            if (isTakenAlone(length)) {
                postpone(segment);
            } else {
                refuse(segment, tooLargeForHeap(length));
            }
            page.leaveOut(segment);
        }
        pages.learn(page);
    }

    /** The key does not pass the filters; one that changed may have done so before. */
    private void leaveOut(KeyChunk segment, PageBuilder page) {
        if (changes.isFollowed() && segment.isChanged()) {
            streams.forget(segment.database(), segment.nextKey());
            page.leftOut(segment);
        } else {
            aside.filter(1);
            page.leaveOut(segment);
        }
    }

    private boolean isTakenAlone(long length) {
        return length <= heapLimit && length <= LARGEST_BULK;
    }

    /** Postpones a key, to be read alone when nothing else is in flight. */
    private void postpone(KeyChunk segment) {
        int i = segment.next();
        KeyList key = segment.keys().slice(i, i + 1);
        aside.postpone(RetryKeys.alone(key, segment.database(), segment.cursor(), segment.reading()));
    }

    private void refuse(ErrorReply error, KeyChunk segment, PageBuilder page, SourceSession link, ReadScope scope) {
        if (error.isRedirection() && scope.stray(segment.nextKey())) {
            page.leaveOut(segment);
            return;
        }
        if (error.isTransient() || error.deniesCommand()) {
            throw ErrorText.refusal(link.connection().address(), "DUMP", error);
        }
        refuse(segment, "the source refused to dump it: " + ErrorText.refusedKey(error));
        page.leaveOut(segment);
    }

    /** The segment's next key cannot travel. */
    void refuse(KeyChunk segment, String cause) {
        aside.refuse(new Refusal(segment.nextKey(), cause + options.databases().named(segment.database())));
    }

    /**
     * The server has no payload of a key. Where it has an expiry of it, the key may have gone between the two, and is
     * read again: one that is there each time is no key of a Redis.
     */
    private void noPayload(long expiry, KeyChunk segment, PageBuilder page, SourceSession link) throws ReplyException {
        if (expiry == SourceFeatures.EXPIRY_OF_MISSING) {
            gone(segment, page);
            return;
        }
        if (segment.reading().withoutPayload() >= MOST_CONTRADICTIONS) {
            throw new ReplyException(
                    "DUMP",
                    "nil of a key for which it answered " + link.features().expiryName() + " by " + expiry,
                    "its payload");
        }
        int i = segment.next();
        Reading again = segment.reading().hadNoPayload();
        aside.postpone(RetryKeys.afterFailure(
                segment.keys().slice(i, i + 1), segment.database(), segment.cursor(), again, false));
        page.leaveOut(segment);
    }

    private void gone(KeyChunk segment, PageBuilder page) {
        if (changes.isFollowed()) {
            streams.forget(segment.database(), segment.nextKey());
        }
        if (segment.isSuspect()) {
            // its delete is reported, or found by the look at all names, which sees how many are gone
            page.leaveOut(segment);
        } else {
            page.gone(segment);
        }
    }

    /** Whether the key that was read last is not a stream as it was. */
    private boolean isNews(KeyChunk segment, PageBuilder page, int length) {
        int offset = page.payloadBytes() - length;
        if (!StreamFingerprints.isStream(page.payloads(), offset, length)) {
            return true;
        }
        byte[] key = segment.keys().get(segment.next() - 1);
        return streams.isNews(segment.database(), key, page.payloads(), offset, length);
    }

    private static void skip(RespReader in, long length) throws IOException {
        if (length >= 0) {
            in.skipBulk(length);
        }
    }

    private static String tooLargeForHeap(long length) {
        if (length > LARGEST_BULK) {
            return "its payload has " + length + " bytes, and a Redis takes at most 512 MB in one value";
        }
        return "its payload of " + length + " bytes does not fit the heap; set -Xmx"
                + (2 * length / MEGABYTE + REST_OF_HEAP_MEGABYTES) + "m";
    }
}
