package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** What cannot be read, understood or decided is said in one line, and costs no other key. */
class BadInputIT {
    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @TempDir
    Path folder;

    // --- payloads ---

    @Test
    void aPayloadDamagedInTransitToTheTargetIsReadAgain() {
        fillWithALargeValue();
        try (FaultyProxy proxy = new FaultyProxy(PAIR.target())) {
            proxy.flipAfter(FaultyProxy.Direction.TO_SERVER, 1_000_000);

            assertAllArrives(migrate(PAIR.from(), uri(proxy)));
        }
    }

    @Test
    void aPayloadDamagedInTransitFromTheSourceIsReadAgain() {
        fillWithALargeValue();
        try (FaultyProxy proxy = new FaultyProxy(PAIR.source())) {
            proxy.flipAfter(FaultyProxy.Direction.TO_CLIENT, 1_000_000);

            assertAllArrives(migrate(uri(proxy), PAIR.to()));
        }
    }

    private static void fillWithALargeValue() {
        SampleData.fillStrings(PAIR.atSource(), 100, 10);
        PAIR.atSource().set("large".getBytes(StandardCharsets.US_ASCII), SampleData.noise(2_000_000));
    }

    private static void assertAllArrives(CommandRun run) {
        assertThat(run.out()).contains("restored 101", "refused 0");
        assertThat(run.exitCode()).isZero();
        assertThat(CommandRun.of("compare", "-from", PAIR.from(), "-to", PAIR.to())
                        .exitCode())
                .isZero();
    }

    // --- what does not go together ---

    @Test
    void resumingBesideForeignKeysIsWrongUsage() {
        SampleData.fillStrings(PAIR.atSource(), 100, 10);
        String known = PAIR.atSource().randomKey();
        PAIR.atTarget().set(known, "of another's");
        String checkpoint = "--checkpoint=" + folder.resolve("checkpoint");
        assertThat(migrate(PAIR.from(), PAIR.to(), checkpoint, "--on-conflict=fail")
                        .exitCode())
                .isEqualTo(1);

        CommandRun resumed = migrate(PAIR.from(), PAIR.to(), checkpoint, "--on-conflict=fail", "--resume");

        assertThat(resumed.err()).contains("was not empty when the run began");
        assertThat(resumed.exitCode()).isEqualTo(2);
        assertThat(migrate(PAIR.from(), PAIR.to(), checkpoint, "--restart-scan").exitCode())
                .isZero();
    }

    @Test
    void theSummaryNamesTheCheckpointThatALaterRunCanResumeAndNoOther() throws Exception {
        SampleData.fillStrings(PAIR.atSource(), 100, 10);
        PAIR.atTarget().set(PAIR.atSource().randomKey(), "of another's");
        Path checkpoint = folder.resolve("checkpoint");

        assertThat(checkpointAfter(1, "--on-conflict=fail")).isEqualTo(checkpoint.toString());
        // neither resumed nor restarted
        assertThat(checkpointAfter(1)).isEqualTo(checkpoint.toString());
        assertThat(checkpointAfter(1, "--resume", "--match=other:*")).isNull();
        Files.writeString(checkpoint, "something else");
        assertThat(checkpointAfter(2, "--resume")).isNull();
    }

    /** Where the summary of a migration that ends so says that a later one can resume; null if nowhere. */
    private @Nullable String checkpointAfter(int exitCode, String... flags) throws Exception {
        Path json = folder.resolve("json");
        List<String> all = new ArrayList<>(List.of("--checkpoint=" + folder.resolve("checkpoint"), "--json=" + json));
        all.addAll(List.of(flags));
        CommandRun run = migrate(PAIR.from(), PAIR.to(), all.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
        return SummarySchema.valid(Files.readString(json)).path("checkpoint").textValue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--db=x",
                "--db=1.5",
                "--db=0,,1",
                "--db=99999999999",
                "--map-db=a=b",
                "--map-db=1=2=3",
                "--map-db=0=99999999999",
                "--map-db=0=1,7=2"
            })
    void aDatabaseThatIsNoneIsWrongUsageBeforeAnyServerIsAsked(String flag) {
        String option = flag.startsWith("--db") ? "db=" : "mapDb=";
        for (CommandRun run : List.of(
                migrate(PAIR.from(), PAIR.to(), flag),
                CommandRun.of("check", "-from", PAIR.from(), "-to", PAIR.to(), flag),
                CommandRun.of("compare", "-from", PAIR.from(), "-to", PAIR.to(), flag))) {
            assertThat(run.err())
                    .startsWith("rump: " + option)
                    .contains(": it must be ")
                    .doesNotContain(" at ");
            assertThat(run.exitCode()).isEqualTo(2);
        }
    }

    // --- keys that change ---

    @Test
    void aKeyThatChangesItsTypeAllTheTimeEndsNoRun() throws Exception {
        SampleData.fillMixed(PAIR.atSource(), 500);
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> changeType(stop));
        try {
            for (String types : List.of("string,set", "list", "all")) {
                CommandRun copied = migrate(PAIR.from(), PAIR.to(), "--type", types, "--scan-count=10");
                assertThat(copied.err()).doesNotContain("rump:");
                assertThat(copied.exitCode()).isZero();
            }
            CommandRun compared =
                    CommandRun.of("compare", "-from", PAIR.from(), "-to", PAIR.to(), "--rounds=2", "--scan-count=10");
            assertThat(compared.err()).doesNotContain("rump:");
            // the key itself may be caught in any state
            assertThat(compared.exitCode()).isIn(0, 5);
            assertThat(compared.out().lines().filter(line -> line.matches("(missing|extra|type|value|expiry) .*")))
                    .allSatisfy(line -> assertThat(line).contains("\"changing\""));
        } finally {
            stop.set(true);
            writer.join();
        }
        assertThat(PAIR.atTarget().dbSize()).isEqualTo(501);
    }

    private static void changeType(AtomicBoolean stop) {
        try (Jedis jedis = PAIR.source().jedis()) {
            while (!stop.get()) {
                var change = jedis.multi();
                change.del("changing");
                change.rpush("changing", "a", "b");
                change.exec();
                jedis.set("changing", "text");
                change = jedis.multi();
                change.del("changing");
                change.sadd("changing", "a", "b", "c");
                change.exec();
            }
        }
    }

    // --- files ---

    @Test
    void anUnreadableFileOfKeysIsNamedBeforeAnyKeyIsCopied() throws IOException {
        PAIR.atSource().set("good", "v");
        Path broken = Files.writeString(folder.resolve("broken"), "good\n\"open\n");

        assertUsage(
                migrate(PAIR.from(), PAIR.to(), "--keys-from", folder + "/none"), "/none cannot be read: no such file");
        assertUsage(migrate(PAIR.from(), PAIR.to(), "--keys-from", "" + folder), " cannot be read: Is a directory");
        assertUsage(migrate(PAIR.from(), PAIR.to(), "--keys-from", broken + "/below"), "/below: Not a directory");
        assertUsage(migrate(PAIR.from(), PAIR.to(), "--keys-from", "" + broken), "line 2 begins with a quote");
        assertThat(PAIR.atTarget().dbSize()).isZero();
    }

    private static void assertUsage(CommandRun run, String message) {
        assertThat(run.err()).startsWith("rump: keysFrom=").contains(message).hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(2);
    }

    // --- regular expressions ---

    @ParameterizedTest
    @ValueSource(strings = {"--include-regex=(.*a){20}", "--exclude-regex=(.*a){20}", "--rename=(.*a){20}=$1"})
    void aRegularExpressionThatWouldNotEndIsNamedWithItsKey(String flag) {
        SampleData.fillStrings(PAIR.atSource(), 100, 10);
        PAIR.atSource().set("a".repeat(50) + "!", "v");

        CommandRun run = migrate(PAIR.from(), PAIR.to(), flag);

        assertThat(run.err())
                .startsWith("rump: Source: The regular expression (.*a){20} takes too long on the key \"aaaaa")
                .hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(migrate(PAIR.from(), PAIR.to(), flag, "--exclude-key=aaaa*").exitCode())
                .isZero();
    }

    private static CommandRun migrate(String from, String to, String... more) {
        return CommandRun.of(Stream.concat(Stream.of("-from", from, "-to", to), Stream.of(more))
                .toArray(String[]::new));
    }

    private static String uri(FaultyProxy proxy) {
        return "redis://127.0.0.1:" + proxy.port();
    }
}
