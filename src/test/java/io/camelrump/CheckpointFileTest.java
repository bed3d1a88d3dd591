package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.checkpoint.CheckpointInUseException;
import io.camelrump.checkpoint.LockWait;
import io.camelrump.files.OutputFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointFileTest {
    private static final Counts COUNTS = new Counts(11, 1, 2, 3, 1, 1, 2, 1, 700, 4, 1);

    @TempDir
    Path folder;

    private Path path() {
        return folder.resolve("checkpoint");
    }

    private CheckpointFile file() {
        return new CheckpointFile(path().toString());
    }

    private static String text() {
        return new Checkpoint(List.of(), Map.of(), COUNTS, List.of(), Map.of(), Map.of(), Map.of(), false, false)
                .encode();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dear diary", "version=1\n", "counts=none", "\u00ff\u00fe\u0000binary"})
    void aFileOfSomebodyElseIsLeftAloneAndNotLockedBeside(String content) throws IOException {
        Files.write(path(), content.getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> file().start())
                .hasMessageContaining("holds something other than a checkpoint, and is left alone")
                .hasMessageNotContaining("Exception");

        assertThat(Files.readString(path(), StandardCharsets.ISO_8859_1)).isEqualTo(content);
        assertThat(files()).containsExactly(path());
    }

    @Test
    void aPathThatIsNoFileIsRefusedInWords() throws Exception {
        Files.createDirectory(path());
        assertThatThrownBy(() -> file().start()).hasMessageContaining("is no regular file");

        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> new CheckpointFile(pipe.toString()).start()).hasMessageContaining("no regular file");
        assertThatThrownBy(() -> new CheckpointFile("-").start()).hasMessageContaining("no regular file");

        assertThatThrownBy(() -> new CheckpointFile(folder + "/none/file").start())
                .hasMessageContaining("no such file or folder: " + folder + "/none")
                .hasMessageNotContaining("Exception");
        assertThat(files()).containsExactlyInAnyOrder(path(), pipe);
    }

    @Test
    void nothingButTheCheckpointIsLeftBehind() throws IOException {
        CheckpointFile file = file();
        file.start();
        assertThat(files()).as("its lock").hasSize(1);
        file.setState("", text());
        file.stop();
        assertThat(files()).containsExactly(path());

        CheckpointFile next = file();
        next.start();
        assertThat(next.getState("")).isEqualTo(text());
        next.setState("", "");
        next.stop();
        assertThat(files()).isEmpty();
    }

    @Test
    void anEmptyFileAndThatOfAnOlderVersionAreTaken() throws IOException {
        for (String content : List.of("", "counts=11 1 2 3 1 1 2 700 4 1\ncursor=0\n")) {
            Files.writeString(path(), content);
            CheckpointFile file = file();
            file.start();
            assertThat(file.getState("")).isEqualTo(content);
            file.stop();
        }
    }

    @Test
    void aLinkAndTheModeStay() throws IOException {
        Path elsewhere = Files.writeString(folder.resolve("elsewhere"), text());
        Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rw-r-----"));
        Files.createSymbolicLink(path(), elsewhere);
        CheckpointFile file = file();
        file.start();
        file.setState("", text() + "more=1\n");
        file.stop();

        assertThat(path()).isSymbolicLink();
        assertThat(elsewhere).content().endsWith("more=1\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(elsewhere)))
                .isEqualTo("rw-r-----");
    }

    @Test
    void aNewFileHasTheModeThatTheUmaskGives() throws IOException {
        Path document = folder.resolve("run.json");
        OutputFile.of(document).write(new byte[1]);
        CheckpointFile file = file();
        file.start();
        file.setState("", text());
        file.stop();

        Path any = Files.createFile(folder.resolve("any"));
        assertThat(List.of(document, path())).allSatisfy(written -> assertThat(Files.getPosixFilePermissions(written))
                .isEqualTo(Files.getPosixFilePermissions(any)));
    }

    @Test
    void linksPlantedBesideItAreNotFollowed() throws IOException {
        Path victim = Files.writeString(folder.resolve("victim"), "dear diary");
        Files.createSymbolicLink(folder.resolve("checkpoint.rump-part"), victim);
        CheckpointFile file = file();
        file.start();
        file.setState("", text());
        file.stop();
        Files.createSymbolicLink(folder.resolve("checkpoint.rump-lock"), folder.resolve("none yet"));

        assertThatThrownBy(() -> file().start()).hasMessageContaining("cannot be locked: ");

        assertThat(victim).hasContent("dear diary");
        assertThat(path()).isRegularFile().content().isEqualTo(text());
        assertThat(folder.resolve("none yet")).doesNotExist();
    }

    // --- locks ---

    @Test
    void oneRunAtATimeUsesIt() throws IOException {
        CheckpointFile first = file();
        first.start();
        assertThatThrownBy(() -> file().start())
                .isInstanceOfSatisfying(CheckpointInUseException.class, locked -> assertThat(locked.expiryMillis())
                        .as("this process is alive")
                        .isZero());
        first.stop();

        CheckpointFile next = file();
        next.start();
        next.stop();
    }

    @Test
    void theLockOfAProcessThatIsGoneIsTakenOver() throws IOException {
        Path lock = Files.writeString(folder.resolve("checkpoint.rump-lock"), "rump, process 999999999\n");
        CheckpointFile file = file();
        file.start();
        file.stop();

        assertThat(lock).doesNotExist();
    }

    @Test
    void anotherFileInThePlaceOfTheLockIsLeftAlone() throws IOException {
        Path lock = Files.writeString(folder.resolve("checkpoint.rump-lock"), "{\"packages\": 1}");

        assertThatThrownBy(() -> file().start()).hasMessageContaining("is no lock of rump");

        assertThat(lock).hasContent("{\"packages\": 1}");
    }

    @Test
    void aLockThatIsRenewedMeanwhileIsThatOfARunThatIsAlive() throws InterruptedException {
        LockWait wait = new LockWait("checkpoint", true);
        wait.await(new CheckpointInUseException("in use", 27_000));
        wait.await(new CheckpointInUseException("in use", 26_800));

        assertThatThrownBy(() -> wait.await(new CheckpointInUseException("in use", 30_000)))
                .hasMessage("in use");
        assertThatThrownBy(() -> new LockWait("checkpoint", false).await(new CheckpointInUseException("in use", 1)))
                .hasMessage("in use");
        assertThatThrownBy(() -> new LockWait("checkpoint", true).await(new CheckpointInUseException("in use", 0)))
                .hasMessage("in use");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }
}
