package io.camelrump.backup;

import io.airlift.compress.zstd.ZstdInputStream;
import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Packs and unpacks bytes as zstd does, by a library that an application may lack. */
final class Zstd {
    private Zstd() {}

    /** The bytes that zstd packed. */
    static InputStream reading(InputStream in) throws IOException {
        try {
            return Library.reading(in);
        } catch (NoClassDefFoundError e) {
            throw missing(e);
        }
    }

    /** A stream that packs what it is given; closing it closes the other one. */
    static OutputStream writing(OutputStream out) throws IOException {
        try {
            return Library.writing(out);
        } catch (NoClassDefFoundError e) {
            throw missing(e);
        }
    }

    private static IOException missing(NoClassDefFoundError e) {
        return new IOException(
                "bytes that zstd packs need io.airlift:aircompressor on the class path: add it, or take gzip", e);
    }

    /** A class of its own, as one that names a missing class cannot be used at all. */
    private static final class Library {
        static InputStream reading(InputStream in) throws IOException {
            return new ZstdInputStream(in);
        }

        static OutputStream writing(OutputStream out) throws IOException {
            return new ZstdOutputStream(out);
        }
    }
}
