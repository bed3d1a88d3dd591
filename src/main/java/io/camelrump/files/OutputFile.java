package io.camelrump.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file that a run writes, and what its path leads to. Links are followed. A regular file is replaced whole: the new
 * content is written beside it and renamed over it, with the mode and owner of the old one. Whatever else exists, such
 * as a device or a pipe, is written in place and stays what it is.
 *
 * <p>Nothing is opened or written before the first write.
 */
public final class OutputFile {
    /** Kind of file that a path leads to. */
    public enum Kind {
        /** Standard output of this process: {@code -}, or a path such as {@code /dev/stdout}. */
        STANDARD_OUTPUT,
        /** Standard error of this process. */
        STANDARD_ERROR,
        /** A regular file, or none yet: replaced whole. */
        REGULAR,
        /** A device, pipe or socket: written in place. */
        IN_PLACE,
        /** A folder, which cannot be written. */
        FOLDER
    }

    private static final Pattern DESCRIPTOR = Pattern.compile("/proc/(\\d+)(?:/task/\\d+)?/fd/(\\d+)");
    private static final Path NULL_DEVICE = Path.of("/dev/null");
    private static final int MOST_LINKS = 40;

    private final Path given;
    private final Path place;
    private final Kind kind;
    private final @Nullable String objection;

    private OutputFile(Path given, Path place, Kind kind, @Nullable String objection) {
        this.given = given;
        this.place = place;
        this.kind = kind;
        this.objection = objection;
    }

    /** Follows {@code given}; {@code -} is standard output. */
    public static OutputFile of(Path given) {
        if (given.toString().equals("-")) {
            return new OutputFile(given, given, Kind.STANDARD_OUTPUT, null);
        }
        try {
            Path place = followed(given.toAbsolutePath());
            Kind kind = kind(place);
            return new OutputFile(given, place, kind, objection(place, kind));
        } catch (IOException e) {
            return new OutputFile(given, given.toAbsolutePath(), Kind.REGULAR, reason(e));
        }
    }

    private static Path followed(Path given) throws IOException {
        Path place = given;
        for (int links = 0; links < MOST_LINKS; links++) {
            place = inRealFolder(place);
            if (DESCRIPTOR.matcher(place.toString()).matches() || !Files.isSymbolicLink(place)) {
                return place;
            }
            place = place.resolveSibling(Files.readSymbolicLink(place));
        }
        throw new FileSystemLoopException(given.toString());
    }

    /** The path with the links among its folders followed. */
    private static Path inRealFolder(Path path) throws IOException {
        Path folder = path.getParent();
        Path name = path.getFileName();
        // after a .. the folder's own links decide where the path leads
        boolean named = folder != null && name != null && !name.toString().matches("\\.{0,2}");
        return named ? folder.toRealPath().resolve(name) : path.toRealPath();
    }

    private static Kind kind(Path place) {
        Matcher descriptor = DESCRIPTOR.matcher(place.toString());
        if (descriptor.matches()
                && Long.parseLong(descriptor.group(1))
                        == ProcessHandle.current().pid()) {
            return switch (descriptor.group(2)) {
                case "1" -> Kind.STANDARD_OUTPUT;
                case "2" -> Kind.STANDARD_ERROR;
                default -> Kind.IN_PLACE;
            };
        }
        if (Files.isDirectory(place)) {
            return Kind.FOLDER;
        }
        return Files.exists(place) && !Files.isRegularFile(place) || descriptor.matches()
                ? Kind.IN_PLACE
                : Kind.REGULAR;
    }

    private static @Nullable String objection(Path place, Kind kind) {
        return switch (kind) {
            case STANDARD_OUTPUT, STANDARD_ERROR -> null;
            case FOLDER -> "it is a folder";
            case IN_PLACE -> Files.isWritable(place) ? null : "not allowed";
            case REGULAR -> {
                if (!Files.isDirectory(folder(place))) {
                    yield "no folder: " + folder(place);
                }
                boolean writable = Files.exists(place) ? Files.isWritable(place) : Files.isWritable(folder(place));
                yield writable ? null : "not allowed";
            }
        };
    }

    private static Path folder(Path place) {
        return Objects.requireNonNullElse(place.getParent(), place);
    }

    /** Kind of file that the path leads to. */
    public Kind kind() {
        return kind;
    }

    /** Why it cannot be written, as far as that shows without writing; null if nothing speaks against it. */
    public @Nullable String objection() {
        return objection;
    }

    /** The path with all links followed. */
    public Path place() {
        return place;
    }

    /** Whether a new content can be written beside the file and renamed over it. */
    public boolean isReplaceable() {
        return kind == Kind.REGULAR && Files.isWritable(folder(place));
    }

    /** Whether both lead to one file; never for the null device, which takes everything. */
    public boolean isSameAs(OutputFile other) {
        if (kind == Kind.STANDARD_OUTPUT || kind == Kind.STANDARD_ERROR) {
            return kind == other.kind;
        }
        try {
            return !place.equals(NULL_DEVICE)
                    && (place.equals(other.place)
                            || Files.exists(place)
                                    && Files.exists(other.place)
                                    && Files.isSameFile(place, other.place));
        } catch (IOException e) {
            return false;
        }
    }

    /** A path beside the file, with this ending. */
    public Path beside(String ending) {
        return place.resolveSibling(place.getFileName() + ending);
    }

    /**
     * Opens what is written in place, at its end. For a pipe it returns when there is a reader.
     *
     * @throws IOException if the operating system refuses
     */
    public FileChannel append() throws IOException {
        return kind == Kind.REGULAR
                ? FileChannel.open(place, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                : FileChannel.open(place, StandardOpenOption.APPEND);
    }

    /** Replaces the content, whole where the file is a regular one; it is on disk then. */
    public void write(byte[] content) throws IOException {
        if (!isReplaceable()) {
            overwrite(content);
            return;
        }
        Path written = beside("." + UUID.randomUUID() + ".tmp");
        try {
            try (FileChannel channel = create(written)) {
                writeTo(channel, content);
                channel.force(true);
            }
            replaceBy(written);
        } finally {
            Files.deleteIfExists(written);
        }
    }

    /** Makes the file {@code beside}, which must not exist, with the mode and owner of this one. */
    public FileChannel create(Path beside) throws IOException {
        FileChannel channel = FileChannel.open(
                beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean ready = false;
        try {
            keepMode(beside);
            ready = true;
            return channel;
        } finally {
            if (!ready) {
                channel.close();
                Files.deleteIfExists(beside);
            }
        }
    }

    private void overwrite(byte[] content) throws IOException {
        try (FileChannel channel = append()) {
            if (kind == Kind.REGULAR) {
                channel.truncate(0);
            }
            writeTo(channel, content);
        }
    }

    private static void writeTo(FileChannel channel, byte[] content) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Puts the file {@code written}, which lies beside this one, into its place. */
    public void replaceBy(Path written) throws IOException {
        if (Files.exists(place) && !Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(place.toString(), null, "it is no regular file any more");
        }
        try {
            Files.move(written, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (FileSystemException e) {
            // a file that is a mount point, as containers have them, cannot be renamed over
            if (!Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
            overwrite(Files.readAllBytes(written));
            Files.delete(written);
        }
    }

    private void keepMode(Path written) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(written, PosixFileAttributeView.class);
        if (view == null || !Files.exists(place)) {
            return;
        }
        PosixFileAttributes old = Files.readAttributes(place, PosixFileAttributes.class);
        try {
            PosixFileAttributes now = view.readAttributes();
            if (!now.group().equals(old.group())) {
                view.setGroup(old.group());
            }
            if (!now.owner().equals(old.owner())) {
                view.setOwner(old.owner());
            }
        } catch (IOException e) {
            // only root may give a file away
        }
        view.setPermissions(old.permissions());
    }

    /** Why a file could not be read or written, in words rather than Java's. */
    public static String reason(IOException e) {
        if (e instanceof NoSuchFileException missing) {
            return "no such file or folder: " + missing.getFile();
        }
        if (e instanceof FileAlreadyExistsException other) {
            return other.getFile() + " exists by now";
        }
        if (e instanceof AccessDeniedException) {
            return "not allowed";
        }
        if (e instanceof NotDirectoryException || e instanceof NotLinkException) {
            return "no folder: " + ((FileSystemException) e).getFile();
        }
        if (e instanceof FileSystemLoopException) {
            return "its links lead back to themselves";
        }
        if (e instanceof CharacterCodingException) {
            return "it is no text";
        }
        if (e instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        }
        return String.valueOf(e.getMessage());
    }

    /** The path as it was given. */
    @Override
    public String toString() {
        return given.toString();
    }
}
