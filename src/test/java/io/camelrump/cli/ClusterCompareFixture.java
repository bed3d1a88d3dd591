package io.camelrump.cli;

import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.commands.JedisCommands;
import redis.clients.jedis.params.XAddParams;
import redis.clients.jedis.params.XReadGroupParams;

/** A server and two clusters that hold the same keys, or differ by planted ones. */
abstract class ClusterCompareFixture {
    static final int EACH = 150;

    @RegisterExtension
    static final RedisServers SHARED = new RedisServers();

    /** Of tests that end a server. */
    @RegisterExtension
    final RedisServers servers = new RedisServers();

    static RedisServer alone;
    static RedisCluster small;
    static RedisCluster large;

    @BeforeAll
    static void start() {
        alone = SHARED.start();
        small = RedisCluster.start(SHARED, RedisServers.usual(), 2, 0);
        large = RedisCluster.start(SHARED, RedisServers.usual(), 3, 0);
    }

    @BeforeEach
    void empty() {
        Stream.of(List.of(alone), small.masters(), large.masters())
                .flatMap(List::stream)
                .forEach(server -> {
                    try (Jedis jedis = server.jedis()) {
                        jedis.flushAll();
                    }
                });
    }

    static void fill(JedisCommands commands) {
        for (int i = 0; i < EACH; i++) {
            commands.set("string " + i, "value " + i);
            commands.rpush("list " + i, "a", "b", "value " + i);
            commands.psetex("fleeting " + i, 3_600_000L + i, "value");
            commands.hset("hash " + i, Map.of("field", "value", "number", "" + i));
            commands.zadd("zset " + i, i, "member");
            addMembers(commands, "set " + i, false);
        }
        commands.set("{tag}odd}{", "value");
        IntStream.range(0, 100).forEach(i -> commands.rpush("big", "x".repeat(5_000) + i));
        IntStream.range(1, 50)
                .forEach(i -> commands.xadd(
                        "stream",
                        Map.of("field", "value " + i),
                        XAddParams.xAddParams().id(i, 1)));
        commands.xgroupCreate("stream", "group", new StreamEntryID(0, 0), false);
        commands.xreadGroup(
                "group",
                "consumer",
                XReadGroupParams.xReadGroupParams().count(10),
                Map.of("stream", StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY));
    }

    /** In this order or backwards, by which a set's payload may be another one and the set is not. */
    static void addMembers(JedisCommands commands, String key, boolean backwards) {
        List<String> members = new ArrayList<>(
                IntStream.range(0, 20).mapToObj(n -> "member " + n).toList());
        if (backwards) {
            Collections.reverse(members);
        }
        commands.del(key);
        commands.sadd(key, members.toArray(String[]::new));
    }

    /** Does it by a client of the server, or of the cluster. */
    static void with(String name, Consumer<JedisCommands> action) {
        if (name.equals("alone")) {
            try (Jedis jedis = alone.jedis()) {
                action.accept(jedis);
            }
        } else {
            try (RedisClusterClient client = (name.equals("small") ? small : large).client()) {
                action.accept(client);
            }
        }
    }

    static String uri(String name) {
        int port =
                switch (name) {
                    case "small" -> small.port();
                    case "large" -> large.masters().get(1).port();
                    default -> alone.port();
                };
        return "redis://127.0.0.1:" + port;
    }
}
