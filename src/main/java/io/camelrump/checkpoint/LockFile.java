package io.camelrump.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A file that one run at a time holds locked. The operating system frees the lock when its process is gone, however
 * that ended; the file is deleted at a regular end, and a file that was left is taken over.
 */
public final class LockFile implements AutoCloseable {
    private static final String FORM = "rump, process ";
    private static final int LONGEST = 64;
    private static final int MOST_TRIES = 10;

    /**
     * The system's locks are those of a process: its own runs would not lock each other out, and closing frees them
     * all.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;

    private LockFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @return null if another run holds it
     * @throws IOException if the file cannot be made, or is somebody else's
     */
    public static @Nullable LockFile take(Path path) throws IOException {
        if (!HELD.add(path)) {
            return null;
        }
        LockFile taken = null;
        try {
            for (int tries = 0; tries < MOST_TRIES; tries++) {
                FileChannel channel = open(path);
                boolean ours = false;
                try {
                    Object opened = fileKey(path);
                    if (channel.tryLock() == null) {
                        return null;
                    }
                    // the holder before may have deleted it after it was opened here
                    ours = opened != null && opened.equals(fileKey(path)) || isWithoutKeys(path);
                    if (ours) {
                        sign(channel);
                        taken = new LockFile(path, channel);
                        return taken;
                    }
                } finally {
                    if (!ours) {
                        channel.close();
                    }
                }
            }
            return null;
        } finally {
            if (taken == null) {
                HELD.remove(path);
            }
        }
    }

    /** Opens the file that the path names before and after. */
    private static FileChannel open(Path path) throws IOException {
        while (true) {
            FileChannel channel = FileChannel.open(
                    path,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
            Object key = fileKey(path);
            channel.close();
            FileChannel again;
            try {
                again = FileChannel.open(
                        path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            } catch (NoSuchFileException e) {
                continue;
            }
            boolean same = false;
            try {
                String text = text(again);
                if (!text.isEmpty() && !text.startsWith(FORM)) {
                    throw new IOException(path + " is in the way, and is no lock of rump: move it");
                }
                same = Objects.equals(key, fileKey(path));
            } finally {
                if (!same) {
                    again.close();
                }
            }
            if (same) {
                return again;
            }
        }
    }

    private static String text(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST);
        channel.read(bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
    }

    private static void sign(FileChannel channel) throws IOException {
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap((FORM + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
    }

    /** Which file the path names; null if none. */
    private static @Nullable Object fileKey(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Where files have no keys an open file cannot be deleted either. */
    private static boolean isWithoutKeys(Path path) throws IOException {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS) && fileKey(path) == null;
    }

    /** Whether the process that signed the lock last is known to this system as alive. */
    public static boolean isHolderAlive(Path path) {
        if (HELD.contains(path)) {
            return true;
        }
        try {
            String text = Files.readString(path, StandardCharsets.ISO_8859_1).strip();
            return text.matches(FORM + "\\d{1,18}")
                    && ProcessHandle.of(Long.parseLong(text.substring(FORM.length())))
                            .isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            Files.deleteIfExists(path);
        } finally {
            HELD.remove(path);
        }
    }
}
