package io.camelrump.redis;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Says when it begins to wait for bytes, and when they have come. */
final class WatchedInput extends FilterInputStream {
    private final SilenceWatch silence;

    WatchedInput(InputStream in, SilenceWatch silence) {
        super(in);
        this.silence = silence;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        silence.reads();
        try {
            return in.read(target, offset, length);
        } catch (IOException e) {
            throw silence.explained(e);
        } finally {
            silence.hasRead();
        }
    }
}
