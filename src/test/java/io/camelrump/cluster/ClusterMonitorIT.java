package io.camelrump.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.redis.ServerAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Looks at the slots of a cluster, of which some nodes may be silent. */
class ClusterMonitorIT {
    private static final Duration SOON = Duration.ofSeconds(3);

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @Test
    void aSilentNodeIsNotWaitedForWhereOthersReportTheSlots() {
        RedisCluster pair = RedisCluster.start(servers, RedisServers.usual(), 2, 0);
        try (FaultyProxy proxy = new FaultyProxy(pair.port());
                ClusterMonitor watch = new ClusterMonitor(address(proxy.port()))) {
            assertThat(watch.look()).hasSize(2);
            proxy.stall();

            long begunAt = System.nanoTime();
            assertThat(watch.look()).hasSize(2);
            assertThat(Duration.ofNanos(System.nanoTime() - begunAt)).isLessThan(SOON);
        }
    }

    private static ServerAddress address(int port) {
        return new ServerAddress(RedisServer.HOST, port, null, null, 0, SOON, SOON);
    }
}
