package io.camelrump;

import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.checkpoint.CheckpointInUseException;
import io.camelrump.checkpoint.LockFile;
import io.camelrump.files.OutputFile;
import io.camelrump.redis.RedisException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the checkpoint of a run in a file: the old one or the new one is there at any instant, whole. While it is
 * started a lock beside it, {@code FILE.rump-lock}, keeps other runs away. A file that holds something else is left
 * alone.
 *
 * <p>Camel's own {@code FileStateRepository} appends, and writes its file anew from time to time: a process that is
 * killed meanwhile leaves half of it.
 */
public final class CheckpointFile extends ServiceSupport implements StateRepository<String, String> {
    private static final String LOCK = ".rump-lock";
    private static final String PART = ".rump-part";
    /** The lock of a killed process lasts until the system has cleared it away, which may be another machine's. */
    private static final long CLEARED_MILLIS = 5_000;

    private final OutputFile file;
    private @Nullable LockFile lock;

    /** @param file is made with the first checkpoint, and deleted when the run is complete */
    public CheckpointFile(String file) {
        this.file = OutputFile.of(Path.of(file));
    }

    @Override
    protected void doStart() {
        if (file.kind() != OutputFile.Kind.REGULAR) {
            throw new UsageException("checkpoint=" + file + " is no regular file: name another one.");
        }
        String objection = file.objection();
        if (objection != null) {
            throw new UsageException("checkpoint=" + file + " cannot be written: " + objection);
        }
        refuseOther();
        Path path = file.beside(LOCK);
        try {
            lock = LockFile.take(path);
        } catch (IOException e) {
            throw new UsageException("checkpoint=" + file + " cannot be locked: " + OutputFile.reason(e), e);
        }
        if (lock == null) {
            throw new CheckpointInUseException(
                    "Another run uses the checkpoint " + file + ": wait for its end, or name another file.",
                    LockFile.isHolderAlive(path) ? 0 : CLEARED_MILLIS);
        }
    }

    /** A file of somebody else's is neither read whole nor locked beside. */
    private void refuseOther() {
        byte[] first = new byte[0];
        try (InputStream in = Files.newInputStream(file.place())) {
            first = in.readNBytes(Checkpoint.HEAD);
        } catch (NoSuchFileException e) {
            // a new one
        } catch (IOException e) {
            throw new UsageException("checkpoint=" + file + " cannot be read: " + OutputFile.reason(e), e);
        }
        if (!Checkpoint.isCheckpoint(new String(first, StandardCharsets.ISO_8859_1))) {
            throw new UsageException("checkpoint=" + file
                    + " holds something other than a checkpoint, and is left alone: name another file.");
        }
    }

    @Override
    protected void doStop() throws IOException {
        LockFile held = lock;
        lock = null;
        if (held != null) {
            held.close();
        }
    }

    @Override
    public @Nullable String getState(String key) {
        try {
            return Files.readString(file.place());
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private RedisException unreadable(IOException e) {
        return RedisException.permanentError("The checkpoint " + file + " cannot be read: " + OutputFile.reason(e));
    }

    /** @param value an empty one deletes the file */
    @Override
    public void setState(String key, String value) {
        try {
            if (value.isEmpty()) {
                Files.deleteIfExists(file.place());
                return;
            }
            Path written = file.beside(PART);
            // of a run that was killed while it wrote
            Files.deleteIfExists(written);
            try (FileChannel channel = file.create(written)) {
                ByteBuffer bytes = ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            file.replaceBy(written);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written: " + OutputFile.reason(e), e);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
