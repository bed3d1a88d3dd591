package io.camelrump.bench;

import io.camelrump.fixtures.RedisServer;
import java.time.Duration;
import org.awaitility.Awaitility;
import redis.clients.jedis.Jedis;

/** A way while the target has a replica that is in step. */
record WithReplica(Way way) implements Way {
    @Override
    public Measurement measure(TestBed bed) throws Exception {
        try (Jedis replica = bed.replica().jedis()) {
            replica.replicaof(RedisServer.HOST, bed.target().port());
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> replica.info("replication")
                    .contains("master_link_status:up"));
            try {
                return way.measure(bed);
            } finally {
                replica.replicaofNoOne();
            }
        }
    }

    @Override
    public boolean leavesEqual() {
        return way.leavesEqual();
    }
}
