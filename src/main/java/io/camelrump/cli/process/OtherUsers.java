package io.camelrump.cli.process;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * What the other users of this machine can do to a file, where its file system knows of users. What belongs to root is
 * trusted, as root can do everything anyway.
 *
 * @param self number of the user whom this process runs as
 */
public record OtherUsers(long self) {
    private static final int ROOT = 0;
    private static final String OWNER = "unix:uid";

    /** The users other than the one of this process; null on a system that does not number its users. */
    public static @Nullable OtherUsers ofThisProcess() {
        boolean unix = Path.of("").getFileSystem().supportedFileAttributeViews().contains("unix");
        return unix ? new OtherUsers(new UnixSystem().getUid()) : null;
    }

    /**
     * Why another user may have written what the path leads to, in words that follow its name.
     *
     * @return null if nobody else can have
     * @throws IOException if nothing is there
     */
    @Nullable
    public String authorship(Path path) throws IOException {
        // a link by another user leads where that user wants
        for (LinkOption[] followed : new LinkOption[][] {{LinkOption.NOFOLLOW_LINKS}, {}}) {
            int owner = (int) Files.getAttribute(path, OWNER, followed);
            if (owner != ROOT && owner != self) {
                return "belongs to another user, "
                        + Files.getOwner(path, followed).getName();
            }
        }
        PosixFileAttributes attributes = Files.readAttributes(path, PosixFileAttributes.class);
        // volumes of containers are often writable for all by their modes, and mounted to be read only
        boolean writable = attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE) && !isReadOnly(path);
        return writable ? "can be written by every user (" + mode(attributes) + ")" : null;
    }

    /**
     * Warns of a file that every user can read.
     *
     * @param content what is secret in it
     * @throws IOException if nothing is there
     */
    public static void warnOfReaders(Path file, String content) throws IOException {
        String mode = readableMode(file);
        if (mode != null) {
            // made here, as the logging must be set up before
            LoggerFactory.getLogger(OtherUsers.class)
                    .warn(
                            "Every user of this machine can read the {} in {} ({}): chmod 600 keeps them out",
                            content,
                            file,
                            mode);
        }
    }

    /**
     * The mode of a file that every user can read; null if it keeps them out, if it has no mode, or if its mode cannot
     * be changed.
     */
    static @Nullable String readableMode(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            return null;
        }
        PosixFileAttributes attributes = view.readAttributes();
        // the content of a pipe is read once, by one
        boolean readable =
                attributes.isRegularFile() && attributes.permissions().contains(PosixFilePermission.OTHERS_READ);
        // there chmod has no effect, and containers mount secrets with modes of their own
        return readable && !isReadOnly(file) ? mode(attributes) : null;
    }

    /** Whether its file system is mounted to be read only; false also where that is not known. */
    private static boolean isReadOnly(Path path) {
        try {
            return Files.getFileStore(path).isReadOnly();
        } catch (IOException e) {
            return false;
        }
    }

    private static String mode(PosixFileAttributes attributes) {
        return PosixFilePermissions.toString(attributes.permissions());
    }
}
