package io.camelrump.throttle;

import io.camelrump.redis.ServerInfo;
import java.util.regex.Pattern;

/** Learns from a server's own statistics what its work for a reader costs. Not thread-safe. */
final class ServerWork {
    /**
     * Time around a command that the statistics leave out, to take it in and to send its reply: at least, and first.
     */
    private static final double LEAST_AROUND = 250;
    /** At most: what is above that is spent on other clients. */
    private static final double MOST_AROUND = 650;
    /** And for each byte of payloads, which it writes to the socket. */
    private static final double MOST_AROUND_BYTE = 1;
    /**
     * Time around a command that comes alone, as other clients' do: to wake up, read it, and write its reply. Less
     * where they send many at once, and then what is left for ours is too little by half a microsecond a command at
     * most.
     */
    private static final double AROUND_FOREIGN = 25_000;
    /** Fewer commands between two looks say too little about the time around each. */
    private static final long FEWEST_CALLS = 5_000;

    private static final String[] OF_KEYS = {"dump", "getrange", "pttl", "pexpiretime", "object"};
    private static final String[] OF_VALUES = {"dump", "getrange"};
    private static final String[] OF_QUERIES = {"memory", "type", "exists", "strlen"};
    /** Fewer of them say too little. */
    private static final long FEWEST = 50;

    private static final Pattern SECONDS = Pattern.compile("\\d{1,12}\\.\\d{1,9}");

    private final CommandCosts costs;
    private long keysBefore;
    private long bytesBefore;
    private long scansBefore;
    private long keysScannedBefore;
    private CommandStatistics before;
    private double cpuBefore = Double.NaN;
    private double around = LEAST_AROUND;

    ServerWork(CommandCosts costs) {
        this.costs = costs;
        this.before = CommandStatistics.NONE;
    }

    /** CPU time of the thread that runs commands; before 6.2, of the process; not a number where none is reported. */
    static double cpuNanos(ServerInfo info) {
        double ofThread = seconds(info, "used_cpu_user_main_thread") + seconds(info, "used_cpu_sys_main_thread");
        double ofProcess = seconds(info, "used_cpu_user") + seconds(info, "used_cpu_sys");
        return (Double.isNaN(ofThread) ? ofProcess : ofThread) * 1e9;
    }

    private static double seconds(ServerInfo info, String field) {
        String value = info.fields().getOrDefault(field, "");
        return SECONDS.matcher(value).matches() ? Double.parseDouble(value) : Double.NaN;
    }

    /**
     * Takes the statistics as they are now.
     *
     * @param cpuNanos that the server's thread has taken since its start; not a number where that is not reported
     */
    void learn(CommandStatistics now, double cpuNanos) {
        if (now.isHidden()) {
            return;
        }
        if (!before.isHidden()) {
            learnAround(now, cpuNanos);
            costs.reported(unit(now), query(now), scanned(now));
        }
        keysBefore = costs.keysRead();
        bytesBefore = costs.bytesRead();
        scansBefore = costs.scans();
        keysScannedBefore = costs.keysScanned();
        before = now;
        cpuBefore = cpuNanos;
    }

    private void learnAround(CommandStatistics now, double cpuNanos) {
        long foreign = now.foreignCalls() - before.foreignCalls();
        long calls = now.allCalls() - before.allCalls() - foreign;
        double within = (now.allMicros() - before.allMicros()) * 1e3;
        double nanos = cpuNanos - cpuBefore - within - foreign * AROUND_FOREIGN;
        if (calls >= FEWEST_CALLS && !Double.isNaN(nanos)) {
            double most = MOST_AROUND + MOST_AROUND_BYTE * (costs.bytesRead() - bytesBefore) / calls;
            around = Math.max(LEAST_AROUND, Math.min(most, nanos / calls));
        }
    }

    private double unit(CommandStatistics now) {
        long values = now.calls(OF_VALUES) - before.calls(OF_VALUES);
        long keys = costs.keysRead() - keysBefore;
        if (values < FEWEST || keys < FEWEST) {
            return 0;
        }
        double unitsPerKey = CommandCosts.units(keys, costs.bytesRead() - bytesBefore) / keys;
        return nanos(now, OF_KEYS) / (values * unitsPerKey);
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
        return (now.micros(names) - before.micros(names)) * 1e3 + (now.calls(names) - before.calls(names)) * around;
    }
}
