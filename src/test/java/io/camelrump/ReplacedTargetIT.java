package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.run.ChangeLog;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Transaction;

/** Another process takes a target's place in a live run. */
class ReplacedTargetIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    private final RedisServer source = servers.start();
    private final RedisServer target = servers.start();

    @BeforeEach
    void fill() {
        try (Jedis jedis = source.jedis()) {
            jedis.mset("shared", "the source's", "deleted", "value", "written", "value", "stays", "value");
        }
    }

    @Test
    void keysThatItCameWithAreItsOwn() {
        try (Jedis jedis = source.jedis();
                FaultyProxy proxy = new FaultyProxy(target);
                Migration run = live(proxy).start()) {
            awaitKey("stays");
            proxy.refuse();
            proxy.cut();
            target.restart(false);
            try (Jedis other = target.jedis()) {
                other.mset("foreign", "value", "stays", "the other's");
            }
            proxy.heal();
            jedis.append("written", "+");
            awaitKey("shared");
            await().atMost(PATIENCE)
                    .until(() -> !changes(run).gaps().wantsScanOrSweep()
                            && changes(run).isEmpty());
            try (Transaction both = jedis.multi()) {
                both.set("foreign", "the source's for a moment");
                both.del("foreign");
                both.del("deleted", "shared");
                both.exec();
            }

            try (Jedis arrived = target.jedis()) {
                await().atMost(PATIENCE).until(() -> arrived.dbSize() == 3);
                await().atMost(PATIENCE)
                        .untilAsserted(() ->
                                assertThat(changes(run).withheld().names()).containsExactly("\"foreign\""));
                assertThat(arrived.keys("*")).containsOnly("foreign", "written", "stays");
                assertThat(arrived.get("stays")).isEqualTo("value");
            }
        }
    }

    /** Its names are known as those that this run has written. */
    @Test
    void keysThatItCameBackWithAreNot() {
        try (Jedis jedis = source.jedis();
                FaultyProxy proxy = new FaultyProxy(target);
                Migration run = live(proxy).start()) {
            awaitKey("stays");
            await().atMost(PATIENCE).until(() -> !changes(run).gaps().wantsScanOrSweep());
            proxy.refuse();
            proxy.cut();
            target.restart(true);
            jedis.del("deleted");
            proxy.heal();

            try (Jedis arrived = target.jedis()) {
                await().atMost(PATIENCE).until(() -> !arrived.exists("deleted"));
                assertThat(arrived.dbSize()).isEqualTo(3);
            }
            assertThat(changes(run).status().withheld()).isZero();
        }
    }

    private Migration live(FaultyProxy proxy) {
        return Migration.from(source).to(proxy.port()).with("rump.source.live", true);
    }

    private static ChangeLog changes(Migration run) {
        return Objects.requireNonNull(run.ledger().run().changes());
    }

    private void awaitKey(String key) {
        try (Jedis arrived = target.jedis()) {
            await().atMost(PATIENCE).until(() -> arrived.exists(key));
        }
    }
}
