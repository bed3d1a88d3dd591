package io.camelrump.source;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RespReader;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.RetryKeys;
import io.camelrump.throttle.RateLimiter;
import java.io.IOException;

/** Replies about keys that are read as {@link ShortStrings}: those that hold none are read again, as all others are. */
final class StringReplies {
    private final PageAssembler pages;
    private final UnreadKeys aside;
    private final PayloadWindow window;
    private final RateLimiter pace;
    private final ChangeLog changes;
    private final ShortStrings strings;

    StringReplies(
            PageAssembler pages,
            UnreadKeys aside,
            PayloadWindow window,
            RateLimiter pace,
            ChangeLog changes,
            ShortStrings strings) {
        this.pages = pages;
        this.aside = aside;
        this.window = window;
        this.pace = pace;
        this.changes = changes;
        this.strings = strings;
    }

    /** Takes what the source gave of the value of the chunk's next key, which is there. */
    void read(RespReader in, long length, long expiry, KeyChunk chunk, PageBuilder page) throws IOException {
        if (!ShortStrings.isWhole(length) || !pages.fits(length)) {
            in.skipBulk(length);
            readAsOthers(chunk, page);
            return;
        }
        chunk.seen(length, window);
        pace.came(length);
        changes.found(chunk.keys(), chunk.next());
        page.addString(chunk, in, (int) length, strings.found(), expiry);
        pages.learn(page);
    }

    /** Takes the source's refusal to read the chunk's next key as a string; false if it would refuse its DUMP too. */
    boolean take(ErrorReply error, KeyChunk chunk, PageBuilder page) {
        if (!strings.takesError(error)) {
            return false;
        }
        readAsOthers(chunk, page);
        return true;
    }

    private void readAsOthers(KeyChunk chunk, PageBuilder page) {
        int i = chunk.next();
        strings.notFound(chunk.keys(), i);
        aside.postpone(
                RetryKeys.asOthers(chunk.keys().slice(i, i + 1), chunk.database(), chunk.cursor(), chunk.reading()));
        page.leaveOut(chunk);
    }

    /** A key that changed was dumped: its payload is the last one of the page. */
    void learn(PageBuilder page, int length) {
        strings.dumped(page.payloads(), page.payloadBytes() - length, length);
    }

    /** Another server answers, or the scan starts again. */
    void forget() {
        strings.forget();
    }
}
