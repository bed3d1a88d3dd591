package io.camelrump.bench;

import io.camelrump.fixtures.RedisServer;
import java.util.List;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.MigrateParams;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/** What a script of redis-cli does: SCAN lists the keys, and MIGRATE has the source send them in groups. */
record MigrateCommand(int roundTripMillis) implements Way {
    private static final int SCAN_COUNT = 1_000;
    private static final int GROUP = 100;
    private static final int TIMEOUT_MILLIS = 60_000;

    @Override
    public Measurement measure(TestBed bed) throws Exception {
        bed.emptyTarget();
        try (Link toSource = new Link(bed.source(), roundTripMillis);
                Link toTarget = new Link(bed.target(), roundTripMillis);
                Jedis source = new Jedis(RedisServer.HOST, toSource.port(), TIMEOUT_MILLIS)) {
            double before = bed.sourceCpu();
            long begin = System.nanoTime();
            byte[] cursor = ScanParams.SCAN_POINTER_START_BINARY;
            do {
                ScanResult<byte[]> page = source.scan(cursor, new ScanParams().count(SCAN_COUNT));
                migrate(source, toTarget.port(), page.getResult());
                cursor = page.getCursorAsBytes();
            } while (cursor.length > 1 || cursor[0] != '0');
            return Measurement.of((System.nanoTime() - begin) / 1e9, bed.sourceCpu() - before, bed.keys());
        }
    }

    private static void migrate(Jedis source, int port, List<byte[]> keys) {
        MigrateParams params = new MigrateParams().copy().replace();
        for (int i = 0; i < keys.size(); i += GROUP) {
            byte[][] group = keys.subList(i, Math.min(keys.size(), i + GROUP)).toArray(new byte[0][]);
            source.migrate(RedisServer.HOST, port, TIMEOUT_MILLIS, params, group);
        }
    }

    @Override
    public boolean leavesEqual() {
        return true;
    }
}
