package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code --json} and {@code --failed-keys} write, and that no other file is harmed. */
class FilesIT {
    private static final String NOWHERE = "redis://127.0.0.1:1";
    private static final String OLD = "an older file";

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @TempDir
    Path folder;

    @AfterEach
    void takeLargeValuesAgain() {
        PAIR.atTarget().configSet("proto-max-bulk-len", "512mb");
    }

    // --- what a path leads to ---

    @ParameterizedTest
    @ValueSource(strings = {"--json", "--failed-keys"})
    void aDeviceIsWrittenToAndStaysADevice(String flag) throws Exception {
        Path device = device();
        fillWithOneRefusal();

        CommandRun run = migrate(flag, device.toString());

        assertThat(run.exitCode()).as(run.err()).isEqualTo(6);
        assertThat(isOther(device)).isTrue();
        assertThat(files()).containsExactly(device);
    }

    @Test
    void aPipeGetsTheDocumentOfTheEndAndStaysAPipe() throws Exception {
        Path json = pipe("json");
        Path failed = pipe("failed");
        fillWithOneRefusal();
        CompletableFuture<String> document = read(json);
        CompletableFuture<String> lines = read(failed);

        CommandRun run = migrate("--verify", "--json", "" + json, "--failed-keys", "" + failed);

        assertThat(run.exitCode()).as(run.err()).isEqualTo(5);
        assertThat(SummarySchema.valid(document.join()).path("result").asText()).isEqualTo("DIFFERENT");
        assertThat(lines.join().lines()).hasSize(2).allMatch(line -> line.startsWith("\"large\"\t"));
        assertThat(isOther(json) && isOther(failed)).isTrue();
    }

    @Test
    void aLinkIsFollowedAndTheModeOfTheFileIsKept() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path json = Files.writeString(elsewhere.resolve("json"), OLD);
        Files.setPosixFilePermissions(json, PosixFilePermissions.fromString("rw-r-----"));
        Path toJson = Files.createSymbolicLink(folder.resolve("json"), Path.of("elsewhere/json"));
        Path toFailed = Files.createSymbolicLink(folder.resolve("failed"), elsewhere.resolve("none yet"));
        fillWithOneRefusal();

        migrate("--json", "" + toJson, "--failed-keys", "" + toFailed);

        assertThat(toJson).isSymbolicLink();
        assertThat(toFailed).isSymbolicLink();
        assertThat(SummarySchema.valid(Files.readString(json)).path("exitCode").asInt())
                .isEqualTo(6);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(json)))
                .isEqualTo("rw-r-----");
        assertThat(elsewhere.resolve("none yet")).isRegularFile();
        try (Stream<Path> all = Files.list(elsewhere)) {
            assertThat(all).hasSize(2);
        }
    }

    @Test
    void aDashIsStandardOutputAndTextsMakeRoom() throws Exception {
        fillWithOneRefusal();

        CommandRun document = migrate("--json", "-");
        CommandRun lines = migrate("--failed-keys", "-");

        assertThat(SummarySchema.valid(document.out()).path("result").asText()).isEqualTo("REFUSED");
        assertThat(document.err()).contains("FINISHED, BUT NOT WITH EVERY KEY");
        assertThat(lines.out().lines()).singleElement().asString().startsWith("\"large\"\t");
        assertThat(lines.err()).contains("FINISHED, BUT NOT WITH EVERY KEY");
        assertThat(files()).isEmpty();
    }

    @Test
    void standardOutputByItsPathIsNotReplacedWhereItIsAFile() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("out"), Path.of("/proc/self/fd/1"));
        PAIR.atSource().set("a", "b");
        try (RumpProcess process =
                RumpProcess.between(PAIR.source(), PAIR.target(), List.of(), "--silent", "--json", "" + link)) {
            assertThat(process.exitCode(60)).as(process.output()).isZero();

            assertThat(SummarySchema.valid(process.out()).path("result").asText())
                    .isEqualTo("COMPLETE");
        }
        assertThat(link).isSymbolicLink();
    }

    @Test
    void aFolderAndAPathThatCannotBeWrittenAreFoundBeforeTheFirstKey() throws Exception {
        PAIR.atSource().set("a", "b");
        Path loop = Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        Path file = Files.writeString(folder.resolve("file"), OLD);
        for (String flag : List.of("--json", "--failed-keys")) {
            assertUnwritable(flag, folder, "it is a folder");
            assertUnwritable(flag, file.resolve("below"), "no folder: " + file);
            assertUnwritable(flag, loop, "its links lead back to themselves");
            assertUnwritable(flag, folder.resolve("none/file"), "no such file or folder: " + folder.resolve("none"));
        }
        assertThat(PAIR.atTarget().dbSize()).isZero();
        assertThat(files()).containsExactlyInAnyOrder(loop, file);
    }

    private static void assertUnwritable(String flag, Path path, String reason) {
        CommandRun run = migrate(flag, path.toString());
        assertThat(run.err())
                .startsWith("rump: " + flag + " " + path + " cannot be written: " + reason)
                .doesNotContain("Exception");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void aFullDiskUnderTheListIsSaidAndLeavesTheExitCode() throws Exception {
        Path full = device();
        fillWithOneRefusal();

        CommandRun run = migrate("--verify", "--failed-keys", "" + full, "--json", "-");

        assertThat(run.err()).contains("--failed-keys " + full + " is not whole: No space left on device");
        assertThat(run.exitCode()).isEqualTo(5);
        assertThat(SummarySchema.valid(run.out()).path("error").asText()).contains("is not whole");
    }

    // --- one path, one purpose ---

    @Test
    void onePathForTwoPurposesIsRefusedAndUntouched() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), OLD);
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        Path hard = Files.createLink(folder.resolve("hard"), file);
        for (List<String> flags : List.of(
                List.of("--json", "" + hard, "--failed-keys", "" + file),
                List.of("--json", "" + file, "--failed-keys", "" + link),
                List.of("--json", "" + link, "--keys-from", "" + file),
                List.of("--checkpoint", folder + "/../" + folder.getFileName() + "/file", "--json", "" + file),
                List.of("--failed-keys", "" + file, "--from-password-file", "" + file),
                List.of("--live", "--cutover-file", "" + file, "--json=" + file),
                List.of("--json", "-", "--failed-keys", "-"))) {
            CommandRun run = migrate(flags.toArray(String[]::new));

            assertThat(run.err()).startsWith("rump: --").contains(" name the same file ");
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.out()).isEmpty();
        }
        assertThat(file).hasContent(OLD);
        assertThat(files()).containsExactlyInAnyOrder(file, link, hard);
    }

    @Test
    void aListIsReadToItsEndBeforeTheNextOneTakesItsPlace() throws Exception {
        fillWithOneRefusal();
        PAIR.atSource().set("b", "2");
        Path list = Files.writeString(folder.resolve("list"), "\"a\"\tan older cause\n\"large\"\n\"b\"\n");

        CommandRun run = migrate("--keys-from", "" + list, "--failed-keys", "" + list, "--verify");

        assertThat(run.out()).contains("restored 2", "refused 1", "3 keys of the source compared");
        assertThat(Files.readAllLines(list)).hasSize(2).allMatch(line -> line.startsWith("\"large\"\t"));
        assertThat(files()).containsExactly(list);
    }

    @Test
    void anOlderListStandsUntilTheRunHasReadSomething() throws Exception {
        Path list = Files.writeString(folder.resolve("list"), OLD);

        CommandRun failed =
                CommandRun.of("-from", NOWHERE, "-to", NOWHERE, "--retry-for=0s", "--failed-keys", "" + list);
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(list).hasContent(OLD);

        PAIR.atSource().set("a", "b");
        assertThat(migrate("--failed-keys", "" + list).exitCode()).isZero();
        assertThat(list).isEmptyFile();
        assertThat(files()).containsExactly(list);
    }

    @Test
    void aFileThatIsNoCheckpointIsLeftAlone() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), OLD);
        for (String flag : List.of("--restart-scan", "--resume")) {
            CommandRun run = migrate("--checkpoint", "" + file, flag);

            assertThat(run.err())
                    .contains("holds something other than a checkpoint")
                    .doesNotContain("Exception");
            assertThat(run.exitCode()).isEqualTo(2);
        }
        assertThat(file).hasContent(OLD);
        assertThat(files()).containsExactly(file);
    }

    @Test
    void aPathThatCannotHoldACheckpointIsFoundBeforeTheFirstKey() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), OLD);
        PAIR.atSource().set("a", "b");
        Map<Path, String> reasons = Map.of(
                folder,
                "is no regular file",
                file.resolve("below"),
                "cannot be written: no folder: " + file,
                folder.resolve("none/file"),
                "cannot be written: no such file or folder: " + folder + "/none");
        reasons.forEach((path, reason) -> {
            for (String flag : List.of("--restart-scan", "--resume")) {
                CommandRun run = migrate("--checkpoint", "" + path, flag);

                assertThat(run.err())
                        .contains("checkpoint=" + path + " " + reason)
                        .doesNotContain("Exception");
                assertThat(run.exitCode()).as("" + path).isEqualTo(2);
            }
        });
        assertThat(PAIR.atTarget().dbSize()).isZero();
        assertThat(file).hasContent(OLD);
        assertThat(files()).containsExactly(file);
    }

    /** One key is refused, as it is longer than the target takes. */
    private static void fillWithOneRefusal() {
        PAIR.atTarget().configSet("proto-max-bulk-len", "1048576");
        PAIR.atSource().set("large".getBytes(), SampleData.noise(1_100_000));
        PAIR.atSource().set("a", "1");
    }

    private static CommandRun migrate(String... more) {
        return CommandRun.of(words(List.of("-from", PAIR.from(), "-to", PAIR.to()), more));
    }

    private static String[] words(List<String> first, String... more) {
        return words(first, List.of(), more);
    }

    private static String[] words(List<String> first, List<String> second, String... more) {
        List<String> words = new ArrayList<>(first);
        words.addAll(second);
        words.addAll(List.of(more));
        return words.toArray(String[]::new);
    }

    /** A device of its own that is always full; who may not make one cannot harm that of the machine either. */
    private Path device() throws Exception {
        Path device = folder.resolve("device");
        if (call("mknod", "" + device, "c", "1", "7") != 0) {
            Files.createSymbolicLink(device, Path.of("/dev/full"));
        }
        return device;
    }

    private Path pipe(String name) throws Exception {
        Path pipe = folder.resolve(name);
        assertThat(call("mkfifo", "" + pipe)).isZero();
        return pipe;
    }

    private static int call(String... words) throws Exception {
        return new ProcessBuilder(words).start().waitFor();
    }

    private static boolean isOther(Path path) throws IOException {
        return (boolean) Files.getAttribute(path, "isOther")
                && (Files.isSymbolicLink(path)
                        || (boolean) Files.getAttribute(path, "isOther", LinkOption.NOFOLLOW_LINKS));
    }

    private static CompletableFuture<String> read(Path pipe) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return Files.readString(pipe);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }
}
