package io.camelrump;

import io.camelrump.redis.RedisException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the checkpoint of a run in a file: the old one or the new one is there at any instant, whole. While it is started
 * a lock beside it keeps other runs away.
 *
 * <p>Camel's own {@code FileStateRepository} appends, and writes its file anew from time to time: a process that is killed
 * meanwhile leaves half of it.
 */
public final class CheckpointFile extends ServiceSupport implements StateRepository<String, String> {
    private final Path file;
    private @Nullable FileChannel lock;

    /** @param file is made with the first checkpoint, and deleted when the run is complete */
    public CheckpointFile(String file) {
        this.file = Path.of(file).toAbsolutePath();
    }

    @Override
    protected void doStart() throws IOException {
        FileChannel channel = FileChannel.open(beside(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            locked = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // by another run of this process
            locked = false;
        } finally {
            if (!locked) {
                channel.close();
            }
        }
        if (!locked) {
            throw RedisException.lasting(
                    "Another run uses the checkpoint " + file + ": wait for its end, or name another" + " file.");
        }
        lock = channel;
    }

    @Override
    protected void doStop() throws IOException {
        FileChannel held = lock;
        lock = null;
        if (held != null) {
            held.close();
        }
    }

    @Override
    public @Nullable String getState(String key) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(file + " can not be read: " + e.getMessage(), e);
        }
    }

    /** @param value an empty one deletes the file */
    @Override
    public void setState(String key, String value) {
        try {
            if (value.isEmpty()) {
                Files.deleteIfExists(file);
                return;
            }
            Path written = beside(".new");
            try (FileChannel channel = FileChannel.open(
                    written,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " can not be written: " + e.getMessage(), e);
        }
    }

    private Path beside(String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
