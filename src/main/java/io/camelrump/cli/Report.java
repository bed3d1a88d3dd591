package io.camelrump.cli;

import io.camelrump.Counts;
import io.camelrump.Difference;
import io.camelrump.Ledger;
import io.camelrump.Refusal;
import io.camelrump.RunSeries;
import io.camelrump.RunState;
import io.camelrump.cli.process.ExitCode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * How a comparison ended.
 *
 * @param result EQUAL, DIFFERENT, UNREADABLE (equal but for keys that could not be read), INCOMPLETE or FAILED
 * @param compared keys of the source that were compared
 * @param lookedUp names of the target that were looked up at the source
 * @param counted whether none had to be, as both sides hold equally many keys and were not written to
 * @param causes how many keys differ, by cause
 * @param differences the first of them
 * @param kept keys that the target had before, with other values that were to stay
 * @param reduced keys that are equal but for what an option let go
 * @param undecided keys of the target that a regular expression of --rename may have named
 * @param series what the comparison of the source's keys did over time
 */
record Report(
        ExitCode code,
        String result,
        @Nullable String error,
        long compared,
        long lookedUp,
        boolean counted,
        Map<Difference.Cause, Long> causes,
        List<Difference> differences,
        long repaired,
        long deleted,
        long unreadable,
        long kept,
        long reduced,
        long undecided,
        List<Refusal> refusals,
        RunSeries series,
        Instant startedAt,
        Duration duration) {
    private static final int SHOWN = 20;

    private record Place(int database, ByteBuffer key) {}

    /** The books of both directions in one; the first ones are those of the source's keys. */
    static Report of(List<Ledger> ledgers, boolean counted, @Nullable ExitCode signal, Instant startedAt) {
        Map<Difference.Cause, Long> causes = new EnumMap<>(Difference.Cause.class);
        Collection<Difference> differences = differences(ledgers, causes);
        long unreadable = sum(ledgers, ledger -> ledger.counts().refused());
        long compared = compared(ledgers.get(0).counts());
        String error = error(ledgers, signal);
        ExitCode code = code(signal, error, differences.isEmpty(), unreadable);
        return new Report(
                code,
                result(ledgers, code),
                error,
                compared,
                sum(ledgers, ledger -> compared(ledger.counts())) - compared,
                counted,
                causes,
                List.copyOf(differences),
                sum(ledgers, ledger -> ledger.counts().restored()),
                sum(ledgers, ledger -> ledger.counts().deleted()),
                unreadable,
                sum(ledgers, Ledger::keptBefore),
                sum(ledgers, Ledger::reduced),
                sum(ledgers, Ledger::undecided),
                ledgers.stream().flatMap(ledger -> ledger.refusals().stream()).toList(),
                ledgers.get(0).series(),
                startedAt,
                Duration.between(startedAt, Instant.now()));
    }

    private static long sum(List<Ledger> ledgers, ToLongFunction<Ledger> count) {
        return ledgers.stream().mapToLong(count).sum();
    }

    /** Differences of both directions, each key once; counted by cause. */
    private static Collection<Difference> differences(List<Ledger> ledgers, Map<Difference.Cause, Long> causes) {
        Map<Place, Difference> differences = new LinkedHashMap<>();
        for (Ledger ledger : ledgers) {
            ledger.differing().forEach((cause, keys) -> causes.merge(cause, keys, Long::sum));
            for (Difference difference : ledger.differences()) {
                Place place = new Place(difference.database(), ByteBuffer.wrap(difference.key()));
                if (differences.putIfAbsent(place, difference) != null) {
                    // deleted at the source meanwhile, and found from both sides
                    causes.computeIfPresent(difference.cause(), (cause, keys) -> keys - 1);
                }
            }
        }
        return differences.values();
    }

    /** A comparison that ended before it looked at anything. */
    static Report early(ExitCode code, String error, Instant startedAt) {
        String result = code.isSignal() ? "INCOMPLETE" : "FAILED";
        Duration duration = Duration.between(startedAt, Instant.now());
        return new Report(
                code,
                result,
                error,
                0,
                0,
                false,
                Map.of(),
                List.of(),
                0,
                0,
                0,
                0,
                0,
                0,
                List.of(),
                RunSeries.NONE,
                startedAt,
                duration);
    }

    /** This end as it is between two sides that changed places to be compared. */
    Report turned() {
        return new Report(
                code,
                result,
                error,
                lookedUp,
                compared,
                counted,
                FileComparison.turned(causes),
                differences.stream().map(FileComparison::turned).toList(),
                repaired,
                deleted,
                unreadable,
                kept,
                reduced,
                undecided,
                refusals,
                series,
                startedAt,
                duration);
    }

    /** This end with the {@code trouble} of a file that could not be written whole; null if it was. */
    Report but(@Nullable String trouble) {
        if (trouble == null) {
            return this;
        }
        boolean equal = code == ExitCode.COMPLETE;
        return new Report(
                equal ? ExitCode.FAILED : code,
                equal ? "FAILED" : result,
                error == null ? trouble : error,
                compared,
                lookedUp,
                counted,
                causes,
                differences,
                repaired,
                deleted,
                unreadable,
                kept,
                reduced,
                undecided,
                refusals,
                series,
                startedAt,
                duration);
    }

    /** The end of both, the migration before it included; null if there was none. */
    ExitCode codeAfter(@Nullable Summary migrated) {
        return migrated == null ? code : code.worse(migrated.code());
    }

    private static long compared(Counts counts) {
        return counts.settled() - counts.filtered();
    }

    private static @Nullable String error(List<Ledger> ledgers, @Nullable ExitCode signal) {
        if (signal != null) {
            return "stopped by " + signal;
        }
        return ledgers.stream()
                .filter(ledger -> !ledger.state().isSettled())
                // a failure stops the other direction, which is incomplete by it
                .sorted(Comparator.comparing(ledger -> ledger.state() != RunState.FAILED))
                .map(ledger -> String.valueOf(ledger.failure()))
                .filter(failure -> !failure.equals("null"))
                .findFirst()
                .orElse(null);
    }

    private static ExitCode code(@Nullable ExitCode signal, @Nullable String error, boolean same, long unreadable) {
        if (signal != null) {
            return signal;
        }
        if (error != null) {
            return ExitCode.FAILED;
        }
        if (!same) {
            return ExitCode.DIFFERENT;
        }
        return unreadable > 0 ? ExitCode.REFUSED : ExitCode.COMPLETE;
    }

    private static String result(List<Ledger> ledgers, ExitCode code) {
        return switch (code) {
            case COMPLETE -> "EQUAL";
            case DIFFERENT -> "DIFFERENT";
            case REFUSED -> "UNREADABLE";
            case FAILED, USAGE, NOT_READY, NOT_CONVERGED ->
                ledgers.stream().anyMatch(ledger -> ledger.state() == RunState.FAILED) ? "FAILED" : "INCOMPLETE";
            case SIGHUP, SIGINT, SIGTERM -> "INCOMPLETE";
        };
    }

    double seconds() {
        return duration.toMillis() / 1000.0;
    }

    /** Keys that differ, and stayed so. */
    long differing() {
        return causes.values().stream().mapToLong(Long::longValue).sum();
    }

    static String word(Difference.Cause cause) {
        return cause.name().toLowerCase(Locale.ROOT);
    }

    /** The last words of a comparison; none where nothing was looked at because of an error. */
    String text(boolean dryRun) {
        if (error != null && compared == 0 && !result.equals("INCOMPLETE")) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        text.append(format(
                "%s: %,d keys of the source compared, %s, in %.1f s%n",
                result.equals("UNREADABLE") ? "EQUAL, BUT FOR KEYS THAT COULD NOT BE READ" : result,
                compared,
                counted ? "the target holds no others" : format("%,d of the target looked up", lookedUp),
                seconds()));
        if (repaired > 0 || deleted > 0) {
            text.append(format("repaired %,d, deleted %,d%n", repaired, deleted));
        }
        if (!causes.isEmpty()) {
            text.append(format(
                    "differing %,d: missing %,d, extra %,d, type %,d, value %,d, expiry %,d%n",
                    differing(),
                    keys(Difference.Cause.MISSING),
                    keys(Difference.Cause.EXTRA),
                    keys(Difference.Cause.TYPE),
                    keys(Difference.Cause.VALUE),
                    keys(Difference.Cause.EXPIRY)));
        }
        leftAlone(text);
        if (dryRun) {
            text.append(format(
                    "dry run: --repair would copy %,d again, --prune would delete %,d%n",
                    differing() - keys(Difference.Cause.EXTRA), keys(Difference.Cause.EXTRA)));
        }
        list(text, dryRun);
        return text.toString();
    }

    private void leftAlone(StringBuilder text) {
        if (kept > 0) {
            text.append(format("kept %,d: the target's own values under these names stay%n", kept));
        }
        if (reduced > 0) {
            text.append(format(
                    "reduced %,d: equal except for data that the target cannot hold, dropped as the options"
                            + " allow%n",
                    reduced));
        }
        if (undecided > 0) {
            text.append(format(
                    "undecided %,d: a regular expression of --rename may have named these keys of the target after keys"
                            + " that are gone or not compared; they are left alone%n",
                    undecided));
        }
    }

    private void list(StringBuilder text, boolean dryRun) {
        differences.stream()
                .sorted(Comparator.comparing(difference -> dryRun && difference.cause() != Difference.Cause.EXTRA))
                .limit(SHOWN)
                .forEach(difference -> text.append(format("%s %s%n", word(difference.cause()), difference)));
        if (differing() > SHOWN) {
            text.append(format("and %,d more; --failed-keys FILE writes them all%n", differing() - SHOWN));
        }
        refusals.forEach(refusal -> text.append(format("unreadable %s%n", refusal)));
    }

    private long keys(Difference.Cause cause) {
        return causes.getOrDefault(cause, 0L);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
