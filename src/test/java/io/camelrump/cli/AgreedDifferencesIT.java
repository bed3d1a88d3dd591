package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** What a run was told to keep, or to let go, is no difference to the comparison after it. */
class AgreedDifferencesIT {
    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @TempDir
    Path folder;

    private static CommandRun run(String... flags) {
        return CommandRun.of(Stream.concat(Stream.of("-from", PAIR.from(), "-to", PAIR.to()), Stream.of(flags))
                .toArray(String[]::new));
    }

    // --- kept ---

    @Test
    void keptKeysAreCountedApartAndStayUnderRepair() throws IOException {
        Path json = folder.resolve("run.json");
        SampleData.fillMixed(PAIR.atSource(), 100);
        PAIR.atTarget().set("mixed:0", "foreign");
        PAIR.atTarget().set("mixed:1", "no list");
        PAIR.atTarget().set("mixed:5", PAIR.atSource().get("mixed:5"));
        PAIR.atTarget().expire("mixed:5", 100);

        CommandRun run = run("--on-conflict=keep", "--verify", "--repair", "--rounds=2", "--json", json.toString());

        assertThat(run.out())
                .contains("restored 97, kept 3")
                .contains("EQUAL: 100 keys of the source compared", "kept 3: the target's own values")
                .doesNotContain("repaired");
        assertThat(run.exitCode()).isZero();
        JsonNode comparison = new ObjectMapper().readTree(json.toFile()).path("comparison");
        assertThat(comparison.path("result").asText()).isEqualTo("EQUAL");
        assertThat(comparison.path("kept").asLong()).isEqualTo(3);
        assertThat(PAIR.atTarget().get("mixed:0")).isEqualTo("foreign");
        assertThat(PAIR.atTarget().get("mixed:1")).isEqualTo("no list");
        assertThat(PAIR.atTarget().ttl("mixed:5")).isBetween(1L, 100L);
        // a comparison by itself knows of no such run
        CommandRun alone = CommandRun.of("compare", "-from", PAIR.from(), "-to", PAIR.to(), "--rounds=1");
        assertThat(alone.out()).contains("differing 3: ");
    }

    @Test
    void bigKeysAndOtherDatabasesAreKeptToo() {
        PAIR.atSource().rpush("big", "x".repeat(70_000), "y".repeat(70_000));
        PAIR.atTarget().rpush("big", "another");
        PAIR.atSource().select(3);
        PAIR.atSource().set("k", "v");
        PAIR.atTarget().select(4);
        PAIR.atTarget().set("new:k", "another");

        CommandRun run = run(
                "--db=0,3",
                "--map-db=3=4",
                "--rename=k=new:k",
                "--big-key=64kb",
                "--on-conflict=keep",
                "--verify",
                "--repair",
                "--rounds=1");

        assertThat(run.out()).contains("restored 0, kept 2", "EQUAL: ", "kept 2: ");
        assertThat(run.exitCode()).isZero();
        assertThat(PAIR.atTarget().get("new:k")).isEqualTo("another");
    }

    // --- let go ---

    @Test
    void fieldsThatWereToStayAreCountedApart() {
        useFieldsThatExpire();
        Jedis source = PAIR.atSource();
        for (String key : new String[] {"hash", "changed"}) {
            source.hset(key, "stays", "1");
            source.hset(key, "expires", "2");
            source.hpexpire(key, 7_200_000, "expires");
        }

        CommandRun run = run("--drop-field-ttl", "--verify", "--rounds=1");

        assertThat(run.out())
                .contains("EQUAL: 2 keys of the source compared")
                .contains("reduced 2: equal except for data that the target cannot hold");
        assertThat(run.exitCode()).isZero();
        PAIR.atTarget().hset("changed", "expires", "3");
        PAIR.atTarget().del("hash");
        CommandRun different =
                CommandRun.of("compare", "-from", PAIR.from(), "-to", PAIR.to(), "--drop-field-ttl", "--rounds=1");
        assertThat(different.out()).contains("differing 2: missing 1, extra 0, type 0, value 1");
        CommandRun repaired = CommandRun.of(
                "compare", "-from", PAIR.from(), "-to", PAIR.to(), "--drop-field-ttl", "--repair", "--rounds=1");
        assertThat(repaired.out()).contains("EQUAL: ", "repaired 2", "reduced 2: ");
        assertThat(repaired.exitCode()).isZero();
    }

    @Test
    void aLiveRunThatLetsFieldsStayConverges() {
        useFieldsThatExpire();
        PAIR.atSource().hset("hash", "expires", "2");
        PAIR.atSource().hpexpire("hash", 7_200_000, "expires");

        CommandRun run = run("--drop-field-ttl", "--live", "--until-lag=5s", "--cutover-timeout=20s");

        assertThat(run.out()).contains("CONVERGED: ");
        assertThat(run.exitCode()).isZero();
    }

    private static void useFieldsThatExpire() {
        assumeThat(RedisServers.find("redis-8.0")).isPresent();
        PAIR.use(RedisServers.version("redis-8.0"), RedisServers.usual());
    }
}
