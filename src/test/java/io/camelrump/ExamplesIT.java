package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.LargestKeys;
import io.camelrump.cli.EqualityProof;
import io.camelrump.fixtures.EveryKey;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** The route files under routes/ do what their first lines say. */
class ExamplesIT extends RouteFileFixture {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    private RedisServer source;
    private RedisServer target;
    private Jedis atSource;
    private Jedis atTarget;

    @BeforeEach
    void startServers() {
        source = servers.start();
        target = servers.start();
        atSource = source.jedis();
        atTarget = target.jedis();
        at("source", source);
        at("target", target);
        properties.setProperty("rump.source.scan-count", "100");
    }

    @AfterEach
    void disconnect() {
        atSource.close();
        atTarget.close();
    }

    @Test
    void migrateCopiesEveryKey() throws Exception {
        SampleData.fill(atSource, source.version());

        Counts counts = run("migrate");

        assertThat(counts.restored()).isEqualTo(atSource.dbSize());
        areEqual(atTarget);
    }

    @Test
    void keepSomeKeysCopiesOnlyThose() throws Exception {
        SampleData.fill(atSource, source.version());
        atSource.pexpire("expiring:10s", 3_600_000);
        atSource.set("user:1", "kept");
        atSource.hset("user:2", Map.of("name", "kept"));
        atSource.set("user:2:session", "excluded");
        atSource.rpush("user:3", "of another type");
        atSource.set("order:1", "of another name");
        atSource.set("user:4", randomText(2000));
        properties.setProperty("keep.max-size", "1kb");

        Counts counts = run("examples/keep-some-keys");

        assertThat(atTarget.keys("*")).containsExactlyInAnyOrder("user:1", "user:2");
        assertThat(counts.restored()).isEqualTo(2);
        assertThat(EveryKey.of(atSource, atTarget)
                        .named(key -> Set.of("user:1", "user:2").contains(key) ? key : null)
                        .check())
                .isEqualTo((int) (2 + counts.filtered()));
    }

    @Test
    void renameKeysGivesThemAnotherPrefix() throws Exception {
        SampleData.fill(atSource, source.version());
        atSource.pexpire("expiring:10s", 3_600_000);
        atSource.set("user:1", "a");
        atSource.psetex("user:2", 60_000, "b");

        run("examples/rename-keys");

        assertThat(atTarget.get("eu:user:1")).isEqualTo("a");
        EveryKey.of(atSource, atTarget)
                .named(key -> key.startsWith("user:") ? "eu:" + key : key)
                .check();
    }

    @Test
    void slowDownWritesNoFasterThanAllowed() throws Exception {
        SampleData.fillStrings(atSource, 900, 10);
        properties.setProperty("slow-down.keys-per-second", "600");
        long start = System.nanoTime();

        run("examples/slow-down");

        // the first fifth of a second is free
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1200));
        areEqual(atTarget);
    }

    @Test
    void copyToTwoTargetsFillsBoth() throws Exception {
        SampleData.fill(atSource, source.version());
        RedisServer second = servers.start();
        at("second", second);

        Counts counts = run("examples/copy-to-two-targets");

        assertThat(counts.restored()).isEqualTo(atSource.dbSize());
        areEqual(atTarget);
        try (Jedis atSecond = second.jedis()) {
            areEqual(atSecond);
        }
    }

    @Test
    void lookAtEachPageShowsEveryKeyToAProcessorOfOnesOwn() throws Exception {
        SampleData.fillStrings(atSource, 300, 10);
        for (int i = 0; i < 3; i++) {
            // random, since DUMP would compress anything else
            atSource.set("large:" + i, randomText(20_000));
        }
        properties.setProperty("page.processor", LargestKeys.class.getName());

        try (RouteRun run = start("examples/look-at-each-page")) {
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            LargestKeys seen = run.context().getRegistry().lookupByNameAndType("look-at-page", LargestKeys.class);
            assertThat(seen.large()).containsOnlyKeys("large:0", "large:1", "large:2");
        }
        areEqual(atTarget);
    }

    @ParameterizedTest
    @ValueSource(strings = {"keep-some-keys", "rename-keys", "slow-down", "copy-to-two-targets", "look-at-each-page"})
    void everyExampleTakesWhatPropertiesSay(String example) throws Exception {
        atSource.select(1);
        atTarget.select(3);
        atSource.psetex("user:1", 60_000, "a");
        atSource.set("user:2", "ours");
        String prefix = example.equals("rename-keys") ? "eu:user:" : "user:";
        atTarget.set(prefix + 2, "theirs");
        atSource.rpush("user:list", "of another type");
        atSource.set("order:1", "of another name");
        at("second", servers.start());
        properties.setProperty("page.processor", LargestKeys.class.getName());
        Map.of(
                        "rump.source.database", "1",
                        "rump.target.database", "3",
                        "rump.second.database", "3",
                        "rump.source.match", "user:*",
                        "rump.source.type", "string",
                        "camel.component.rump.on-conflict", "KEEP",
                        "camel.component.rump.ttl", "false")
                .forEach(properties::setProperty);

        Counts counts = run("examples/" + example);

        assertThat(counts.read()).isEqualTo(2);
        assertThat(atTarget.keys("*")).hasSize(2);
        assertThat(atTarget.get(prefix + 2)).isEqualTo("theirs");
        assertThat(atTarget.pttl(prefix + 1)).isEqualTo(-1);
    }

    private void areEqual(Jedis other) {
        assertThat(EqualityProof.compare(atSource, other, Duration.ofMillis(50)).differences())
                .isEmpty();
    }
}
