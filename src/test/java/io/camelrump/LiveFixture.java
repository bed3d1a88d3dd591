package io.camelrump;

import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ClientKillParams;

/** A live run, and what it knows of the changes at its source. */
abstract class LiveFixture {
    static final int KEYS = 20_000;

    @RegisterExtension
    final RedisServers servers = new RedisServers();

    static Migration live(RedisServer source, RedisServer target) {
        return Migration.from(source).to(target).with("rump.source.live", true).with("rump.source.scan-count", 500);
    }

    static Changes changes(Migration run) {
        return Objects.requireNonNull(run.ledger().changes());
    }

    static void awaitScanned(Migration run) {
        await("end of the scan")
                .atMost(Duration.ofSeconds(60))
                .until(() -> run.ledger().progress() == 1);
    }

    static void killTail(Jedis jedis) {
        await().atMost(Duration.ofSeconds(20)).until(() -> tail(jedis)
                .filter(id ->
                        jedis.clientKill(ClientKillParams.clientKillParams().id(id)) == 1)
                .isPresent());
    }

    /** Id of the connection by which a run hears of changes. */
    static Optional<String> tail(Jedis jedis) {
        return jedis.clientList()
                .lines()
                .filter(client -> client.contains("flags=tB") || client.contains("flags=Bt"))
                .findFirst()
                .map(client -> client.replaceFirst("id=(\\d+) .*", "$1"));
    }

    static void deny(RedisServer server, String rule) {
        try (Jedis jedis = server.jedis()) {
            jedis.aclSetUser("default", rule);
        }
    }

    /** Names of the keys of which nobody has seen that the target has them as the source does, sorted. */
    static List<String> unverified(Migration run) {
        return changes(run).unverifiedKeys().stream()
                .map(key -> new String(key, StandardCharsets.UTF_8))
                .sorted()
                .toList();
    }

    /** Waits until all that has changed by now has arrived. */
    static void drain(Migration run) {
        long ticket = changes(run).drain();
        await().atMost(Duration.ofSeconds(30)).until(() -> changes(run).drained(ticket) != null);
    }

    /** Whether the server answers, and has so many keys. */
    static boolean holds(RedisServer server, long keys) {
        try (Jedis jedis = server.jedis()) {
            return jedis.dbSize() == keys;
        } catch (JedisException e) {
            return false;
        }
    }
}
