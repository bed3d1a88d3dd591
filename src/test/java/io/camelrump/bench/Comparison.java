package io.camelrump.bench;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Compares two builds of the distribution in about three minutes: the same cells with each in turn, and what the new
 * one takes of what the old one took. It ends with 1 if the new one is slower anywhere by more than 5 %.
 *
 * <p>A difference that the old build also has from itself is reported as not resolved. A build is measured where it was
 * built: elsewhere Java does not take its archive of classes.
 */
public final class Comparison {
    private static final int LEAST_PAIRS = 4;
    /** Short runs scatter more, and more of them fit. */
    private static final long CELL_NANOS = TimeUnit.SECONDS.toNanos(Integer.getInteger("rump.bench.cell.seconds", 10));

    private final Build old;
    private final Build recent;
    private final PrintStream out;
    private final List<String> slower = new ArrayList<>();
    private final List<String> unresolved = new ArrayList<>();

    private Comparison(Build old, Build recent, PrintStream out) {
        this.old = old;
        this.recent = recent;
        this.out = out;
    }

    /** Takes the folders that hold the two builds' {@code bin/rump}, and the cells to measure; all if none is named. */
    public static void main(String[] words) throws Exception {
        if (words.length < 2) {
            System.err.println("two folders are needed that each hold a build's bin/rump: the old one, the new one");
            System.exit(2);
        }
        List<ComparisonCell> cells =
                Stream.of(words).skip(2).map(ComparisonCell::valueOf).toList();
        Comparison comparison = new Comparison(new Build(Path.of(words[0])), new Build(Path.of(words[1])), System.out);
        System.exit(comparison.run(cells.isEmpty() ? List.of(ComparisonCell.values()) : cells) ? 0 : 1);
    }

    /** Whether nothing got slower. */
    private boolean run(List<ComparisonCell> cells) throws Exception {
        say("%n%-42s %5s   %-11s %-11s %-11s   %s", "new / old", "pairs", "wall", "CPU", "source CPU", "old -> new");
        for (ComparisonCell cell : cells) {
            measure(cell);
        }
        unresolved.forEach(text -> say("not resolved: %s", text));
        slower.forEach(text -> say("SLOWER: %s", text));
        if (slower.isEmpty()) {
            say("nothing is slower by more than %.0f %% that could be resolved", 100 * Ratio.TOLERANCE);
        }
        return slower.isEmpty();
    }

    private void measure(ComparisonCell cell) throws Exception {
        Way oldWay = cell.way(old);
        Way newWay = cell.way(recent);
        Costs oldCosts = new Costs();
        Costs newCosts = new Costs();
        int pairs = 0;
        try (TestBed bed = cell.bed()) {
            // servers take memory, and the system the files
            oldWay.measure(bed);
            newWay.measure(bed);
            for (long begin = System.nanoTime();
                    pairs < LEAST_PAIRS || System.nanoTime() - begin < CELL_NANOS;
                    pairs++) {
                // each goes first as often as the other
                if (pairs % 2 == 0) {
                    oldCosts.add(oldWay.measure(bed));
                    newCosts.add(newWay.measure(bed));
                } else {
                    newCosts.add(newWay.measure(bed));
                    oldCosts.add(oldWay.measure(bed));
                }
            }
        }
        say(
                "%-42s %5d   %-11s %-11s %-11s   %s%s%s",
                cell.title(),
                pairs,
                judge(cell, "wall", oldCosts.wall, newCosts.wall),
                judge(cell, "CPU", oldCosts.cpu, newCosts.cpu),
                judge(cell, "source CPU", oldCosts.sourceCpu, newCosts.sourceCpu),
                change("wall", oldCosts.wall, newCosts.wall),
                change("CPU", oldCosts.cpu, newCosts.cpu),
                change("source", oldCosts.sourceCpu, newCosts.sourceCpu));
    }

    private String judge(ComparisonCell cell, String what, Figures before, Figures after) {
        if (before.isEmpty()) {
            return "";
        }
        Ratio ratio = Ratio.of(before, after);
        switch (ratio.verdict()) {
            case SLOWER -> slower.add(cell.title() + ", " + what + " " + ratio);
            case NOT_RESOLVED -> unresolved.add(cell.title() + ", " + what + " " + ratio);
            default -> {
                // nothing that has to be named
            }
        }
        return ratio.toString();
    }

    private static String change(String what, Figures before, Figures after) {
        return before.isEmpty()
                ? ""
                : String.format(Locale.ROOT, "%s %.3f -> %.3f s  ", what, before.undisturbed(), after.undisturbed());
    }

    private void say(String format, Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
    }

    /** What the runs of one build took; empty where a cell does not have it. */
    private static final class Costs {
        private final Figures wall = new Figures();
        private final Figures cpu = new Figures();
        private final Figures sourceCpu = new Figures();

        void add(Measurement measured) {
            add(wall, measured.seconds());
            add(cpu, measured.cpu());
            add(sourceCpu, measured.sourceCpu());
        }

        private static void add(Figures figures, double value) {
            if (!Double.isNaN(value)) {
                figures.add(value);
            }
        }
    }
}
