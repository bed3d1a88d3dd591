package io.camelrump.bench;

import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.nio.charset.StandardCharsets;
import redis.clients.jedis.Jedis;

/** A source that is filled, and a target. */
final class TestBed implements AutoCloseable {
    private final RedisServers servers = new RedisServers();
    private final RedisServer source;
    private final RedisServer target;
    private final DataSet data;
    private RedisServer replica;
    private RedisCluster cluster;

    TestBed(RedisServers.Version version, DataSet data) {
        this.data = data;
        source = servers.start(version);
        target = servers.start(version);
        try (Jedis jedis = source.jedis()) {
            data.fill(jedis);
        }
    }

    RedisServer source() {
        return source;
    }

    RedisServer target() {
        return target;
    }

    /** A third server, to be made a replica of one of them. */
    RedisServer replica() {
        if (replica == null) {
            replica = servers.start(source.version());
        }
        return replica;
    }

    /** Three masters, empty at first. */
    RedisCluster cluster() {
        if (cluster == null) {
            cluster = RedisCluster.start(servers, source.version(), 3, 0);
        }
        return cluster;
    }

    /** How many keys the source was filled with. */
    int keys() {
        return data.keys();
    }

    void emptyTarget() {
        empty(target);
    }

    static void empty(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            jedis.flushAll();
        }
    }

    boolean targetIsEmpty() {
        try (Jedis jedis = target.jedis()) {
            return jedis.dbSize() == 0;
        }
    }

    /** CPU seconds that the source and its children have used since it started. */
    double sourceCpu() {
        return cpu(source);
    }

    static double cpu(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            return jedis.info("cpu")
                    .lines()
                    .filter(line -> line.matches("used_cpu_(sys|user)(_children)?:.*"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(':') + 1)))
                    .sum();
        }
    }

    /** @throws IllegalStateException if the two sides differ in any key or value */
    void requireEqual() {
        String wanted = digest(source);
        String found = digest(target);
        if (!wanted.equals(found)) {
            throw new IllegalStateException("source and target differ: " + wanted + ", " + found);
        }
    }

    private static String digest(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            return new String(
                    (byte[]) jedis.sendCommand(() -> "DEBUG".getBytes(StandardCharsets.US_ASCII), "DIGEST"),
                    StandardCharsets.US_ASCII);
        }
    }

    @Override
    public void close() {
        servers.close();
    }
}
