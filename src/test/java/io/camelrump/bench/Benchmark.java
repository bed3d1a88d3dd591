package io.camelrump.bench;

import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import redis.clients.jedis.Jedis;

/**
 * Measures migrations between two servers on this machine, in turn with the raw limit of each server, and prints a
 * table.
 *
 * <p>Best and median of some repetitions are told; where others work on the machine too, trust ratios and CPU seconds
 * more than seconds of the clock.
 */
public final class Benchmark {
    private static final int REPETITIONS = Integer.getInteger("rump.bench.repetitions", 3);
    private static final int STARTS = 2 * REPETITIONS;
    private static final int DELAY_MILLIS = 5;
    private static final int FAR_REPETITIONS = 2;
    private static final int PINGS = 50;
    private static final double MILLION = 1e6;
    private static final double MEGABYTE = 1 << 20;

    private final PrintStream out;
    private final Cost start = new Cost();

    private Benchmark(PrintStream out) {
        this.out = out;
    }

    /** Runs all of it, or the data sets that are named. */
    public static void main(String[] names) throws Exception {
        List<DataSet> wanted = names.length == 0
                ? List.of(DataSet.STRINGS, DataSet.MIXED, DataSet.LARGE)
                : List.of(names).stream().map(DataSet::valueOf).toList();
        new Benchmark(System.out).run(wanted);
    }

    private void run(List<DataSet> wanted) throws Exception {
        starts();
        say(
                "%n%-25s %-7s %9s %9s | %9s %6s %6s %6s %6s | %7s %6s %7s %7s | %6s %6s",
                "", "", "source", "target", "tool", "to", "  net", "net as", "to tgt", "CPU s", "to", "MB", "peak",
                "source", "target");
        say(
                "%-25s %-7s %9s %9s | %9s %6s %6s %6s %6s | %7s %6s %7s %7s | %6s %6s",
                "", "", "keys/s", "keys/s", "keys/s", "source", "start", "asked", "", "/M keys", "source", "/M keys",
                "MB RSS", "CPU s", "CPU s");
        for (DataSet data : wanted) {
            compare(data);
        }
        if (wanted.contains(DataSet.MIXED)) {
            far(DataSet.MIXED, 1_000);
            far(DataSet.SMALL, 100);
        }
    }

    /**
     * What the start costs: with no key, and with few; with the shared classes of the distribution, and without any.
     */
    private void starts() throws Exception {
        try (RedisServers servers = new RedisServers()) {
            RedisServer nothing = servers.start();
            RedisServer few = servers.start();
            RedisServer target = servers.start();
            // a run from no key to a target that holds some is refused
            RedisServer empty = servers.start();
            fill(few, DataSet.SMALL);
            Cost small = new Cost();
            Cost unshared = new Cost();
            ToolRun.of(few.port(), target.port(), true);
            for (int i = 0; i < STARTS; i++) {
                start.add(ToolRun.of(nothing.port(), empty.port(), true));
                small.add(ToolRun.of(few.port(), target.port(), true));
                unshared.add(ToolRun.of(few.port(), target.port(), false));
            }
            requireSame(few, target);
            say("%-34s %12s %12s %8s", "Start, best and median of " + STARTS, "CPU s", "s", "MB RSS");
            print("no key", start);
            print("10 k keys", small);
            print("10 k keys, without shared classes", unshared);
        }
    }

    private void print(String what, Cost cost) {
        say(
                "%-34s %5.2f / %.2f  %5.2f / %.2f %8.0f",
                what,
                cost.cpu.least(),
                cost.cpu.median(),
                cost.seconds.least(),
                cost.seconds.median(),
                cost.peak.most() / MEGABYTE);
    }

    /** A migration in turn with what each server can do alone. */
    private void compare(DataSet data) throws Exception {
        try (RedisServers servers = new RedisServers()) {
            RedisServer source = servers.start();
            RedisServer target = servers.start();
            fill(source, data);
            RawLimit limit = new RawLimit(source);
            Limits limits = new Limits();
            Cost asked = new Cost();
            Cost unasked = new Cost();
            for (int i = 0; i < REPETITIONS; i++) {
                double before = cpu(source);
                limits.reading.add(limit.source(source));
                limits.readingCpu.add(cpu(source) - before);
                asked.limit.add(limit.sourceAsAsked(source, true));
                unasked.limit.add(limit.sourceAsAsked(source, false));
                empty(target);
                limits.writing.add(limit.target(target));
                copy(source, target, asked);
                copy(source, target, unasked, "--big-key", "off");
            }
            rows(data.title(), data.keys(), limits, asked);
            rows("    --big-key off", data.keys(), limits, unasked);
        }
    }

    private static void copy(RedisServer source, RedisServer target, Cost cost, String... flags) throws Exception {
        empty(target);
        double sourceBefore = cpu(source);
        double targetBefore = cpu(target);
        cost.add(ToolRun.of(source.port(), target.port(), true, flags));
        cost.source.add(cpu(source) - sourceBefore);
        cost.target.add(cpu(target) - targetBefore);
        requireSame(source, target);
    }

    private void rows(String title, int keys, Limits limits, Cost cost) {
        row(title, "best", keys, Figures::least, limits, cost);
        row("", "median", keys, Figures::median, limits, cost);
    }

    private void row(String title, String which, int keys, ToDoubleFunction<Figures> value, Limits limits, Cost cost) {
        double reading = value.applyAsDouble(limits.reading);
        double writing = value.applyAsDouble(limits.writing);
        double seconds = value.applyAsDouble(cost.seconds);
        double net = seconds - value.applyAsDouble(start.seconds);
        double cpu = value.applyAsDouble(cost.cpu) - value.applyAsDouble(start.cpu);
        double allocated = value.applyAsDouble(cost.allocated) - value.applyAsDouble(start.allocated);
        say(
                "%-25s %-7s %9.0f %9.0f | %9.0f %6.2f %6.2f %6.2f %6.2f | %7.2f %6.2f %7.0f %7.0f | %6.2f %6.2f",
                title,
                which,
                keys / reading,
                keys / writing,
                keys / seconds,
                reading / seconds,
                reading / net,
                value.applyAsDouble(cost.limit) / net,
                writing / seconds,
                cpu * MILLION / keys,
                cpu / value.applyAsDouble(limits.readingCpu),
                allocated / MEGABYTE * MILLION / keys,
                cost.peak.most() / MEGABYTE,
                value.applyAsDouble(cost.source),
                value.applyAsDouble(cost.target));
    }

    /** Both servers a round trip of ten milliseconds away: one chain of SCANs gives COUNT keys a round trip at most. */
    private void far(DataSet data, int count) throws Exception {
        try (RedisServers servers = new RedisServers()) {
            RedisServer source = servers.start();
            RedisServer nothing = servers.start();
            RedisServer target = servers.start();
            fill(source, data);
            Figures far = new Figures();
            Figures farStart = new Figures();
            Figures near = new Figures();
            Figures nearStart = new Figures();
            for (int i = 0; i < FAR_REPETITIONS; i++) {
                far.add(secondsThrough(source, target, DELAY_MILLIS, count));
                farStart.add(secondsThrough(nothing, target, DELAY_MILLIS, count));
                near.add(secondsThrough(source, target, 0, count));
                nearStart.add(secondsThrough(nothing, target, 0, count));
            }
            double roundTrip = roundTripSeconds(source);
            // opening connections takes round trips too, so the start of a run without keys is taken off
            double rate = data.keys() / (far.least() - farStart.least());
            say(
                    "%s, COUNT %d, %.1f ms of round trip: %.0f keys/s net of start, %.2f of COUNT / round trip;"
                            + " %.0f keys/s through the same proxies without delay",
                    data.title(),
                    count,
                    1e3 * roundTrip,
                    rate,
                    rate * roundTrip / count,
                    data.keys() / (near.least() - nearStart.least()));
        }
    }

    /** What a PING takes through the same proxy: its sleeps are a little longer than they are told to be. */
    private static double roundTripSeconds(RedisServer server) {
        try (FaultyProxy proxy = new FaultyProxy(server).delay(DELAY_MILLIS);
                Jedis jedis = new Jedis(RedisServer.HOST, proxy.port())) {
            Figures seconds = new Figures();
            for (int i = 0; i < PINGS; i++) {
                long begin = System.nanoTime();
                jedis.ping();
                seconds.add((System.nanoTime() - begin) / 1e9);
            }
            return seconds.median();
        }
    }

    /** Seconds of a run through a delaying proxy on each side. */
    private static double secondsThrough(RedisServer source, RedisServer target, long delayMillis, int count)
            throws Exception {
        empty(target);
        try (FaultyProxy before = new FaultyProxy(source).delay(delayMillis);
                FaultyProxy behind = new FaultyProxy(target).delay(delayMillis)) {
            ToolRun run = ToolRun.of(before.port(), behind.port(), true, "--scan-count", String.valueOf(count));
            requireSame(source, target);
            return run.seconds();
        }
    }

    private static void fill(RedisServer server, DataSet data) {
        try (Jedis jedis = server.jedis()) {
            data.fill(jedis);
        }
    }

    static void empty(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            jedis.flushAll();
        }
    }

    static double cpu(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            return jedis.info("cpu")
                    .lines()
                    .filter(line -> line.startsWith("used_cpu_sys:") || line.startsWith("used_cpu_user:"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(':') + 1)))
                    .sum();
        }
    }

    private static void requireSame(RedisServer source, RedisServer target) {
        String wanted = digest(source);
        String found = digest(target);
        if (!wanted.equals(found)) {
            throw new IllegalStateException("source and target differ: " + wanted + ", " + found);
        }
    }

    private static String digest(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            return new String(
                    (byte[]) jedis.sendCommand(
                            () -> "DEBUG".getBytes(java.nio.charset.StandardCharsets.US_ASCII), "DIGEST"),
                    java.nio.charset.StandardCharsets.US_ASCII);
        }
    }

    private void say(String format, Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
    }

    /** What each server did alone. */
    private static final class Limits {
        private final Figures reading = new Figures();
        /** CPU seconds of the source meanwhile: what the tool's are measured by, as machines differ. */
        private final Figures readingCpu = new Figures();

        private final Figures writing = new Figures();
    }

    /** What the runs of the tool took. */
    private static final class Cost {
        private final Figures seconds = new Figures();
        /** Seconds that the source alone takes for what these runs ask; empty where nobody measured. */
        private final Figures limit = new Figures();

        private final Figures cpu = new Figures();
        private final Figures allocated = new Figures();
        private final Figures peak = new Figures();
        /** CPU seconds of the two servers; empty where nobody asked. */
        private final Figures source = new Figures();

        private final Figures target = new Figures();

        void add(ToolRun run) {
            seconds.add(run.seconds());
            cpu.add(run.cpuSeconds());
            allocated.add(run.allocatedBytes());
            peak.add(run.peakBytes());
        }
    }
}
