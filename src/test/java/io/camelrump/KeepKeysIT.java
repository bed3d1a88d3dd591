package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

class KeepKeysIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @Test
    void aKeyThatDoesNotMatchAnyMoreIsDeletedInALiveRun() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        KeepKeys strings = new KeepKeys();
        strings.setTypes("string");
        strings.setMaxSize("2kb");
        try (Jedis jedis = source.jedis();
                Jedis arrived = target.jedis()) {
            jedis.set("becomes a hash", "value");
            jedis.set("grows", "value");
            jedis.set("grows to parts", "value");
            jedis.set("stays", "value");
            jedis.hset("of both", "field", "value");
            arrived.set("of both", "the target's");

            try (RouteRun run =
                    RouteRun.of(rb -> rb.from("rump:source?live=true&bigKey=64kb&host=127.0.0.1&port=" + source.port())
                            .process(strings)
                            .to("rump:target?host=127.0.0.1&port=" + target.port()))) {
                run.await().until(() -> arrived.dbSize() == 5);
                jedis.del("becomes a hash");
                jedis.hset("becomes a hash", "field", "value");
                jedis.set(
                        "grows",
                        IntStream.range(0, 4_000).mapToObj(Integer::toHexString).collect(Collectors.joining()));
                jedis.set("grows to parts", "far ".repeat(50_000));
                jedis.hset("of both", "field", "other");
                jedis.append("stays", "more");
                run.await().untilAsserted(() -> assertThat(arrived.keys("*")).containsOnly("stays", "of both"));
                Objects.requireNonNull(run.ledger().changes()).cutOver();

                Counts counts = run.awaitEnd().counts();
                assertThat(run.ledger().state()).isEqualTo(RunState.COMPLETE);
                assertThat(counts.deleted()).isEqualTo(3);
                assertThat(counts.read()).isEqualTo(counts.settled());
                assertThat(arrived.get("stays")).isEqualTo("valuemore");
                assertThat(arrived.get("of both")).isEqualTo("the target's");
            }
        }
    }

    @Test
    void aKeyThatIsDroppedOnceItHasChangedIsDeletedInALiveRun() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis();
                Jedis arrived = target.jedis()) {
            jedis.set("becomes a hash", "value");
            jedis.set("stays", "value");
            jedis.set("goes", "value");
            jedis.hset("of both", "field", "value");
            arrived.set("of both", "the target's");

            try (RouteRun run = RouteRun.of(rb -> rb.from("rump:source?live=true&host=127.0.0.1&port=" + source.port())
                    .split(rb.body(), new JoinPages())
                    .filter(rb.simple("${body.type} == 'hash'"))
                    .process(new DropKey())
                    .end()
                    .end()
                    .to("rump:target?host=127.0.0.1&port=" + target.port()))) {
                run.await().until(() -> arrived.dbSize() == 4);
                jedis.del("becomes a hash");
                jedis.hset("becomes a hash", "field", "value");
                jedis.del("goes");
                run.await().untilAsserted(() -> assertThat(arrived.keys("*")).containsOnly("stays", "of both"));
                Objects.requireNonNull(run.ledger().changes()).cutOver();

                assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
                assertThat(arrived.get("of both")).isEqualTo("the target's");
            }
        }
    }
}
