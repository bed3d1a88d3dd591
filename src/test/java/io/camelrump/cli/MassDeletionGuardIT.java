package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code --prune} deletes what went at the source, and no target whose source is another one, or lost its data. */
class MassDeletionGuardIT {
    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @TempDir
    Path folder;

    @Test
    void stopsBeforeTheFirstKeyWhereManyWouldGo() {
        SampleData.fillStrings(PAIR.atSource(), 500, 10);
        SampleData.fillStrings(PAIR.atTarget(), 500, 10);
        extra(101);

        CommandRun run = compare("--prune", "--rounds=1");

        assertThat(run.err())
                .startsWith("rump: Only the target has 101 of its 601 keys:")
                .contains("--allow-mass-delete")
                .hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(PAIR.atTarget().dbSize()).isEqualTo(601);
        CommandRun allowed = compare("--prune", "--rounds=1", "--allow-mass-delete");
        assertThat(allowed.out()).contains("EQUAL: ").contains("deleted 101");
        assertThat(PAIR.atTarget().dbSize()).isEqualTo(500);
    }

    @Test
    void aFewKeysGoHoweverSmallTheTargetIsAndATenthOfALargeOne() {
        PAIR.atSource().set("k", "v");
        PAIR.atTarget().set("k", "v");
        extra(100);
        assertThat(compare("--prune", "--rounds=1").out()).contains("deleted 100");

        SampleData.fillStrings(PAIR.atSource(), 1_100, 10);
        SampleData.fillStrings(PAIR.atTarget(), 1_100, 10);
        extra(110);
        assertThat(compare("--prune", "--rounds=1").out()).contains("EQUAL: ", "deleted 110");
    }

    @Test
    void nothingIsDeletedForAnEmptySource() {
        PAIR.atTarget().set("k", "v");

        CommandRun run = compare("--prune", "--rounds=1");

        assertThat(run.err()).contains("Only the target has 1 of its 1 keys, and the source has none");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(PAIR.atTarget().exists("k")).isTrue();
    }

    @Test
    void aFileOfKeysThatAnEmptySourceDoesNotHaveDeletesNothing() throws IOException {
        SampleData.fillStrings(PAIR.atTarget(), 300, 10);
        Path keys = Files.write(
                folder.resolve("keys.txt"),
                IntStream.range(0, 300).mapToObj(i -> "string:" + i).toList());

        CommandRun run = compare("--prune", "--rounds=1", "--keys-from", keys.toString());

        assertThat(run.err()).contains("Only the target has 300 of its 300 keys, and the source has none");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(PAIR.atTarget().dbSize()).isEqualTo(300);
    }

    @Test
    void everyDatabaseCounts() {
        PAIR.atSource().select(1);
        PAIR.atSource().set("k", "v");
        extra(101);

        CommandRun run = compare("--prune", "--rounds=1", "--db=all");

        assertThat(run.err()).contains("Only the target has 101 of its 101 keys:");
        assertThat(PAIR.atTarget().dbSize()).isEqualTo(101);
    }

    @Test
    void aDryRunNamesWhatWouldBeDeletedFirst() {
        SampleData.fillStrings(PAIR.atSource(), 50, 10);
        PAIR.atTarget().set("string:0", "changed");
        extra(3);

        CommandRun run = compare("--prune", "--dry-run", "--rounds=1");

        assertThat(run.out().lines().filter(line -> !line.matches("\\d+%.*")).skip(2))
                .startsWith("dry run: --repair would copy 50 again, --prune would delete 3")
                .element(1)
                .asString()
                .startsWith("extra \"extra:");
        assertThat(run.exitCode()).isEqualTo(5);
        assertThat(PAIR.atTarget().dbSize()).isEqualTo(4);
    }

    @Test
    void theFlagNeedsAComparison() {
        CommandRun run = CommandRun.of("-from", PAIR.from(), "-to", PAIR.to(), "--allow-mass-delete");

        assertThat(run.err()).contains("--allow-mass-delete", "add --verify");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    private static void extra(int keys) {
        IntStream.range(0, keys).forEach(i -> PAIR.atTarget().set("extra:" + i, "v"));
    }

    private static CommandRun compare(String... more) {
        return CommandRun.of(
                Stream.concat(Stream.of("compare", "-from", PAIR.from(), "-to", PAIR.to()), Stream.of(more))
                        .toArray(String[]::new));
    }
}
