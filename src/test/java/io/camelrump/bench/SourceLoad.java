package io.camelrump.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import redis.clients.jedis.Jedis;

/**
 * Measures what a copy does to the source's other clients: the round trips of some that hammer it, without a copy, with
 * the guard of its latency, and without that.
 */
public final class SourceLoad {
    private static final int REPETITIONS = Integer.getInteger("rump.bench.repetitions", 3);
    private static final int QUIET_MILLIS = 4_000;
    private static final Path SUMMARY =
            Path.of("target", "benchmark", "run.json").toAbsolutePath();

    private final PrintStream out;

    private SourceLoad(PrintStream out) {
        this.out = out;
    }

    /** Takes all data sets that show it, or those that are named. */
    public static void main(String[] names) throws Exception {
        List<DataSet> wanted = names.length == 0
                ? List.of(DataSet.STRINGS, DataSet.MEDIUM)
                : List.of(names).stream().map(DataSet::valueOf).toList();
        SourceLoad load = new SourceLoad(System.out);
        load.say(
                "%n%-25s %-18s %8s %8s %8s %8s | %8s %9s %9s",
                "Clients of the source",
                "",
                "p50 ms",
                "p99 ms",
                "p99.9 ms",
                "most ms",
                "copy s",
                "slowed s",
                "worst ms");
        for (DataSet data : wanted) {
            load.measure(data);
        }
    }

    private void measure(DataSet data) throws Exception {
        try (RedisServers servers = new RedisServers()) {
            RedisServer source = servers.start();
            RedisServer target = servers.start();
            try (Jedis jedis = source.jedis()) {
                data.fill(jedis);
            }
            run(source, target, "off");
            Clients quiet = new Clients();
            Clients guarded = new Clients();
            Clients pinned = new Clients();
            Clients unguarded = new Clients();
            for (int i = 0; i < REPETITIONS; i++) {
                quiet.add(quiet(source));
                guarded.add(copied(source, target, "on", guarded));
                pinned.add(copied(source, target, "2ms", pinned));
                unguarded.add(copied(source, target, "off", unguarded));
            }
            row(data.title(), "no copy", quiet);
            row("", "--latency-guard=on", guarded);
            row("", "            =2ms", pinned);
            row("", "            =off", unguarded);
        }
    }

    private static double[] quiet(RedisServer source) throws InterruptedException {
        try (Hammer hammer = new Hammer(source)) {
            Thread.sleep(QUIET_MILLIS);
            return hammer.end();
        }
    }

    private static double[] copied(RedisServer source, RedisServer target, String guard, Clients clients)
            throws Exception {
        try (Hammer hammer = new Hammer(source)) {
            ToolRun run = run(source, target, guard);
            double[] roundTrips = hammer.end();
            clients.seconds.add(run.seconds());
            JsonNode latency = new ObjectMapper().readTree(SUMMARY.toFile()).path("latencyGuard");
            clients.slowed.add(latency.path("slowedSeconds").asDouble());
            clients.worst.add(latency.path("worstMillis").asDouble());
            return roundTrips;
        }
    }

    private static ToolRun run(RedisServer source, RedisServer target, String guard) throws Exception {
        try (Jedis jedis = target.jedis()) {
            jedis.flushAll();
        }
        Files.deleteIfExists(SUMMARY);
        return ToolRun.of(source.port(), target.port(), true, "--latency-guard", guard, "--json", SUMMARY.toString());
    }

    private void row(String title, String which, Clients clients) {
        say(
                "%-25s %-18s %8.2f %8.2f %8.2f %8.2f | %8s %9s %9s",
                title,
                which,
                clients.median.median(),
                clients.p99.median(),
                clients.p999.median(),
                clients.most.median(),
                text(clients.seconds),
                text(clients.slowed),
                text(clients.worst));
    }

    private static String text(Figures figures) {
        return figures.isEmpty() ? "" : String.format(Locale.ROOT, "%.2f", figures.median());
    }

    private void say(String format, Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
    }

    /** Round trips of the clients, and what the copies took meanwhile. */
    private static final class Clients {
        private final Figures median = new Figures();
        private final Figures p99 = new Figures();
        private final Figures p999 = new Figures();
        private final Figures most = new Figures();
        private final Figures seconds = new Figures();
        private final Figures slowed = new Figures();
        private final Figures worst = new Figures();

        void add(double[] roundTrips) {
            median.add(roundTrips[roundTrips.length / 2]);
            p99.add(roundTrips[(int) (roundTrips.length * 0.99)]);
            p999.add(roundTrips[(int) (roundTrips.length * 0.999)]);
            most.add(roundTrips[roundTrips.length - 1]);
        }
    }
}
