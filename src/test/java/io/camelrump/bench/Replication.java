package io.camelrump.bench;

import java.time.Duration;
import org.awaitility.Awaitility;
import redis.clients.jedis.Jedis;

/** The servers' own replication: REPLICAOF at an empty target, until its link is up and its offset the source's. */
record Replication(int roundTripMillis) implements Way {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

    @Override
    public Measurement measure(TestBed bed) throws Exception {
        bed.emptyTarget();
        try (Link link = new Link(bed.source(), roundTripMillis);
                Jedis source = bed.source().jedis();
                Jedis target = bed.target().jedis()) {
            double before = bed.sourceCpu();
            long begin = System.nanoTime();
            target.replicaof("127.0.0.1", link.port());
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(BETWEEN_LOOKS)
                    .ignoreExceptions()
                    .until(() -> "up".equals(replication(target, "master_link_status")));
            long wanted = Long.parseLong(replication(source, "master_repl_offset"));
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(BETWEEN_LOOKS)
                    .until(() -> Long.parseLong(replication(target, "slave_repl_offset")) >= wanted);
            double seconds = (System.nanoTime() - begin) / 1e9;
            Measurement measured = Measurement.of(seconds, bed.sourceCpu() - before, bed.keys());
            target.replicaofNoOne();
            return measured;
        }
    }

    private static String replication(Jedis jedis, String field) {
        return jedis.info("replication")
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1))
                .findFirst()
                .orElse("");
    }

    @Override
    public boolean leavesEqual() {
        return true;
    }
}
