package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** A check of what a way back would meet. */
class WayBackCheckIT extends CheckFixture {
    private static final String[] FLAGS = {"--live", "--way-back"};

    @Test
    void serversOfOneVersionLeadBackAllThatTheyTake() {
        CommandRun run = check(servers.start(), servers.start(), FLAGS);

        assertThat(line(run, "way back: values")).contains("the new server holds none yet");
        assertThat(line(run, "way back target permissions")).startsWith("yes ");
        assertThat(run.out()).contains("\nREADY");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void valuesThatTheFormerSourceCannotTakeAreNamedBeforeAndAfter() {
        RedisServers.Version newer = RedisServers.find("redis-8.0").orElse(null);
        assumeThat(newer).as("a version whose fields expire").isNotNull();
        RedisServer source = servers.start(RedisServers.version("redis-7.0"));
        RedisServer target = servers.start(newer);

        CommandRun before = check(source, target, FLAGS);
        try (Jedis jedis = target.jedis()) {
            jedis.hset("brief", Map.of("field", "value"));
            jedis.hexpire("brief", 1_000, "field");
            jedis.set("string", "value");
        }
        CommandRun after = check(source, target, "--live", "--way-back", "--resume", "--checkpoint=of.it");
        CommandRun giving =
                check(source, target, "--live", "--way-back", "--resume", "--checkpoint=of.it", "--drop-field-ttl");

        assertThat(line(before, "way back: hashes whose fields expire")).startsWith("note ");
        assertThat(line(before, "way back: modules")).contains("vectorset");
        assertThat(before.exitCode()).isZero();
        assertThat(line(after, "way back: hash with expiring fields, form 25 of version 12"))
                .startsWith("no ")
                .contains("as of brief");
        assertThat(after.exitCode()).isEqualTo(4);
        assertThat(line(giving, "way back: values")).startsWith("yes ");
        assertThat(giving.exitCode()).isZero();
    }

    @Test
    void aTargetThatHoldsKeysIsNotReadyForIt() {
        RedisServer target = servers.start();
        try (Jedis jedis = target.jedis()) {
            jedis.set("its own", "value");
        }

        CommandRun run = check(servers.start(), target, FLAGS);

        assertThat(line(run, "way back")).startsWith("no ").contains("the target holds 1 keys");
        assertThat(run.exitCode()).isEqualTo(4);
    }

    @Test
    void aUserOfTheFormerSourceWhoMayNotWriteThereIsNotReadyForIt() {
        RedisServer source = servers.start();
        try (Jedis jedis = source.jedis()) {
            jedis.aclSetUser("reader", "reset", "on", ">secret", "~*", "&*", "+@all", "-restore");
        }

        CommandRun run = CommandRun.of(
                "check",
                "-from=redis://reader:secret@127.0.0.1:" + source.port(),
                "-to=" + uri(servers.start()),
                "--live",
                "--way-back");

        assertThat(line(run, "way back target +restore")).startsWith("no ");
        assertThat(run.exitCode()).isEqualTo(4);
    }

    @Test
    void flagsThatCannotBeReadBackwardsAreWrongUsage() {
        CommandRun run = check(servers.start(), servers.start(), "--live", "--way-back", "--max-ttl=1m");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--way-back cannot undo --max-ttl");
    }
}
