package io.camelrump.bench;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** One part of the table, which can be measured alone: what a source holds, and what is done with it in turn. */
enum Cell {
    VERSION("Start", DataSet.NOTHING, 8, Cell::calls),
    ONE("Copy", DataSet.oneKey(), 5, Cell::copies),
    FEW("Copy", DataSet.strings(10_000, 100), 5, Cell::copies),
    STRINGS("Copy", DataSet.strings(300_000, 100), 3, Cell::copiesAndSource),
    MIXED("Copy", DataSet.mixed(200_000), 3, Cell::copiesAndSource),
    LARGE("Copy", DataSet.large(), 3, Cell::copiesAndSource),
    STRINGS_CLIENTS("Copy beside two clients", DataSet.strings(300_000, 100), 3, true, Cell::besideClients),
    MIXED_CLIENTS("Copy beside two clients", DataSet.mixed(200_000), 3, true, Cell::besideClients),
    VALUES_CLIENTS("Copy beside two clients", DataSet.strings(6_000, 50_000), 3, true, Cell::besideClients),
    STRINGS_CLIENTS_FAR(
            "Copy beside two clients, over a distance", DataSet.strings(300_000, 100), 3, true, Cell::besideClientsFar),
    MIXED_CLIENTS_FAR(
            "Copy beside two clients, over a distance", DataSet.mixed(200_000), 3, true, Cell::besideClientsFar),
    VALUES_CLIENTS_FAR(
            "Copy beside two clients, over a distance",
            DataSet.strings(6_000, 50_000),
            3,
            true,
            Cell::besideClientsFar),
    IDLE("Copy beside an idle client", DataSet.strings(300_000, 100), 5, () -> guarded(IdleClient::new)),
    STANDSTILLS(
            "Copy from a source that stands still for 20 of 25 ms",
            DataSet.strings(50_000, 100),
            3,
            () -> guarded(Standstills::new)),
    STANDSTILLS_FAR(
            "Copy from a source that stands still for 20 of 25 ms, 10 ms away",
            DataSet.strings(50_000, 100),
            3,
            () -> guarded(Standstills::new, 10)),
    STRINGS_FAR("Copy over a distance", DataSet.strings(300_000, 100), 3, Cell::far),
    MIXED_FAR("Copy over a distance", DataSet.mixed(300_000), 3, Cell::far),
    HASH_FAR("Copy in parts over a distance", DataSet.hash(), 5, Cell::farInParts),
    LIST_FAR("Copy in parts over a distance", DataSet.list(), 3, Cell::farInParts),
    SET_FAR("Copy in parts over a distance", DataSet.set(), 3, Cell::farInParts),
    ZSET_FAR("Copy in parts over a distance", DataSet.sortedSet(), 3, Cell::farInParts),
    STREAM_FAR("Copy in parts over a distance", DataSet.stream(), 3, Cell::farInParts),
    STRING_FAR("Copy in parts over a distance", DataSet.string(), 3, Cell::farInParts),
    COMPARE_STRINGS("Comparison", DataSet.strings(300_000, 100), 3, Cell::comparisons),
    COMPARE_MIXED("Comparison", DataSet.mixed(200_000), 3, Cell::comparisons),
    CHECKPOINT("Checkpoint and replicas, 10 ms away", DataSet.strings(200_000, 100), 3, Cell::confirmed),
    CLUSTER_FAR(
            "Copy from and to a cluster of three, over a distance",
            DataSet.strings(300_000, 100),
            3,
            Cell::withClusters),
    METERS("Copy whose metrics are read every 5 seconds", DataSet.strings(2_000_000, 100), 3, Cell::measured),
    LIVE("Live run", DataSet.written(), 3, true, Cell::live);

    private static final double LIVE_SECONDS = 3;

    private final String title;
    private final DataSet data;
    private final int rounds;
    private final boolean sourceHasCore;
    private final Rows rows;

    /** Made when they are needed: they hold what they have prepared. */
    private interface Rows {
        List<Row> make();
    }

    Cell(String title, DataSet data, int rounds, Rows rows) {
        this(title, data, rounds, false, rows);
    }

    Cell(String title, DataSet data, int rounds, boolean sourceHasCore, Rows rows) {
        this.title = title;
        this.data = data;
        this.rounds = rounds;
        this.sourceHasCore = sourceHasCore;
        this.rows = rows;
    }

    String title() {
        return title + ", " + data.title();
    }

    /** Whether the source has a core for itself, so that only the source makes its clients wait. */
    boolean sourceHasCore() {
        return sourceHasCore;
    }

    /** How often all rows are measured, one after the other. */
    int rounds() {
        return rounds;
    }

    List<Row> rows() {
        return rows.make();
    }

    TestBed bed() {
        return new TestBed(RedisServers.usual(), data);
    }

    private static Rump copy(String... flags) {
        return Rump.copy(Build.current(), flags);
    }

    private static List<Row> calls() {
        return List.of(
                Row.base("java -version", Call.ofJava()),
                Row.of("rump --version", Call.of(Build.current(), "--version")),
                Row.of("rump --help", Call.of(Build.current(), "--help")));
    }

    private static List<Row> copies() {
        return List.of(
                Row.base("REPLICAOF", new Replication(0)),
                Row.of("SCAN and MIGRATE", new MigrateCommand(0)),
                Row.of("rump", copy()));
    }

    private static List<Row> copiesAndSource() {
        return Stream.concat(
                        copies().stream(),
                        Stream.of(
                                Row.of("rump --big-key off", copy("--big-key", "off")),
                                Row.of("source alone, PTTL and DUMP", new SourceAlone(false)),
                                Row.of("source alone, all that rump asks", new SourceAlone(true))))
                .toList();
    }

    private static List<Row> besideClients() {
        List<Row> rows = new ArrayList<>(List.of(Row.of("no copy", new Beside(Hammer::new, new NoWork()))));
        rows.addAll(guarded(Hammer::new));
        rows.add(Row.of("REPLICAOF", new Beside(Hammer::new, new Replication(0))));
        rows.add(Row.of("SCAN and MIGRATE", new Beside(Hammer::new, new MigrateCommand(0))));
        return rows;
    }

    private static List<Row> besideClientsFar() {
        return Stream.concat(guarded(Hammer::new, 1).stream(), guarded(Hammer::new, 10).stream())
                .toList();
    }

    private static List<Row> guarded(Function<RedisServer, Clients> others) {
        return guarded(others, 0);
    }

    private static List<Row> guarded(Function<RedisServer, Clients> others, int millis) {
        Way unguarded = copy("--latency-guard", "off").over(millis);
        String distance = millis == 0 ? "" : ", " + millis + " ms";
        return List.of(
                Row.base("rump --latency-guard off" + distance, new Beside(others, unguarded)),
                Row.of("rump" + distance, new Beside(others, copy().over(millis))));
    }

    private static List<Row> far() {
        return List.of(
                Row.base("rump, 0 ms", copy()),
                Row.of("rump, 1 ms", copy().over(1)),
                Row.of("rump, 10 ms", copy().over(10)),
                Row.of("REPLICAOF, 10 ms", new Replication(10)),
                Row.of("SCAN and MIGRATE, 10 ms", new MigrateCommand(10)));
    }

    private static List<Row> farInParts() {
        return List.of(Row.base("0 ms", copy()), Row.of("1 ms", copy().over(1)), Row.of("10 ms", copy().over(10)));
    }

    private static List<Row> comparisons() {
        List<Row> rows = new ArrayList<>();
        for (int millis : new int[] {0, 1, 10}) {
            rows.add(Row.base("copy, " + millis + " ms", copy().over(millis)));
            rows.add(Row.of(
                    "comparison, " + millis + " ms",
                    Rump.compare(Build.current()).over(millis)));
        }
        return rows;
    }

    private static List<Row> confirmed() {
        return List.of(
                Row.base("plain", copy().over(10)),
                Row.of(
                        "--checkpoint target:...",
                        copy("--checkpoint", "target:rump-bench").over(10)),
                Row.of(
                        "--wait-replicas 1",
                        new WithReplica(copy("--wait-replicas", "1").over(10))));
    }

    private static List<Row> withClusters() {
        return List.of(
                Row.base("cluster to server, 0 ms", new ClusterCopy(false, 0)),
                Row.of("cluster to server, 10 ms", new ClusterCopy(false, 10)),
                Row.base("server to cluster, 0 ms", new ClusterCopy(true, 0)),
                Row.of("server to cluster, 10 ms", new ClusterCopy(true, 10)));
    }

    /** Beside a copy with the same HTTP server, which takes half a second to start. */
    private static List<Row> measured() {
        return List.of(
                Row.base("rump --control-port", copy("--control-port", "0")),
                Row.of("rump --metrics-port", new Scraped(Build.current())));
    }

    private static List<Row> live() {
        List<Row> rows = new ArrayList<>();
        for (int rate : new int[] {0, 500, 2_000, 10_000}) {
            String writes = rate == 0 ? "nothing (us per second)" : rate + " writes/s";
            rows.add(Row.base(writes + " alone", bed -> SteadyWriter.measure(bed, rate, LIVE_SECONDS)));
            rows.add(Row.of(writes + " followed", new Following(Build.current(), rate, LIVE_SECONDS)));
        }
        return rows;
    }
}
