package io.camelrump.throttle;

/** Learns from a server's own statistics what its work for a reader costs. Not thread-safe. */
final class ServerWork {
    /** Time around a command that the statistics leave out: to take it in, and to send its reply. */
    private static final double NANOS_AROUND = 250;

    private static final String[] OF_KEYS = {"dump", "pttl", "pexpiretime", "object"};
    private static final String[] OF_QUERIES = {"memory", "type", "exists", "strlen"};
    /** Fewer of them say too little. */
    private static final long FEWEST = 50;

    private final CommandCosts costs;
    private long keysBefore;
    private long bytesBefore;
    private long scansBefore;
    private long keysScannedBefore;
    private CommandStatistics before;

    ServerWork(CommandCosts costs) {
        this.costs = costs;
        this.before = CommandStatistics.NONE;
    }

    /** Takes the statistics as they are now. */
    void learn(CommandStatistics now) {
        if (now.isHidden()) {
            return;
        }
        if (!before.isHidden()) {
            costs.reported(unit(now), query(now), scanned(now));
        }
        keysBefore = costs.keysRead();
        bytesBefore = costs.bytesRead();
        scansBefore = costs.scans();
        keysScannedBefore = costs.keysScanned();
        before = now;
    }

    private double unit(CommandStatistics now) {
        long dumps = now.calls("dump") - before.calls("dump");
        long keys = costs.keysRead() - keysBefore;
        if (dumps < FEWEST || keys < FEWEST) {
            return 0;
        }
        double unitsPerKey = CommandCosts.units(keys, costs.bytesRead() - bytesBefore) / keys;
        return nanos(now, OF_KEYS) / (dumps * unitsPerKey);
    }

    private double query(CommandStatistics now) {
        long queries = now.calls(OF_QUERIES) - before.calls(OF_QUERIES);
        return queries < FEWEST ? 0 : nanos(now, OF_QUERIES) / queries;
    }

    private double scanned(CommandStatistics now) {
        long scans = now.calls("scan") - before.calls("scan");
        long sent = costs.scans() - scansBefore;
        if (scans <= 0 || sent == 0) {
            return 0;
        }
        double keysPerScan = (double) (costs.keysScanned() - keysScannedBefore) / sent;
        return nanos(now, "scan") / (scans * keysPerScan);
    }

    private double nanos(CommandStatistics now, String... names) {
        return (now.micros(names) - before.micros(names)) * 1e3
                + (now.calls(names) - before.calls(names)) * NANOS_AROUND;
    }
}
