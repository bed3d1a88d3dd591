package io.camelrump.source;

import io.camelrump.Refusal;
import io.camelrump.redis.ServerClock;
import io.camelrump.run.BigKeys;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.throttle.TurnPacer;
import io.camelrump.values.ElementReader;
import io.camelrump.values.KeyChangedException;
import io.camelrump.values.KeyPart;
import io.camelrump.values.KeyUnreadableException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copy of a big value, part by part. */
final class BigCopy {
    private static final Logger LOG = LoggerFactory.getLogger(BigCopy.class);
    /** A key that changed is read again after this many times as long as its last reading took. */
    private static final int PAUSE_FOR_READING = 3;
    /** Attempts after which a big key that changes all the time is reported. */
    private static final int MANY_ATTEMPTS = 3;

    private static final String STREAM = "stream";

    private final ElementReader value;
    private final String name;
    private final long begunAt = System.nanoTime();
    /** A part that was read already. */
    private byte @Nullable [] ahead;

    /** Parts that were handed out. */
    private int parts;

    BigCopy(ElementReader value, String name, byte[] ahead) {
        this.value = value;
        this.name = name;
        this.ahead = ahead;
    }

    ElementReader value() {
        return value;
    }

    int parts() {
        return parts;
    }

    /** The next part, in a turn of its own. */
    byte[] next(TurnPacer turns) throws IOException, KeyChangedException, KeyUnreadableException {
        byte[] part = ahead;
        ahead = null;
        if (part == null) {
            turns.beginAlone();
            part = value.next();
            turns.endAlone();
        }
        return part;
    }

    /** The page of the part that was read last. */
    PageData page(KeyChunk chunk, ServerClock clock, byte[] elements, boolean last) {
        KeyPart.Step step = last ? KeyPart.Step.LAST : parts > 0 ? KeyPart.Step.MIDDLE : KeyPart.Step.FIRST;
        return page(chunk, clock, step, elements, last ? PageForm.ELEMENTS : PageForm.PART);
    }

    /** Notice that nothing more comes of it. */
    PageData givenUp(KeyChunk chunk) {
        return page(chunk, ServerClock.unknown(), KeyPart.Step.GIVEN_UP, new byte[0], PageForm.PART);
    }

    private PageData page(KeyChunk chunk, ServerClock clock, KeyPart.Step step, byte[] elements, PageForm form) {
        PartPage one = new PartPage();
        one.add(chunk, value, KeyPart.of(value, name, step, parts++, elements));
        return one.build(clock, form);
    }

    /** Nanoseconds to wait before another attempt at a value that changed. */
    long pauseAfterChange() {
        return PAUSE_FOR_READING * (System.nanoTime() - begunAt);
    }

    /** Takes note that the value was read as a whole: a stream is read once more at the cutover, another is not. */
    void enterRead(KeyChunk chunk, BigKeys books) {
        books.remove(chunk.database(), chunk.nextKey());
        if (value.type().equals(STREAM)) {
            enter(chunk, books);
        }
    }

    /** Takes note of a value that changes during each attempt. */
    void enterChanged(KeyChunk chunk, BigKeys books) {
        warnOfChanges(chunk);
        if (chunk.reading().torn() >= MANY_ATTEMPTS) {
            enter(chunk, books);
        }
    }

    private void enter(KeyChunk chunk, BigKeys books) {
        books.enter(chunk.database(), chunk.nextKey(), value.size(), System.nanoTime() - begunAt);
    }

    /** Warns once of a value that changes during each attempt. */
    private void warnOfChanges(KeyChunk chunk) {
        if (chunk.reading().torn() == MANY_ATTEMPTS) {
            LOG.warn(
                    "{} of about {} bytes keeps changing during the {} s that it takes to read: it is copied once"
                            + " nobody writes to it",
                    Refusal.shorten(chunk.nextKey()),
                    value.size(),
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begunAt) + 1);
        }
    }
}
