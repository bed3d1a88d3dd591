package io.camelrump.backup;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.zstd.ZstdInputStream;
import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.ZipException;

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
            return new Unpacked(new Packed(in));
        }

        static OutputStream writing(OutputStream out) throws IOException {
            return new Frames(out);
        }
    }

    /** Packed bytes, and whether they have ended. */
    private static final class Packed extends FilterInputStream {
        private boolean ended;

        Packed(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read = super.read(into, offset, length);
            ended |= read < 0;
            return read;
        }
    }

    /** Bytes of frames, of which the last may be cut off. */
    private static final class Unpacked extends FilterInputStream {
        private final Packed packed;

        Unpacked(Packed packed) {
            super(new ZstdInputStream(packed));
            this.packed = packed;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            try {
                return super.read(into, offset, length);
            } catch (MalformedInputException e) {
                throw damaged(new ZipException(e.getMessage()), e);
            } catch (IOException e) {
                throw packed.ended ? damaged(new EOFException(e.getMessage()), e) : e;
            }
        }

        private static IOException damaged(IOException known, Exception cause) {
            known.initCause(cause);
            return known;
        }
    }

    /**
     * Frames of a megabyte each. One is unpacked as far as it is whole, but handed out in large pieces: so of a file
     * that was cut off, all but the last megabyte can be read.
     */
    private static final class Frames extends OutputStream {
        private static final int FRAME_BYTES = 1 << 20;

        private final OutputStream out;
        private OutputStream frame;
        private int room = FRAME_BYTES;

        Frames(OutputStream out) throws IOException {
            this.out = out;
            this.frame = begin();
        }

        private OutputStream begin() throws IOException {
            return new ZstdOutputStream(new FilterOutputStream(out) {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    out.write(bytes, offset, length);
                }

                @Override
                public void close() {
                    // another frame follows, or the whole is closed
                }
            });
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int from = offset;
            for (int left = length; left > 0; ) {
                if (room == 0) {
                    frame.close();
                    frame = begin();
                    room = FRAME_BYTES;
                }
                int part = Math.min(left, room);
                frame.write(bytes, from, part);
                from += part;
                left -= part;
                room -= part;
            }
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            try (OutputStream whole = out) {
                frame.close();
                whole.flush();
            }
        }
    }
}
