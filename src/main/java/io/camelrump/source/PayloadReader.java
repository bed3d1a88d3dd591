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
    /** Times that a key is read again which is there and has no payload. */
    private static final int MOST_CONTRADICTIONS = 3;

    private final ScanPlan plan;
    private final PageAssembler pages;
    private final UnreadKeys aside;
    private final PayloadWindow window;
    private final RateLimiter pace;
    /** Sizes, where a server reports a key's size by its payload alone; null if none is reported or requested. */
    private final @Nullable LongRange sizes;

    private final ChangeLog changes;
    /** How streams were read, in a live run. */
    private final StreamFingerprints streams = new StreamFingerprints();

    private final StringReplies strings;

    PayloadReader(
            ScanPlan plan,
            PageAssembler pages,
            UnreadKeys aside,
            PayloadWindow window,
            RateLimiter pace,
            @Nullable LongRange sizes,
            ChangeLog changes,
            ShortStrings known) {
        this.plan = plan;
        this.pages = pages;
        this.aside = aside;
        this.window = window;
        this.pace = pace;
        this.sizes = sizes;
        this.changes = changes;
        this.strings = new StringReplies(pages, aside, window, pace, changes, known);
    }

    /** Forgets what was read. */
    void forget() {
        streams.forgetAll();
        strings.forget();
    }

    /** Takes the replies about the chunk's next key. */
    void read(KeyChunk chunk, SourceSession link, ReadScope scope) throws IOException {
        RespReader in = link.connection().in();
        int usage = link.features().usage() == null ? KeyUsage.UNKNOWN : SourceFeatures.readUsage(link.connection());
        byte type = in.type();
        ErrorReply error = type == '-' ? new ErrorReply(in.line()) : null;
        long expiry = error == null ? link.features().readExpiry(in, type) : PageData.NO_EXPIRY;
        PageBuilder page = pages.growing(chunk, link);
        page.used(usage);
        byte answer = in.type();
        switch (answer) {
            case '$', '_' -> {
                long length = answer == '$' ? in.bulkLength() : nil(in);
                if (error != null) {
                    // a payload without its expiry would live forever
                    skip(in, length);
                    refuse(error, chunk, page, link, scope);
                } else if (length < 0) {
                    noPayload(expiry, chunk, page, link);
                } else {
                    readValue(in, length, expiry, chunk, page);
                }
            }
            case '+' -> {
                if (!chunk.isLeftOut(chunk.next())) {
                    throw ReplyException.of("DUMP", answer, in, "a payload or nil");
                }
                // its type was asked for, and not its payload
                in.skipLine();
                leaveOut(chunk, page);
            }
            case '-' -> refuse(new ErrorReply(in.line()), chunk, page, link, scope);
            default -> throw ReplyException.of("DUMP", answer, in, "a payload or nil");
        }
        if (chunk.isRead()) {
            page.endOfChunk();
        }
    }

    private static long nil(RespReader in) throws IOException {
        in.skipLine();
        return -1;
    }

    private void readValue(RespReader in, long length, long expiry, KeyChunk chunk, PageBuilder page)
            throws IOException {
        if (expiry == SourceFeatures.EXPIRY_OF_MISSING) {
            in.skipBulk(length);
            gone(chunk, page);
        } else if (chunk.areShortStrings()) {
            strings.read(in, length, expiry, chunk, page);
        } else {
            readPayload(in, length, expiry, chunk, page);
        }
    }

    private void readPayload(RespReader in, long length, long expiry, KeyChunk chunk, PageBuilder page)
            throws IOException {
        chunk.seen(length, window);
        pace.came(length);
        if (sizes != null && !sizes.includes(length)) {
            in.skipBulk(length);
            leaveOut(chunk, page);
            return;
        }
        if (chunk.isNewChange()) {
            changes.found(chunk.keys(), chunk.next());
        }
        if (chunk.alone() ? LargestPayload.takes(length) : pages.fits(length)) {
            page.add(chunk, in, (int) length, expiry);
            if (chunk.isNewChange()) {
                strings.learn(page, (int) length);
            }
            if (changes.isFollowed() && !isNews(chunk, page, (int) length) && chunk.isSuspect()) {
                page.dropLast();
            }
        } else {
            in.skipBulk(length);
            if (LargestPayload.takes(length)) {
                postpone(chunk);
            } else {
                refuse(chunk, LargestPayload.tooLargeForHeap(length));
            }
            page.leaveOut(chunk);
        }
        pages.learn(page);
    }

    /** The key does not pass the filters; one that changed may have done so before. */
    private void leaveOut(KeyChunk chunk, PageBuilder page) {
        if (changes.isFollowed() && chunk.isChanged()) {
            streams.forget(chunk.database(), chunk.nextKey());
            page.leftOut(chunk);
        } else {
            aside.filter(1);
            page.leaveOut(chunk);
        }
    }

    /** Postpones a key, to be read alone when nothing else is in flight. */
    private void postpone(KeyChunk chunk) {
        int i = chunk.next();
        KeyList key = chunk.keys().slice(i, i + 1);
        aside.postpone(RetryKeys.alone(key, chunk.database(), chunk.cursor(), chunk.reading()));
    }

    private void refuse(ErrorReply error, KeyChunk chunk, PageBuilder page, SourceSession link, ReadScope scope) {
        if (error.isRedirection() && scope.stray(chunk.nextKey())) {
            page.leaveOut(chunk);
            return;
        }
        if (chunk.areShortStrings() && strings.take(error, chunk, page)) {
            return;
        }
        if (error.isTransient() || error.deniesCommand()) {
            throw ErrorText.refusal(link.connection().address(), "DUMP", error);
        }
        refuse(chunk, "the source refused to dump it: " + ErrorText.refusedKey(error));
        page.leaveOut(chunk);
    }

    /** The chunk's next key cannot travel. */
    void refuse(KeyChunk chunk, String cause) {
        aside.refuse(new Refusal(chunk.nextKey(), cause + plan.databases().named(chunk.database())));
    }

    /**
     * The server has no payload of a key. Where it has an expiry of it, the key may have gone between the two, and is
     * read again: one that is there each time is no key of a Redis.
     */
    private void noPayload(long expiry, KeyChunk chunk, PageBuilder page, SourceSession link) throws ReplyException {
        if (expiry == SourceFeatures.EXPIRY_OF_MISSING) {
            gone(chunk, page);
            return;
        }
        if (chunk.reading().withoutPayload() >= MOST_CONTRADICTIONS) {
            throw new ReplyException(
                    "DUMP",
                    "nil of a key for which it answered " + link.features().expiryName() + " by " + expiry,
                    "its payload");
        }
        int i = chunk.next();
        Reading again = chunk.reading().hadNoPayload();
        aside.postpone(
                RetryKeys.afterFailure(chunk.keys().slice(i, i + 1), chunk.database(), chunk.cursor(), again, false));
        page.leaveOut(chunk);
    }

    private void gone(KeyChunk chunk, PageBuilder page) {
        if (changes.isFollowed()) {
            streams.forget(chunk.database(), chunk.nextKey());
        }
        if (chunk.isSuspect()) {
            // its delete is reported, or found by the look at all names, which sees how many are gone
            page.leaveOut(chunk);
        } else {
            page.gone(chunk);
        }
    }

    /** Whether the key that was read last is not a stream as it was. */
    private boolean isNews(KeyChunk chunk, PageBuilder page, int length) {
        int offset = page.payloadBytes() - length;
        if (!StreamFingerprints.isStream(page.payloads(), offset, length)) {
            return true;
        }
        byte[] key = chunk.keys().get(chunk.next() - 1);
        boolean isNews = streams.isNews(chunk.database(), key, page.payloads(), offset, length);
        if (isNews && chunk.isSuspect()) {
            changes.verification().changed(key, chunk.reading().number());
        }
        return isNews;
    }

    private static void skip(RespReader in, long length) throws IOException {
        if (length >= 0) {
            in.skipBulk(length);
        }
    }
}
