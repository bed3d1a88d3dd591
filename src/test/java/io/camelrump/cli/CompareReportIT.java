package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Output, files and exit codes of a comparison, also where servers refuse it or fail. */
class CompareReportIT extends CompareFixture {
    @TempDir
    Path folder;

    @Test
    void differencesAreWrittenAsJsonAndAsLines() throws IOException {
        differInEveryWay();
        Path json = folder.resolve("differences.json");
        Path lines = folder.resolve("differences.txt");

        CommandRun run = compare("--json", json.toString(), "--failed-keys", lines.toString(), "-silent");

        assertThat(run).isEqualTo(new CommandRun(5, "", ""));
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        assertThat(report.path("result").asText()).isEqualTo("DIFFERENT");
        assertThat(report.path("exitCode").asInt()).isEqualTo(5);
        assertThat(report.path("compared").asLong()).isEqualTo(50);
        assertThat(report.path("lookedUp").asLong()).isEqualTo(50);
        assertThat(report.path("differing").asLong()).isEqualTo(4);
        assertThat(report.path("causes").path("value").asLong()).isEqualTo(1);
        assertThat(StreamSupport.stream(report.path("differences").spliterator(), false)
                        .map(difference -> difference.path("cause").asText() + " "
                                + difference.path("key").asText()))
                .containsExactlyInAnyOrder(
                        "extra \"extra\"", "missing \"mixed:1\"", "value \"mixed:2\"", "expiry \"mixed:10\"");
        assertThat(Files.readAllLines(lines))
                .containsExactlyInAnyOrder(
                        "\"extra\"\textra: only the target has it",
                        "\"mixed:1\"\tmissing: only the source has it",
                        "\"mixed:2\"\tvalue: holds another set",
                        "\"mixed:10\"\texpiry: never expires at the target");
    }

    @Test
    void verifyComparesAfterTheMigrationAndItsEndCounts() throws IOException {
        SampleData.fillMixed(atSource, 100);
        Path json = folder.resolve("run.json");

        CommandRun equal = CommandRun.of("-from", uri(source), "-to", uri(target), "--verify", "--json", "" + json);

        assertThat(equal.out()).contains("COMPLETE: 100 keys", "EQUAL: 100 keys of the source compared");
        assertThat(equal.exitCode()).isZero();
        assertThat(new ObjectMapper()
                        .readTree(json.toFile())
                        .at("/comparison/result")
                        .asText())
                .isEqualTo("EQUAL");

        atTarget.set("mixed:0", "foreign");
        atTarget.set("extra", "v");
        CommandRun different = CommandRun.of(
                "-from", uri(source), "-to", uri(target), "--on-conflict=keep", "--verify", "--json", "" + json);

        assertThat(different.out()).contains("COMPLETE: 100 keys", "DIFFERENT: ", "kept 1: ", "extra \"extra\"");
        assertThat(different.exitCode()).isEqualTo(5);
        JsonNode summary = new ObjectMapper().readTree(json.toFile());
        assertThat(summary.path("result").asText()).isEqualTo("DIFFERENT");
        assertThat(summary.path("exitName").asText()).isEqualTo("DIFFERENT");
        assertThat(summary.path("exitCode").asInt()).isEqualTo(5);
        assertThat(summary.at("/comparison/differing").asLong()).isEqualTo(1);
    }

    @Test
    void flagsOfTheOtherCommandAreRefused() {
        for (String flag : List.of("--on-conflict=keep", "--batch-keys=5", "--wait-replicas=1", "--verify")) {
            CommandRun run = compare(flag);
            assertThat(run.err()).startsWith("rump: ").contains(flag.split("=")[0]);
            assertThat(run.exitCode()).isEqualTo(2);
        }
        for (String flag : List.of("--repair", "--prune", "--rounds=2")) {
            CommandRun run = CommandRun.of("-from", uri(source), "-to", uri(target), flag);
            assertThat(run.err()).contains("add --verify");
            assertThat(run.exitCode()).isEqualTo(2);
        }
    }

    @Test
    void aWrongPasswordIsOneLineWithoutIt() {
        use(
                servers.start(RedisServers.usual(), "--requirepass", "right"),
                servers.start(RedisServers.usual(), "--requirepass", "right"));
        String right = "redis://:right@127.0.0.1:";
        String wrong = "redis://:s3cret@127.0.0.1:";

        for (CommandRun run : List.of(
                CommandRun.of("compare", "-from", wrong + source.port(), "-to", right + target.port()),
                CommandRun.of("compare", "-from", right + source.port(), "-to", wrong + target.port()))) {
            assertThat(run.err())
                    .startsWith("rump: 127.0.0.1:")
                    .contains("WRONGPASS")
                    .hasLineCount(1);
            assertThat(run.out() + run.err()).doesNotContain("s3cret", "right", "Exception", "\tat ");
            assertThat(run.exitCode()).isEqualTo(1);
        }
        assertThat(CommandRun.of("compare", "-from", right + source.port(), "-to", right + target.port())
                        .exitCode())
                .isZero();
    }

    @Test
    void aMissingRightIsNamed() {
        start(RedisServers.version("redis-6.2"), RedisServers.usual());
        atSource.hset("h", "f", "v");
        migrate();
        atTarget.hset("h", "f", "w");
        atSource.aclSetUser("reader", "on", ">pw", "~*", "+scan", "+dump", "+pttl", "+time", "+type", "+ping", "+hlen");

        CommandRun run =
                CommandRun.of("compare", "-from", "redis://reader:pw@127.0.0.1:" + source.port(), "-to", uri(target));

        assertThat(run.err())
                .contains("Add the rule +hscan to the ACL of this user")
                .doesNotContain("pw@");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    @Tag("long")
    void cutConnectionsChangeNothing() {
        SampleData.fillMixed(atSource, 20_000);
        migrate();
        atTarget.set("extra", "v");
        atTarget.del("mixed:19999");
        try (FaultyProxy from = new FaultyProxy(source);
                FaultyProxy to = new FaultyProxy(target)) {
            from.cutAfter(FaultyProxy.Direction.TO_CLIENT, 300_000);
            to.cutAfter(FaultyProxy.Direction.TO_CLIENT, 500_000);

            CommandRun run = CommandRun.of(
                    "compare",
                    "-from",
                    "redis://127.0.0.1:" + from.port(),
                    "-to",
                    "redis://127.0.0.1:" + to.port(),
                    "--scan-count",
                    "100");

            assertThat(differing(run)).containsExactlyInAnyOrder("extra \"extra\"", "missing \"mixed:19999\"");
            assertThat(run.exitCode()).isEqualTo(5);
        }
    }

    @Test
    @Tag("long")
    void aTargetThatComesBackEmptyIsComparedAgainFromTheBeginning() {
        use(servers.start(), servers.start());
        SampleData.fillMixed(atSource, 3_000);
        migrate();
        try (FaultyProxy to = new FaultyProxy(target).delay(2)) {
            CompletableFuture<CommandRun> run = CompletableFuture.supplyAsync(() -> CommandRun.of(
                    "compare",
                    "-from",
                    uri(source),
                    "-to",
                    "redis://127.0.0.1:" + to.port(),
                    "--scan-count",
                    "10",
                    "--rounds",
                    "1"));
            long looks = calls(target, "dump") + 1_000;
            Awaitility.await().until(() -> calls(target, "dump") >= looks);
            target.kill9();
            target.restart(false);

            assertThat(run.join().out()).contains("differing 3,000: missing 3,000");
        }
    }
}
