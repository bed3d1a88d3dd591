package io.camelrump.backup;

import io.camelrump.files.FileAddress.Compression;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Compresses a stream, in a memory that does not grow with it. */
final class Compressor {
    private static final int BUFFER_BYTES = 64 * 1024;

    private Compressor() {}

    /** A stream whose bytes go into another one compressed; closing it closes that one too. */
    static OutputStream compressed(OutputStream out, Compression compression) throws IOException {
        return switch (compression) {
            case NONE -> out;
            case GZIP -> new FastGzip(out);
            case ZSTD -> Zstd.writing(out);
        };
    }

    /** Payloads are compressed by the server as far as that is worth it, so the least effort finds what is left. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, BUFFER_BYTES);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
