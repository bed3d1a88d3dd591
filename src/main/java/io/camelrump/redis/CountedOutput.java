package io.camelrump.redis;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the bytes that a stream took, and says when it begins to wait for room; any thread may ask, and so see that a
 * long write goes on.
 */
final class CountedOutput extends FilterOutputStream {
    /** A longer write is divided, so that its progress shows. */
    private static final int AT_ONCE = 64 * 1024;

    private final SilenceWatch silence;
    private final AtomicLong bytes = new AtomicLong();

    CountedOutput(OutputStream out, SilenceWatch silence) {
        super(out);
        this.silence = silence;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        try {
            for (int done = 0; done < length; done += AT_ONCE) {
                int part = Math.min(AT_ONCE, length - done);
                silence.writes();
                out.write(source, offset + done, part);
                bytes.addAndGet(part);
            }
        } catch (IOException e) {
            throw silence.explained(e);
        } finally {
            silence.hasWritten();
        }
    }

    long bytes() {
        return bytes.get();
    }
}
