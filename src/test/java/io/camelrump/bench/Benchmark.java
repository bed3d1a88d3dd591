package io.camelrump.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Prints one table of what the distribution takes, beside the servers' own replication and MIGRATE: cell by cell, whose
 * rows are measured in turn, and ratios first.
 *
 * <p>Where others work on the machine too, trust ratios and CPU more than seconds.
 */
public final class Benchmark {
    /** No round of a cell begins later. */
    private static final long LAST_ROUND_NANOS =
            TimeUnit.SECONDS.toNanos(Integer.getInteger("rump.bench.cell.seconds", 90));

    private final PrintStream out;

    private Benchmark(PrintStream out) {
        this.out = out;
    }

    /** Measures all cells, or those that are named. */
    public static void main(String[] names) throws Exception {
        List<Cell> cells = Stream.of(names).map(Cell::valueOf).toList();
        Benchmark benchmark = new Benchmark(System.out);
        if (!Cores.areSet()) {
            benchmark.head();
        }
        for (Cell cell : cells.isEmpty() ? List.of(Cell.values()) : cells) {
            if (cell.sourceHasCore() && Cores.areSeveral() && !Cores.areSet()) {
                Cores.runOnOthers(Benchmark.class, cell.name());
            } else {
                benchmark.measure(cell);
            }
        }
    }

    private void head() {
        say(
                "Medians. Ratios are to the row of its cell above that has 1.00. Waits are those of the source's other clients,");
        say(
                "or the time until a write of a live run is at the target. Start of Java included, in CPU per key or write, too.");
        say(
                "%n%-34s %6s %6s %6s | %8s %9s %8s %8s %8s | %8s %8s | %5s",
                "", "time", "source", "wait", "time", "keys or", "CPU", "CPU", "source", "p99", "p99.9", "peak");
        say(
                "%-34s %6s %6s %6s | %8s %9s %8s %8s %8s | %8s %8s | %5s",
                "", "ratio", "CPU", "p99", "s", "writes/s", "s", "us each", "us each", "ms", "ms", "MB");
    }

    private void measure(Cell cell) throws Exception {
        List<Row> rows = cell.rows();
        List<RowFigures> figures = rows.stream().map(row -> new RowFigures()).toList();
        int round = 0;
        try (TestBed bed = cell.bed()) {
            if (Cores.areSet()) {
                Cores.giveFirst(bed.source());
            }
            long begin = System.nanoTime();
            for (; round < cell.rounds() && System.nanoTime() - begin < LAST_ROUND_NANOS; round++) {
                for (int i = 0; i < rows.size(); i++) {
                    figures.get(i).add(rows.get(i).way().measure(bed));
                    if (round == 0 && rows.get(i).way().leavesEqual()) {
                        bed.requireEqual();
                    }
                }
            }
        }
        say("%s: %s, rounds: %d", cell, cell.title(), round);
        RowFigures base = null;
        for (int i = 0; i < rows.size(); i++) {
            base = rows.get(i).base() ? figures.get(i) : base;
            say("  %-32s %s", rows.get(i).title(), figures.get(i).text(base));
        }
    }

    private void say(String format, Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
    }
}
