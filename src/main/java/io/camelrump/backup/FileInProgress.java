package io.camelrump.backup;

import io.camelrump.files.OutputFile;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file while it is written. A regular one has the name {@code NAME.partial} until it is complete, so that its own
 * name never stands for less than a whole; it can be read by its user alone. Pipes, devices and standard output are
 * written as what they are.
 *
 * <p>Not thread-safe.
 */
final class FileInProgress {
    /** Ending of a file that is not complete. */
    static final String ENDING = ".partial";

    private static final Logger LOG = LoggerFactory.getLogger(FileInProgress.class);
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int RESERVED_BYTES = 4096;

    private final OutputFile file;
    private final boolean overwrite;
    private final @Nullable Path partial;
    private final @Nullable FileChannel channel;
    private final OutputStream out;

    private FileInProgress(
            OutputFile file,
            boolean overwrite,
            @Nullable Path partial,
            @Nullable FileChannel channel,
            OutputStream out) {
        this.file = file;
        this.overwrite = overwrite;
        this.partial = partial;
        this.channel = channel;
        this.out = out;
    }

    /**
     * Why the file cannot be written, and what to do about that; null if nothing speaks against it.
     *
     * @param overwrite whether a file that is there already is replaced
     */
    static @Nullable String objection(OutputFile file, boolean overwrite) {
        if (file.objection() != null) {
            return file + " cannot be written: " + file.objection();
        }
        if (file.kind() != OutputFile.Kind.REGULAR) {
            return null;
        }
        if (!file.isReplaceable()) {
            return file + " cannot be written: its folder takes no other file, and a file is written beside until it is"
                    + " complete";
        }
        if (!overwrite && Files.exists(file.place())) {
            return file + " exists: name another file, or set overwrite=true (--overwrite) to replace it";
        }
        if (!overwrite && Files.exists(file.beside(ENDING))) {
            return file + ENDING
                    + " exists, of a run that has not ended, or did not come to its end: read it, or remove"
                    + " it, or set overwrite=true (--overwrite)";
        }
        return null;
    }

    /** Begins the file. */
    static FileInProgress open(OutputFile file, boolean overwrite) throws IOException {
        return switch (file.kind()) {
            case STANDARD_OUTPUT -> new FileInProgress(file, overwrite, null, null, buffered(FileDescriptor.out));
            case STANDARD_ERROR -> new FileInProgress(file, overwrite, null, null, buffered(FileDescriptor.err));
            case IN_PLACE, FOLDER -> {
                FileChannel channel = file.append();
                yield new FileInProgress(file, overwrite, null, channel, new ChannelOutput(channel));
            }
            case REGULAR -> {
                Path partial = file.beside(ENDING);
                if (overwrite && Files.exists(partial, LinkOption.NOFOLLOW_LINKS)) {
                    removeOld(partial);
                }
                FileChannel channel = Files.exists(file.place()) ? file.create(partial) : create(partial);
                boolean ready = false;
                try {
                    lock(channel, partial);
                    reserve(channel);
                    ready = true;
                } finally {
                    if (!ready) {
                        channel.close();
                        Files.deleteIfExists(partial);
                    }
                }
                yield new FileInProgress(file, overwrite, partial, channel, new ChannelOutput(channel));
            }
        };
    }

    private static OutputStream buffered(FileDescriptor stream) {
        return new BufferedOutputStream(new FileOutputStream(stream), BUFFER_BYTES);
    }

    private static FileChannel create(Path partial) throws IOException {
        boolean hasModes = partial.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] mode = hasModes
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        return FileChannel.open(partial, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode);
    }

    private static void removeOld(Path partial) throws IOException {
        if (!Files.isRegularFile(partial, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(partial.toString(), null, partial + " is in its way, and is no regular file");
        }
        try (FileChannel old = FileChannel.open(partial, StandardOpenOption.WRITE)) {
            lock(old, partial);
            Files.delete(partial);
        }
    }

    /** Whoever writes a file holds its lock, so that nobody takes the file for one that was left behind. */
    private static void lock(FileChannel channel, Path partial) throws IOException {
        boolean free;
        try {
            free = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            free = false;
        } catch (IOException e) {
            // a file system without locks
            free = true;
        }
        if (!free) {
            throw new FileSystemException(partial.toString(), null, "another run writes " + partial + " now");
        }
    }

    /** A full disk is known at the start, and a run without keys has room for its end. */
    private static void reserve(FileChannel channel) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate(RESERVED_BYTES);
        while (zeros.hasRemaining()) {
            channel.write(zeros);
        }
        channel.position(0);
    }

    /** Where its bytes go. */
    OutputStream out() {
        return out;
    }

    /** Whether it is a file that nobody reads before it is complete. */
    boolean hasPartial() {
        return partial != null;
    }

    /** Takes back all that was written to a file that nobody reads before it is complete. */
    void beginAnew() throws IOException {
        out.flush();
        if (channel != null) {
            channel.truncate(0);
            reserve(channel);
        }
    }

    /** All bytes are written: they are on disk, and the file has its name, when this returns. */
    void complete() throws IOException {
        out.flush();
        if (channel != null && partial != null) {
            channel.truncate(channel.position());
            channel.force(true);
        }
        if (partial == null) {
            close();
        } else if (overwrite) {
            requireRegular();
            Files.move(partial, file.place(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            close();
            syncFolder();
        } else {
            rename(partial);
            close();
            syncFolder();
        }
    }

    /** The name is on disk too, where the system lets a folder be synced. */
    private void syncFolder() {
        Path folder = file.place().getParent();
        try (FileChannel opened = FileChannel.open(folder == null ? Path.of(".") : folder)) {
            opened.force(true);
        } catch (IOException e) {
            LOG.debug("the folder is not synced", e);
        }
    }

    /** Bytes that were written to a regular file; -1 of anything else. */
    long size() throws IOException {
        return partial == null ? -1 : Files.size(file.place());
    }

    private void requireRegular() throws IOException {
        Path place = file.place();
        if (Files.exists(place) && !Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(place.toString(), null, "it is no regular file any more");
        }
    }

    /** Not over a file that somebody else has made meanwhile. */
    private void rename(Path from) throws IOException {
        Path place = file.place();
        try {
            Files.createLink(place, from);
            Files.delete(from);
        } catch (FileAlreadyExistsException e) {
            throw new FileAlreadyExistsException(
                    place.toString(),
                    null,
                    "exists by now, and was not there at the start: the copy is complete in " + from);
        } catch (UnsupportedOperationException | FileSystemException e) {
            // a file system without links
            Files.move(from, place);
        }
    }

    /**
     * Closes what is not complete.
     *
     * @param isOfUse whether there are keys in it; it is removed otherwise
     * @return the name that it has, or null if nothing is left
     */
    @Nullable
    Path leave(boolean isOfUse) throws IOException {
        if (channel != null && partial != null) {
            channel.truncate(channel.position());
        }
        close();
        if (partial != null && !isOfUse) {
            Files.deleteIfExists(partial);
        }
        return isOfUse ? partial : null;
    }

    private void close() throws IOException {
        if (channel != null) {
            channel.close();
        } else {
            out.flush();
        }
    }

    /** The name that a file has until it is complete; the path as given where there is none. */
    String inProgress() {
        return partial == null ? file.toString() : file + ENDING;
    }
}
