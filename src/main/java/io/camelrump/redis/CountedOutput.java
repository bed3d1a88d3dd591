package io.camelrump.redis;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the bytes that a stream took; any thread may ask, and so see that a long write goes on. */
final class CountedOutput extends FilterOutputStream {
    private final AtomicLong bytes = new AtomicLong();

    CountedOutput(OutputStream out) {
        super(out);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        out.write(source, offset, length);
        bytes.addAndGet(length);
    }

    long bytes() {
        return bytes.get();
    }
}
