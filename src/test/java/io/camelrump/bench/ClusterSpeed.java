package io.camelrump.bench;

import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;

/**
 * Measures migrations from and to clusters of several sizes beside one between two servers that stand alone, and what
 * limits each: which process, or which thread of ours, has a core for itself, or whether all cores are in use.
 *
 * <p>Each round runs all of them, one after the other, so that what disturbs the machine disturbs all alike. Trust the
 * ratios more than the rates.
 */
public final class ClusterSpeed {
    private static final int KEYS = Integer.getInteger("rump.bench.cluster.keys", 400_000);
    /** So many take no time beside a start. */
    private static final int FEW = 100;

    private static final int VALUE_BYTES = 100;
    private static final int ROUNDS = 5;
    /** No round begins later: one takes about half a minute. */
    private static final long LAST_ROUND_BEGINS = TimeUnit.SECONDS.toNanos(170);

    private static final int[] SIZES = {1, 3, 6};
    /** A share from which on more of the same is not to be had. */
    private static final double BUSY = 0.9;
    /** The nodes that have nothing to do, and this process, take less. */
    private static final double DISTURBING = 0.3;

    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final double TICKS_PER_SECOND = 100;

    private final PrintStream out;
    private final Map<Integer, Place> sources = new LinkedHashMap<>();
    private final Map<Integer, Place> targets = new LinkedHashMap<>();
    private final Map<Way, Costs> costs = new LinkedHashMap<>();
    private final Costs starts = new Costs();

    /** A server that stands alone, or the masters of a cluster; the first of them is named. */
    private record Place(List<RedisServer> nodes) {
        int port() {
            return nodes.get(0).port();
        }
    }

    /** How many masters are on each side; 0 for a server that stands alone. */
    private record Way(int from, int to) {
        Way ofOneMaster() {
            return new Way(Math.min(from, 1), Math.min(to, 1));
        }

        @Override
        public String toString() {
            return name(from) + " -> " + name(to);
        }

        private static String name(int masters) {
            return masters == 0 ? "server" : "cluster of " + masters;
        }
    }

    private ClusterSpeed(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] nothing) throws Exception {
        new ClusterSpeed(System.out).run();
    }

    private void run() throws Exception {
        long begin = System.nanoTime();
        try (RedisServers servers = new RedisServers()) {
            Place few = new Place(List.of(servers.start()));
            fill(few, FEW);
            start(servers);
            costs.put(new Way(0, 0), new Costs());
            for (int masters : SIZES) {
                costs.put(new Way(masters, 0), new Costs());
            }
            for (int masters : SIZES) {
                costs.put(new Way(0, masters), new Costs());
            }
            for (int masters : SIZES) {
                costs.put(new Way(masters, masters), new Costs());
            }
            int rounds = 0;
            while (rounds < ROUNDS && (rounds == 0 || System.nanoTime() - begin < LAST_ROUND_BEGINS)) {
                starts.add(copied(few, target(0)));
                empty(target(0));
                for (Map.Entry<Way, Costs> way : costs.entrySet()) {
                    way.getValue()
                            .add(copied(
                                    source(way.getKey().from()),
                                    target(way.getKey().to())));
                    requireSame(way.getKey(), rounds == 0);
                    empty(target(way.getKey().to()));
                }
                rounds++;
            }
            table(rounds, (System.nanoTime() - begin) / 1e9);
        }
    }

    /** Clusters and servers with the same keys, brought there by the tool itself. */
    private void start(RedisServers servers) throws Exception {
        sources.put(0, new Place(List.of(servers.start())));
        targets.put(0, new Place(List.of(servers.start())));
        fill(source(0), KEYS);
        for (int masters : SIZES) {
            sources.put(masters, cluster(servers, masters));
            targets.put(masters, cluster(servers, masters));
            Build.current().copy(source(0).port(), source(masters).port());
        }
    }

    private static void fill(Place server, int keys) {
        try (Jedis jedis = server.nodes().get(0).jedis()) {
            DataSet.strings(keys, VALUE_BYTES).fill(jedis);
        }
    }

    private static Place cluster(RedisServers servers, int masters) {
        return new Place(
                RedisCluster.start(servers, RedisServers.usual(), masters, 0).masters());
    }

    private Place source(int masters) {
        return sources.get(masters);
    }

    private Place target(int masters) {
        return targets.get(masters);
    }

    private static Cost copied(Place source, Place target) throws IOException, InterruptedException {
        List<Double> sourceBefore = cpu(source);
        List<Double> targetBefore = cpu(target);
        double machineBefore = cpuOfMachine();
        ToolRun run = Build.current().copy(source.port(), target.port());
        double machine = cpuOfMachine() - machineBefore;
        List<Double> ofSource = difference(cpu(source), sourceBefore);
        List<Double> ofTarget = difference(cpu(target), targetBefore);
        return new Cost(run, ofSource, ofTarget, machine);
    }

    private static List<Double> cpu(Place place) {
        return place.nodes().stream().map(TestBed::cpu).toList();
    }

    private static List<Double> difference(List<Double> now, List<Double> before) {
        List<Double> differences = new ArrayList<>();
        for (int i = 0; i < now.size(); i++) {
            differences.add(now.get(i) - before.get(i));
        }
        return differences;
    }

    /** All that was not idle, of whoever's processes. */
    private static double cpuOfMachine() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
            // cpu user nice system idle iowait irq softirq steal
            String[] fields = lines.findFirst().orElseThrow().trim().split("\\s+");
            return (Stream.of(fields)
                                    .skip(1)
                                    .limit(8)
                                    .mapToLong(Long::parseLong)
                                    .sum()
                            - Long.parseLong(fields[4])
                            - Long.parseLong(fields[5]))
                    / TICKS_PER_SECOND;
        }
    }

    private static void empty(Place place) {
        place.nodes().forEach(TestBed::empty);
    }

    private void requireSame(Way way, boolean byDigest) {
        Place source = source(way.from());
        Place target = target(way.to());
        long keys = keys(source);
        if (keys != KEYS
                || keys != keys(target)
                || byDigest && !RedisCluster.digest(source.nodes()).equals(RedisCluster.digest(target.nodes()))) {
            throw new IllegalStateException(way + ": source and target differ");
        }
    }

    private static long keys(Place place) {
        return place.nodes().stream()
                .mapToLong(node -> {
                    try (Jedis jedis = node.jedis()) {
                        return jedis.dbSize();
                    }
                })
                .sum();
    }

    // --- what is told ---

    private void table(int rounds, double seconds) {
        say(
                "%nClusters: %d strings of %d B, median of %d rounds in %.0f s; net of a start (%.2f s). Shares are"
                        + " of one"
                        + " core, of %d there are.",
                KEYS, VALUE_BYTES, rounds, seconds, starts.seconds.median(), CORES);
        say(
                "%-30s %6s %9s %7s | %6s %7s | %6s %8s | %6s %8s | %6s | %s",
                "",
                "net s",
                "keys/s",
                "ratio",
                "tool",
                "busiest",
                "source",
                "busiest",
                "target",
                "busiest",
                "others",
                "limited by");
        say(
                "%-30s %6s %9s %7s | %6s %7s | %6s %8s | %6s %8s | %6s |",
                "", "", "", "", "", "thread", "nodes", "node", "nodes", "node", "");
        costs.forEach(this::row);
    }

    private void row(Way way, Costs cost) {
        double start = starts.seconds.median();
        double net = cost.seconds.median() - start;
        double ofOne = costs.get(way.ofOneMaster()).seconds.median() - start;
        double tool = (cost.tool.median() - starts.tool.median()) / net;
        double thread = cost.thread.median() / net;
        double source = cost.source.median() / net;
        double sourceNode = cost.sourceNode.median() / net;
        double target = cost.target.median() / net;
        double targetNode = cost.targetNode.median() / net;
        double others = cost.others.median() / cost.seconds.median();
        String limit;
        if (tool + source + target + others >= BUSY * CORES) {
            limit = others < DISTURBING ? "all cores" : "all cores, not ours alone";
        } else if (Math.max(sourceNode, targetNode) >= BUSY) {
            limit = sourceNode >= targetNode ? "source node" : "target node";
        } else if (thread >= BUSY) {
            limit = "thread of the tool";
        } else {
            limit = "waiting";
        }
        say(
                "%-30s %6.2f %9.0f %7.2f | %6.2f %7.2f | %6.2f %8.2f | %6.2f %8.2f | %6.2f | %s",
                way, net, KEYS / net, ofOne / net, tool, thread, source, sourceNode, target, targetNode, others, limit);
    }

    private void say(String format, Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
    }

    /**
     * CPU seconds of one run.
     *
     * @param source of each of its nodes
     * @param target of each of its nodes
     * @param machine of all processes
     */
    private record Cost(ToolRun run, List<Double> source, List<Double> target, double machine) {
        static double sum(List<Double> nodes) {
            return nodes.stream().mapToDouble(Double::doubleValue).sum();
        }

        static double most(List<Double> nodes) {
            return nodes.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        }

        double others() {
            return Math.max(0, machine - run.cpuSeconds() - sum(source) - sum(target));
        }
    }

    /** CPU seconds of all rounds, beside those of the clock. */
    private static final class Costs {
        private final Figures seconds = new Figures();
        private final Figures tool = new Figures();
        private final Figures thread = new Figures();
        private final Figures source = new Figures();
        private final Figures sourceNode = new Figures();
        private final Figures target = new Figures();
        private final Figures targetNode = new Figures();
        private final Figures others = new Figures();

        void add(Cost cost) {
            seconds.add(cost.run().seconds());
            tool.add(cost.run().cpuSeconds());
            thread.add(cost.run().busiestThreadSeconds());
            source.add(Cost.sum(cost.source()));
            sourceNode.add(Cost.most(cost.source()));
            target.add(Cost.sum(cost.target()));
            targetNode.add(Cost.most(cost.target()));
            others.add(cost.others());
        }
    }
}
