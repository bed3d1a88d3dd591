package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** A comparison writes what repair and prune allow, and nothing else. */
class CompareRepairIT extends CompareFixture {
    @Test
    void functionsAreComparedAndRepairedWhereTheyAreWanted() {
        String code = "#!lua name=%s\nredis.register_function('%s', function() return '%s' end)";
        atSource.functionLoad(code.formatted("one", "f", "one"));
        atSource.functionLoad(code.formatted("two", "g", "two"));
        atTarget.functionLoad(code.formatted("one", "f", "other"));
        atTarget.functionLoad(code.formatted("theirs", "h", "theirs"));
        CommandRun check = CommandRun.of("check", "-from", uri(source), "-to", uri(target), "--functions");
        assertThat(check.out()).contains("the source has 2 libraries");

        CommandRun run = compare("--functions");

        assertThat(run.exitCode()).isEqualTo(5);
        assertThat(run.out())
                .contains("differing 3: missing 1, extra 1, type 0, value 1")
                .contains("\"two\": only the source has this function library");

        atTarget.functionDelete("theirs");
        assertThat(compare("--functions", "--repair").exitCode()).isZero();
        assertThat(compare("--functions").exitCode()).isZero();

        atTarget.functionDelete("two");
        atTarget.functionLoad(code.formatted("theirs", "g", "theirs"));
        CommandRun collision = CommandRun.of("check", "-from", uri(source), "-to", uri(target), "--functions");
        assertThat(collision.exitCode()).isEqualTo(4);
        assertThat(collision.out()).contains("has the function g in its library theirs");
    }

    @Test
    void nothingIsWrittenUnlessAsked() {
        differInEveryWay();
        String digest = digest(atTarget);
        String sourceDigest = digest(atSource);
        atSource.configResetStat();
        atTarget.configResetStat();

        for (String flag : List.of("--repair=false", "--dry-run", "--prune=false")) {
            assertThat(compare("--rounds=1", flag).exitCode()).isEqualTo(5);
        }
        CommandRun dry = compare("--rounds=1", "--repair", "--prune", "--dry-run");

        assertThat(dry.out()).contains("dry run: --repair would copy 3 again, --prune would delete 1");
        assertThat(dry.exitCode()).isEqualTo(5);
        assertThat(digest(atTarget)).isEqualTo(digest);
        assertThat(digest(atSource)).isEqualTo(sourceDigest);
        for (RedisServer server : List.of(source, target)) {
            assertThat(commands(server)).contains("dump").doesNotContain("restore", "del", "unlink", "set");
        }
    }

    @Test
    void repairCopiesAgainAndPruneDeletesAndEachLeavesTheOthersWork() {
        differInEveryWay();

        CommandRun repaired = compare("--repair", "--rounds=1");

        assertThat(repaired.out()).contains("repaired 3, deleted 0");
        assertThat(differing(repaired)).containsExactly("extra \"extra\"");
        CommandRun pruned = compare("--prune", "--rounds=2");
        assertThat(pruned.out()).contains("EQUAL: ").contains("repaired 0, deleted 1");
        assertThat(pruned.exitCode()).isZero();
        assertThat(atSource.dbSize()).isEqualTo(50);
    }

    @Test
    void valuesThatNoPayloadCanCarryAreRepairedByCommands() {
        start(RedisServers.usual(), RedisServers.version("redis-6.2"));
        atSource.hset("hash", Map.of("f", "v", "g", "w"));
        atSource.zadd("scores", 1.5, "member");
        atSource.pexpire("scores", 3_600_000);
        atSource.rpush("list", "a", "b");
        atTarget.hset("hash", "f", "another");

        CommandRun run = compare("--repair", "--rounds=1");

        assertThat(run.out()).contains("EQUAL: ", "repaired 3, deleted 0");
        assertThat(run.exitCode()).isZero();
        assertThat(atTarget.hgetAll("hash")).isEqualTo(Map.of("f", "v", "g", "w"));
        assertThat(atTarget.pttl("scores")).isBetween(3_590_000L, 3_600_000L);
        assertThat(atTarget.dbSize()).isEqualTo(3);
    }

    @Test
    void aKeyThatCannotBeRepairedStaysADifference() {
        assumeThat(RedisServers.find("redis-8.0")).isPresent();
        start(RedisServers.version("redis-8.0"), RedisServers.usual());
        atSource.hset("k", "f", "v");
        atSource.hpexpire("k", 3_600_000, "f");

        CommandRun run = compare("--repair", "--rounds=1");

        assertThat(differing(run)).containsExactly("missing \"k\"");
        assertThat(run.out()).contains("it could not be repaired: ");
        assertThat(run.exitCode()).isEqualTo(5);
    }

    /** The commands that the server has run since its statistics began. */
    private static List<String> commands(RedisServer server) {
        return commandStatistics(server)
                .map(line -> line.replaceAll("cmdstat_([^:]*):.*", "$1"))
                .toList();
    }

    private static String digest(Jedis jedis) {
        return new String((byte[]) jedis.sendCommand(() -> bytes("DEBUG"), "DIGEST"), StandardCharsets.US_ASCII);
    }
}
