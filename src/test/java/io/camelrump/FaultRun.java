package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.cli.EqualityProof;
import java.time.Duration;
import org.awaitility.Awaitility;
import redis.clients.jedis.Jedis;

/** What the tests of faults share: a run that is slow enough to be hurt in the middle, and the proof at its end. */
final class FaultRun {
    static final int KEYS = 40_000;

    private FaultRun() {}

    /** So slow that it takes some seconds. */
    static Migration slow(Migration run) {
        return run.with("restore.max-keys-per-second", 20_000).with("scan.count", 500);
    }

    static void awaitRestored(Migration run, long keys) {
        Awaitility.await("restored keys")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(() ->
                        run.ledger().state().isFinal() || run.ledger().counts().restored() >= keys);
    }

    static void awaitRestarts(Migration run, int restarts) {
        Awaitility.await("restarts of the scan")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(() ->
                        run.ledger().state().isFinal() || run.ledger().counts().restarts() >= restarts);
    }

    static void assertEqual(RedisServer source, RedisServer target) {
        try (Jedis left = source.jedis();
                Jedis right = target.jedis()) {
            EqualityProof.Result result = EqualityProof.compare(left, right, Duration.ofMillis(50));
            assertThat(result.differences()).isEmpty();
            assertThat(result.isEqual()).isTrue();
        }
    }

    static void fill(RedisServer server, int keys) {
        try (Jedis jedis = server.jedis()) {
            SampleData.fillMixed(jedis, keys);
        }
    }

    static long size(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            return jedis.dbSize();
        }
    }

    static void config(RedisServer server, String name, String value) {
        try (Jedis jedis = server.jedis()) {
            jedis.configSet(name, value);
        }
    }
}
