package io.camelrump;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** Which versions take payloads of which: asked of the servers, as a version's number does not tell. */
final class ServerPairs {

    private static final Map<RedisServers.Version, byte[]> PAYLOADS = new ConcurrentHashMap<>();

    private ServerPairs() {}

    /** Every pair of versions at hand whose second takes the payloads of the first. */
    static Stream<Arguments> upwards() {
        List<RedisServers.Version> all = RedisServers.versions();
        try (RedisServers servers = new RedisServers()) {
            return all.stream()
                    .flatMap(to -> {
                        RedisServer target = servers.start(to);
                        return all.stream()
                                .filter(from -> accepts(target, PAYLOADS.computeIfAbsent(from, ServerPairs::payload)))
                                .map(from -> Arguments.of(from, to));
                    })
                    .toList()
                    .stream();
        }
    }

    /** Every pair whose second does not take the payloads of the first as they are. */
    static Stream<Arguments> downwards() {
        List<Arguments> upwards = upwards().toList();
        return RedisServers.versions().stream()
                .flatMap(from -> RedisServers.versions().stream().map(to -> Arguments.of(from, to)))
                .filter(pair -> upwards.stream().noneMatch(other -> Arrays.equals(other.get(), pair.get())));
    }

    private static byte[] payload(RedisServers.Version version) {
        try (RedisServers servers = new RedisServers();
                Jedis jedis = servers.start(version).jedis()) {
            jedis.set("key", "value");
            return jedis.dump("key");
        }
    }

    private static boolean accepts(RedisServer target, byte[] payload) {
        try (Jedis jedis = target.jedis()) {
            jedis.restore("probe:" + Arrays.hashCode(payload), 0, payload);
            return true;
        } catch (JedisDataException e) {
            return false;
        }
    }
}
