package io.camelrump.bench;

import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import redis.clients.jedis.Jedis;

/**
 * Measures copies and comparisons with both servers a round trip away, and prints what each takes of its time without
 * one; and what a comparison takes of the copy's time over the same distance.
 *
 * <p>A proxy on each side delays by half of the round trip in each direction, and does not bound the throughput. It
 * takes of the same processors, so the near runs go through one as well.
 */
public final class Distance {
    private static final int REPETITIONS = Integer.getInteger("rump.bench.repetitions", 3);
    private static final int[] ROUND_TRIPS = {0, 2, 10};

    private final PrintStream out;

    private Distance(PrintStream out) {
        this.out = out;
    }

    /** Measures all cells, or those that are named. */
    public static void main(String[] names) throws Exception {
        Distance distance = new Distance(System.out);
        List<String> wanted = List.of(names);
        distance.say(
                "%n%-34s %-10s %8s %8s %8s   %s", "Over a distance, median s", "", "0 ms", "2 ms", "10 ms", "of 0 ms");
        for (Cell cell : Cell.values()) {
            if (wanted.isEmpty() || wanted.contains(cell.name())) {
                distance.measure(cell);
            }
        }
    }

    /** What is copied, and compared after it where that is wanted. */
    private enum Cell {
        SMALL(DataSet.SMALL, true),
        STRINGS(DataSet.STRINGS, true),
        MIXED(DataSet.MIXED, true),
        MEDIUM(DataSet.MEDIUM, true),
        COUNT_1000(DataSet.MIXED, false, "--scan-count", "1000"),
        CHECKPOINT(DataSet.MIXED, false, "--checkpoint", "target:rump-bench"),
        PARTS(DataSet.PARTS, false);

        private final DataSet data;
        private final boolean compares;
        private final String[] flags;

        Cell(DataSet data, boolean compares, String... flags) {
            this.data = data;
            this.compares = compares;
            this.flags = flags;
        }
    }

    private void measure(Cell cell) throws Exception {
        try (RedisServers servers = new RedisServers()) {
            RedisServer source = servers.start();
            RedisServer target = servers.start();
            try (Jedis jedis = source.jedis()) {
                cell.data.fill(jedis);
            }
            List<Figures> copies = new ArrayList<>();
            List<Figures> comparisons = new ArrayList<>();
            for (int n = 0; n < ROUND_TRIPS.length; n++) {
                copies.add(new Figures());
                comparisons.add(new Figures());
            }
            for (int i = 0; i < REPETITIONS; i++) {
                for (int n = 0; n < ROUND_TRIPS.length; n++) {
                    Benchmark.empty(target);
                    copies.get(n)
                            .add(seconds(
                                    source,
                                    target,
                                    ROUND_TRIPS[n],
                                    (from, to) -> ToolRun.of(from, to, true, cell.flags)));
                    if (cell.compares) {
                        comparisons.get(n).add(seconds(source, target, ROUND_TRIPS[n], ToolRun::ofComparison));
                    }
                }
            }
            row(cell.data.title() + " " + String.join(" ", cell.flags), "copy", copies, copies.get(0));
            if (cell.compares) {
                row("", "compare", comparisons, comparisons.get(0));
                say(
                        "%-34s %-10s %8.2f %8.2f %8.2f",
                        "",
                        "/ copy",
                        ratio(comparisons, copies, 0),
                        ratio(comparisons, copies, 1),
                        ratio(comparisons, copies, 2));
            }
        }
    }

    private static double ratio(List<Figures> some, List<Figures> others, int n) {
        return some.get(n).median() / others.get(n).median();
    }

    private void row(String title, String what, List<Figures> seconds, Figures near) {
        say(
                "%-34s %-10s %8.2f %8.2f %8.2f   %.2f %.2f",
                title,
                what,
                seconds.get(0).median(),
                seconds.get(1).median(),
                seconds.get(2).median(),
                seconds.get(1).median() / near.median(),
                seconds.get(2).median() / near.median());
    }

    /** A run from one port to another one. */
    private interface Run {
        ToolRun of(int from, int to) throws Exception;
    }

    /** Seconds of a run through a proxy on each side. */
    private static double seconds(RedisServer source, RedisServer target, int roundTripMillis, Run run)
            throws Exception {
        try (FaultyProxy before = new FaultyProxy(source).delay(roundTripMillis / 2);
                FaultyProxy behind = new FaultyProxy(target).delay(roundTripMillis / 2)) {
            return run.of(before.port(), behind.port()).seconds();
        }
    }

    private void say(String format, Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
    }
}
