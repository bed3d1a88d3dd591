package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** Keys that change in a live run, and pass its filters at one time and not at another. */
class LiveFiltersIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    private final RedisServer source = servers.start();
    private final RedisServer target = servers.start();

    private Migration live() {
        return Migration.from(source).to(target).with("rump.source.live", true);
    }

    private static Changes changes(Migration run) {
        return Objects.requireNonNull(run.ledger().changes());
    }

    @Test
    void aKeyThatLeavesAFilterIsDeletedAtTheTarget() {
        try (Jedis jedis = source.jedis();
                Jedis arrived = target.jedis()) {
            for (String name : List.of("becomes a hash", "grows", "changes unseen", "stays")) {
                jedis.set(name, "value");
            }
            jedis.hset("a hash", "field", "value");
            jedis.set("of both", "the source's".repeat(1_000));
            arrived.set("of both", "the target's");

            try (Migration run = live().with("rump.source.type", "string")
                    .with("rump.source.max-size", "1kb")
                    .start()) {
                await().atMost(Duration.ofSeconds(20)).until(() -> arrived.dbSize() == 5);
                jedis.del("becomes a hash");
                jedis.hset("becomes a hash", "field", "value");
                jedis.hset("a hash", "field", "other");
                jedis.setrange("grows", 5_000, "far");
                jedis.append("of both", "more");
                jedis.append("stays", "more");
                await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(arrived.keys("*"))
                        .containsOnly("changes unseen", "stays", "of both"));

                LiveFixture.killTail(jedis);
                jedis.setrange("changes unseen", 5_000, "far");
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(arrived.keys("*")).containsOnly("stays", "of both"));
                changes(run).cutOver();
                run.awaitComplete();

                assertThat(changes(run).status().withheld()).isZero();
                assertThat(arrived.get("of both")).isEqualTo("the target's");
                assertThat(arrived.get("stays")).isEqualTo("valuemore");
            }
        }
    }

    @Test
    void aKeyThatWasCopiedIsFollowedWhateverItsTimeLeftIsLater() {
        try (Jedis jedis = source.jedis();
                Jedis arrived = target.jedis()) {
            jedis.set("copied", "value");
            jedis.setex("of both", 60, "the source's");
            arrived.set("of both", "the target's");

            try (Migration run = live().with("rump.source.min-ttl", "10m").start()) {
                await().atMost(Duration.ofSeconds(20)).until(() -> arrived.exists("copied"));
                jedis.setex("copied", 60, "changed");
                jedis.setex("new", 60, "value");
                jedis.append("of both", " more");
                jedis.setex("new and long", 6_000, "value");
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(arrived.get("copied")).isEqualTo("changed"));
                assertThat(arrived.ttl("copied")).isBetween(1L, 60L);
                changes(run).cutOver();
                run.awaitComplete();
            }
            assertThat(arrived.keys("*")).containsOnly("copied", "of both", "new and long");
            assertThat(arrived.get("of both")).isEqualTo("the target's");
        }
    }

    /** Such a key is read in parts, which know as little of the filters as its payload. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBigKeyIsFollowedWhateverItsTimeLeftIsOnlyIfItWasCopied(boolean carryIdle) {
        try (Jedis jedis = source.jedis();
                Jedis arrived = target.jedis()) {
            String big = "b".repeat(100_000);
            jedis.set("copied", big);

            try (Migration run = live().with("rump.source.min-ttl", "10m")
                    .with("rump.source.big-key", "64kb")
                    .with("rump.source.carry-idle", carryIdle)
                    .start()) {
                await().atMost(Duration.ofSeconds(20)).until(() -> arrived.exists("copied"));
                jedis.setex("never copied", 60, big);
                jedis.setex("copied", 60, big + "changed");
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(arrived.get("copied")).endsWith("changed"));
                changes(run).cutOver();
                run.awaitComplete();
            }
            assertThat(arrived.keys("*")).containsOnly("copied");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"type=string", "minTtl=10m", "minTtl=10m&bigKey=64kb"})
    void aChangeWhosePageFailedIsFollowedAsAnyOther(String filter) throws Exception {
        AtomicInteger failed = new AtomicInteger();
        String big = "b".repeat(100_000);
        try (Jedis jedis = source.jedis();
                Jedis arrived = target.jedis()) {
            jedis.set("left", big);

            try (RouteRun run = RouteRun.of(routes -> routes.from(
                            "rump:source?live=true&host=127.0.0.1&port=" + source.port() + "&" + filter)
                    .process(exchange -> {
                        List<String> keys = Pages.keys(exchange.getMessage().getBody(Page.class));
                        if (keys.contains("new") && failed.getAndIncrement() < 2) {
                            throw new IllegalStateException("the step fails");
                        }
                    })
                    .to("rump:target?host=127.0.0.1&port=" + target.port()))) {
                await().atMost(Duration.ofSeconds(20)).until(() -> arrived.exists("left"));
                jedis.eval(
                        "redis.call('del', 'left') redis.call('hset', 'left', 'f', 'v') redis.call('expire', 'left',"
                                + " 60)"
                                + " redis.call('hset', 'new', 'f', ARGV[1]) redis.call('expire', 'new', 60)",
                        0,
                        big);
                await().atMost(Duration.ofSeconds(20)).until(() -> failed.get() > 2);
                Objects.requireNonNull(run.ledger().changes()).cutOver();

                assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            }
            assertThat(arrived.exists("new")).isFalse();
            assertThat(arrived.exists("left")).isEqualTo(!filter.startsWith("type"));
        }
    }
}
