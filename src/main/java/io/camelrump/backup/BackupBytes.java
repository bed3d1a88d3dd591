package io.camelrump.backup;

import io.camelrump.UsageException;
import io.camelrump.files.FileAddress;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bytes of a file, or of standard input, unpacked where they are packed: their first ones show that, whatever the name
 * is.
 *
 * <p>Belongs to one thread, but for {@link #close}, which ends a read that waits for a pipe.
 */
final class BackupBytes implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(BackupBytes.class);
    private static final int BUFFER = 64 * 1024;
    private static final int MOST_AT_ONCE = 4 * BUFFER;
    /** Bytes by which other kinds of files are recognised. */
    private static final int HEAD = 16 * 1024;

    /** First bytes of what gzip and zstd write. */
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};

    private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

    private final FileChannel channel;
    private final boolean isFile;
    private final long size;
    private Counted stored;
    private BufferedInputStream bytes;
    private boolean packed;

    private BackupBytes(FileChannel channel, boolean isFile) throws IOException {
        this.channel = channel;
        this.isFile = isFile;
        this.size = isFile ? channel.size() : 0;
        this.stored = new Counted();
        this.bytes = unpacked(stored);
    }

    /**
     * Opens a file, and waits for the first bytes of a pipe.
     *
     * @throws UsageException if it is missing, a folder, or may not be read
     */
    static BackupBytes open(FileAddress file) throws IOException {
        if (file.isStandard()) {
            return new BackupBytes(new FileInputStream(FileDescriptor.in).getChannel(), false);
        }
        Path path = file.toPath();
        if (!Files.exists(path)) {
            throw new UsageException("there is no file " + file);
        }
        if (Files.isDirectory(path)) {
            throw new UsageException(file + " is a folder: name a file in it");
        }
        if (!Files.isReadable(path)) {
            throw new UsageException("the file " + file + " may not be read by this user");
        }
        FileChannel channel = FileChannel.open(path);
        try {
            return new BackupBytes(channel, Files.isRegularFile(path));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private BufferedInputStream unpacked(Counted from) throws IOException {
        BufferedInputStream plain = new BufferedInputStream(from, BUFFER);
        byte[] head = head(plain, ZSTD.length);
        boolean gzip = startsWith(head, GZIP);
        packed = gzip || startsWith(head, ZSTD);
        if (!packed) {
            return plain;
        }
        try {
            return new BufferedInputStream(gzip ? new GZIPInputStream(plain, BUFFER) : Zstd.reading(plain), BUFFER);
        } catch (EOFException e) {
            throw new EOFException("cut off within the first bytes of what was packed");
        }
    }

    private static byte[] head(BufferedInputStream in, int length) throws IOException {
        in.mark(length);
        byte[] head = new byte[length];
        int filled = 0;
        try {
            for (int read = 0; read >= 0 && filled < length; filled += Math.max(0, read)) {
                read = in.read(head, filled, length - filled);
            }
        } catch (EOFException | ZipException e) {
            // whoever reads on comes to the same place
            LOG.debug("cut off, or damaged, within the first bytes", e);
        }
        in.reset();
        return Arrays.copyOf(head, filled);
    }

    private static boolean startsWith(byte[] head, byte[] beginning) {
        return head.length >= beginning.length
                && Arrays.equals(head, 0, beginning.length, beginning, 0, beginning.length);
    }

    /** Its first bytes, unpacked; they are read again by whoever reads. Nothing may have been read yet. */
    byte[] head() throws IOException {
        return head(bytes, HEAD);
    }

    /** The bytes, unpacked. */
    InputStream stream() {
        return bytes;
    }

    /** Whether the bytes of the file are not those of {@link #stream}. */
    boolean arePacked() {
        return packed;
    }

    /** Whether they can be read from the beginning again. */
    boolean canRewind() {
        return isFile;
    }

    /** Begins at the beginning again: with the same file, also where another one has its name by now. */
    void rewind() throws IOException {
        channel.position(0);
        stored = new Counted();
        bytes = unpacked(stored);
    }

    /** Share of the file that was read, from 0 to 1; 0 where its length is not known. */
    double share() {
        return size == 0 ? 0 : Math.min(1, (double) stored.count / size);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Closes it; it was only read, so nothing is lost where that fails. */
    void closeQuietly() {
        try {
            close();
        } catch (IOException e) {
            LOG.debug("not closed", e);
        }
    }

    /** Counts what is read. Unlike a stream of the channel it asks a pipe for no position. */
    private final class Counted extends InputStream {
        private final byte[] one = new byte[1];
        private long count;

        @Override
        public int read() throws IOException {
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            // a channel has a buffer of its own as large as what it is asked for
            int read = channel.read(ByteBuffer.wrap(into, offset, Math.min(length, MOST_AT_ONCE)));
            count += Math.max(0, read);
            return read;
        }

        @Override
        public int available() {
            return (int) Math.max(0, Math.min(Integer.MAX_VALUE, size - count));
        }
    }
}
