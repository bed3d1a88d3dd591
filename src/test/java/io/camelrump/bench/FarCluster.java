package io.camelrump.bench;

import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import redis.clients.jedis.Jedis;

/** A cluster that is a distance away: each node tells clients and the other nodes the port of its link as its own. */
final class FarCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final RedisCluster cluster;
    private final List<Link> links = new ArrayList<>();

    FarCluster(RedisCluster cluster, int roundTripMillis) {
        this.cluster = cluster;
        for (RedisServer node : cluster.masters()) {
            Link link = new Link(node, roundTripMillis);
            links.add(link);
            announce(node, link.port());
        }
        cluster.masters().forEach(this::awaitPorts);
    }

    private static void announce(RedisServer node, int port) {
        try (Jedis jedis = node.jedis()) {
            jedis.configSet("cluster-announce-port", String.valueOf(port));
        }
    }

    private void awaitPorts(RedisServer node) {
        try (Jedis jedis = node.jedis()) {
            Awaitility.await("all nodes know the links' ports").atMost(PATIENCE).until(() -> {
                String nodes = jedis.clusterNodes();
                return links.stream().allMatch(link -> nodes.contains(":" + link.port() + "@"));
            });
        }
    }

    /** The port of a node. */
    int port() {
        return links.get(0).port();
    }

    @Override
    public void close() {
        cluster.masters().forEach(node -> announce(node, 0));
        links.forEach(Link::close);
    }
}
