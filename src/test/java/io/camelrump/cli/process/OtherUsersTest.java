package io.camelrump.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherUsersTest {
    private static final int SOMEBODY = 12_345;

    @TempDir
    Path folder;

    private Path file;
    private OtherUsers ofOwner;
    private OtherUsers ofAnother;

    @BeforeEach
    void makeFile() throws IOException {
        file = Files.writeString(folder.resolve("migrate.camel.yaml"), "- route:\n");
        if (owner(file) == 0) {
            // what belongs to root is trusted: the tests of root need a file of somebody else
            Files.setAttribute(file, "unix:uid", SOMEBODY);
        }
        ofOwner = new OtherUsers(owner(file));
        ofAnother = new OtherUsers(owner(file) + 1);
    }

    @Test
    void theOwnersFileIsTakenAndThatOfAnotherUserIsNot() throws IOException {
        assertThat(ofOwner.authorship(file)).isNull();
        assertThat(ofAnother.authorship(file)).startsWith("belongs to another user, ");
        assertThat(new OtherUsers(0).authorship(file)).startsWith("belongs to another user, ");
    }

    @Test
    void aFileOfRootIsTakenAsRootCanDoEverything() throws IOException {
        assertThat(ofOwner.authorship(Path.of("/usr/bin/env"))).isNull();
    }

    @Test
    void aFileThatEveryUserCanWriteIsNamedWithItsMode() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
        assertThat(ofOwner.authorship(file)).isNull();

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--rw-"));
        assertThat(ofOwner.authorship(file)).isEqualTo("can be written by every user (rw-r--rw-)");
    }

    @Test
    void aLinkIsNoBetterThanWhereItLeads() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);

        assertThat(ofOwner.authorship(link)).isNull();
        assertThat(ofAnother.authorship(link)).startsWith("belongs to another user, ");
    }

    @Test
    void aFileIsReadableForAllByItsModeAlone() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(OtherUsers.readableMode(file)).isNull();

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        assertThat(OtherUsers.readableMode(file)).isEqualTo("r--r--r--");
        assertThat(OtherUsers.readableMode(Path.of("/dev/zero"))).as("no file").isNull();
    }

    /** Secrets of a container are often mounted so. */
    @Test
    void aFileThatCannotBeChangedIsNotWarnedOf() throws IOException {
        Path archive = folder.resolve("volume.jar");
        try (FileSystem volume = volume(archive, Map.of("create", "true"))) {
            Files.createDirectory(volume.getPath("META-INF"));
            Files.writeString(volume.getPath("META-INF/MANIFEST.MF"), "Manifest-Version: 1.0\nMulti-Release: true\n\n");
            Path secret = Files.writeString(volume.getPath("secret"), "hunter2");
            Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
            assertThat(OtherUsers.readableMode(secret)).isEqualTo("rw-r--r--");
        }
        try (FileSystem readOnly = volume(archive, Map.of("releaseVersion", "17"))) {
            assertThat(OtherUsers.readableMode(readOnly.getPath("secret"))).isNull();
        }
    }

    private static FileSystem volume(Path archive, Map<String, String> how) throws IOException {
        Map<String, String> environment = new HashMap<>(how);
        environment.put("enablePosixFileAttributes", "true");
        return FileSystems.newFileSystem(archive, environment);
    }

    @Test
    void aMissingFileIsReported() {
        assertThatThrownBy(() -> ofOwner.authorship(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }

    private static int owner(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:uid");
    }
}
