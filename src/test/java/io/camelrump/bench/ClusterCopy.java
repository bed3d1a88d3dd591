package io.camelrump.bench;

import io.camelrump.fixtures.RedisCluster;

/** The command as it copies from a cluster of three masters, or to one; both sides are so far away. */
record ClusterCopy(boolean toCluster, int roundTripMillis) implements Way {
    @Override
    public Measurement measure(TestBed bed) throws Exception {
        RedisCluster cluster = bed.cluster();
        if (toCluster) {
            cluster.masters().forEach(TestBed::empty);
        } else if (cluster.size() == 0) {
            Build.current().copy(bed.source().port(), cluster.port());
        }
        bed.emptyTarget();
        try (FarCluster far = new FarCluster(cluster, roundTripMillis);
                Link link = new Link(toCluster ? bed.source() : bed.target(), roundTripMillis)) {
            ToolRun run = toCluster
                    ? Build.current().copy(link.port(), far.port())
                    : Build.current().copy(far.port(), link.port());
            return Measurement.of(run, Double.NaN, bed.keys());
        }
    }
}
