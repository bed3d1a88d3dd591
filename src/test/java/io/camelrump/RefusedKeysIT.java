package io.camelrump;

import static io.camelrump.fixtures.FaultRun.fill;
import static io.camelrump.fixtures.FaultRun.size;
import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** Keys that the target refuses for good are counted and named, and the others arrive. */
class RefusedKeysIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @Test
    void refusesOnlyTheKeyThatIsTooLargeForTheTarget() {
        RedisServer source = servers.start();
        RedisServer target = servers.start(RedisServers.usual(), "--proto-max-bulk-len", "1mb");
        fill(source, 5_000);
        try (Jedis jedis = source.jedis()) {
            jedis.set("large".getBytes(StandardCharsets.US_ASCII), SampleData.noise(2 * 1024 * 1024));
        }

        try (Migration run = Migration.from(source).to(target).start()) {
            Counts counts = run.awaitComplete();

            assertThat(counts.refused()).isEqualTo(1);
            assertThat(run.ledger().refusals().get(0).quotedKey()).isEqualTo("\"large\"");
            assertThat(run.ledger().refusals().get(0).cause()).contains("proto-max-bulk-len");
        }
        assertThat(size(target)).isEqualTo(size(source) - 1);
    }

    @Test
    void refusesOnlyTheKeysThatTheUserMayNotWrite() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis()) {
            SampleData.fillStrings(jedis, 1_000, 20);
            jedis.set("forbidden", "1");
        }
        try (Jedis jedis = target.jedis();
                Jedis keys = source.jedis()) {
            String one = keys.randomKey();
            jedis.aclSetUser("writer", "on", ">secret", "+@all", "~" + prefix(one) + "*", "~rump:*");
        }

        try (Migration run = Migration.from(source)
                .to(target)
                .with("rump.target.username", "writer")
                .with("rump.target.password", "secret")
                .start()) {
            Counts counts = run.awaitComplete();

            assertThat(counts.refused()).isPositive();
            assertThat(counts.restored()).isEqualTo(size(target));
            assertThat(run.ledger().refusals())
                    .allSatisfy(refusal -> assertThat(refusal.cause()).contains("NOPERM"));
        }
    }

    @Test
    void failsAtTheFirstRefusedKeyWhereThatIsAskedFor() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis();
                Jedis to = target.jedis()) {
            SampleData.fillStrings(jedis, 1_000, 20);
            jedis.set("forbidden", "1");
            to.aclSetUser("writer", "on", ">secret", "+@all", "~string:*");
        }

        try (Migration run = Migration.from(source)
                .to(target)
                .with("rump.target.username", "writer")
                .with("rump.target.password", "secret")
                .with("rump.target.on-refused", "fail")
                .start()) {
            Ledger ledger = run.awaitEnd();

            assertThat(ledger.state()).isEqualTo(RunState.FAILED);
            assertThat(ledger.failure()).contains("refused \"forbidden\": NOPERM", "onRefused=fail");
            assertThat(ledger.counts().refused()).isEqualTo(1);
            assertThat(ledger.counts().restored()).isEqualTo(size(target));
        }
    }

    private static String prefix(String key) {
        return key.equals("forbidden") ? "key" : key.substring(0, 3);
    }
}
