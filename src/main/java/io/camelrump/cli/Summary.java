package io.camelrump.cli;

import io.camelrump.ChangeStatus;
import io.camelrump.Changes;
import io.camelrump.Counts;
import io.camelrump.CutoverResult;
import io.camelrump.Ledger;
import io.camelrump.LeftBehind;
import io.camelrump.PauseTimes;
import io.camelrump.Refusal;
import io.camelrump.RunSeries;
import io.camelrump.RunState;
import io.camelrump.SourceLatency;
import io.camelrump.cli.process.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended.
 *
 * @param result COMPLETE, REFUSED (finished, but not with every key), INCOMPLETE or FAILED; of a live run also
 *     CONVERGED or NOT CONVERGED
 * @param error why, where it is not complete
 * @param counts of the run, with those of the earlier one that it resumed
 * @param earlier counts of that one alone
 * @param refusals the first refused keys
 * @param notes what a person should know beside the counts: databases that were not read, a sample
 * @param latency what the guard of the source saw; null if there was none
 * @param changes what a live run followed; null if it was none
 * @param cutover how the cutover of a live run ended; null if it did not come to that
 * @param series what it did over time
 * @param checkpointRefused whether the checkpoint that it was to resume does not fit
 */
record Summary(
        ExitCode code,
        String result,
        @Nullable String error,
        Counts counts,
        Counts earlier,
        List<Refusal> refusals,
        List<String> notes,
        @Nullable SourceLatency latency,
        @Nullable ChangeStatus changes,
        @Nullable CutoverResult cutover,
        RunSeries series,
        boolean checkpointRefused,
        Instant startedAt,
        Duration duration) {
    /** Fewer of them are not worth a note. */
    private static final int MANY_LONG_VALUES = 10;

    static Summary of(Ledger ledger, @Nullable ExitCode signal, Instant startedAt, Instant endedAt) {
        Counts counts = ledger.counts();
        Duration duration = Duration.between(startedAt, endedAt);
        String failure = ledger.failure();
        SourceLatency latency = ledger.sourceLatency();
        ExitCode code;
        String result;
        String error = null;
        if (ledger.state().isSettled()) {
            code = counts.refused() == 0 ? ExitCode.COMPLETE : ExitCode.REFUSED;
            result = code.name();
        } else {
            boolean failed = ledger.state() == RunState.FAILED;
            code = signal == null ? ExitCode.FAILED : signal;
            result = failed && signal == null ? "FAILED" : "INCOMPLETE";
            error = failed || signal == null ? failure : "stopped by " + signal;
        }
        List<Refusal> refusals = code == ExitCode.COMPLETE ? List.of() : ledger.refusals();
        return new Summary(
                code,
                result,
                error,
                counts,
                ledger.earlierCounts(),
                refusals,
                notes(ledger.remarks(), latency),
                latency,
                null,
                null,
                ledger.series(),
                ledger.isCheckpointRefused(),
                startedAt,
                duration);
    }

    private static List<String> notes(List<String> remarks, @Nullable SourceLatency latency) {
        if (latency == null || latency.longValues() < MANY_LONG_VALUES) {
            return remarks;
        }
        List<String> notes = new ArrayList<>(remarks);
        notes.add(String.format(
                Locale.ROOT,
                "%,d values kept other clients of the source waiting for longer than --latency-guard allows, each by its"
                        + " DUMP alone; --big-key=SIZE copies large ones in parts",
                latency.longValues()));
        return notes;
    }

    /** This summary with the end of the cutover; null if the run did not come to that. */
    Summary after(@Nullable CutoverResult ended, @Nullable Changes followed) {
        if (followed == null) {
            return this;
        }
        boolean converged = ended != null && ended.convergedAsOf() != null;
        boolean missing = ended != null && ended.missing() != null;
        String reason = missing ? "not converged: " + ended.missing() : error;
        return new Summary(
                missing ? ExitCode.NOT_CONVERGED : code,
                missing ? "NOT CONVERGED" : converged && code == ExitCode.COMPLETE ? "CONVERGED" : result,
                reason,
                counts,
                earlier,
                refusals,
                notes,
                latency,
                followed.status(),
                ended,
                series,
                checkpointRefused,
                startedAt,
                duration);
    }

    /**
     * This end of a way back.
     *
     * @param former the server that it led back to
     */
    Summary ofWayBack(String former) {
        boolean released = cutover == null && code == ExitCode.COMPLETE;
        List<String> more = new ArrayList<>(notes);
        if (changes != null && !isCopied()) {
            more.add(format(
                    "%s holds all changes that were followed until %s: %,d keys copied, %,d deleted; %,d keys that had"
                            + " changed by then were not copied",
                    former,
                    startedAt.plus(duration).minus(changes.lag()).truncatedTo(ChronoUnit.MILLIS),
                    counts.restored(),
                    counts.deleted(),
                    changes.waiting()));
        }
        return new Summary(
                code,
                released ? "RELEASED" : result,
                error,
                counts,
                earlier,
                refusals,
                more,
                latency,
                changes,
                cutover,
                series,
                checkpointRefused,
                startedAt,
                duration);
    }

    /** A run that ended before it read anything. */
    static Summary early(ExitCode code, String error, Instant startedAt) {
        String result = code.isSignal() ? "INCOMPLETE" : "FAILED";
        return new Summary(
                code,
                result,
                error,
                Counts.NONE,
                Counts.NONE,
                List.of(),
                List.of(),
                null,
                null,
                null,
                RunSeries.NONE,
                false,
                startedAt,
                Duration.between(startedAt, Instant.now()));
    }

    /** This end of a run that could not resume its checkpoint. */
    Summary refusingCheckpoint() {
        return new Summary(
                code, result, error, counts, earlier, refusals, notes, latency, changes, cutover, series, true,
                startedAt, duration);
    }

    /** This end with the {@code trouble} of a file that could not be written whole; null if it was. */
    Summary but(@Nullable String trouble) {
        if (trouble == null) {
            return this;
        }
        boolean complete = code == ExitCode.COMPLETE;
        return new Summary(
                complete ? ExitCode.FAILED : code,
                complete ? "FAILED" : result,
                error == null ? trouble : error,
                counts,
                earlier,
                refusals,
                notes,
                latency,
                changes,
                cutover,
                series,
                checkpointRefused,
                startedAt,
                duration);
    }

    /** Whether the copy came to its end, and can be verified. */
    boolean isCopied() {
        return code == ExitCode.COMPLETE || code == ExitCode.REFUSED;
    }

    static double secondsSince(Instant startedAt) {
        return Duration.between(startedAt, Instant.now()).toMillis() / 1000.0;
    }

    static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    double seconds() {
        return duration.toMillis() / 1000.0;
    }

    /** Keys of this process alone. */
    private long ownKeys() {
        return Math.max(0, counts.settled() - earlier.settled());
    }

    private long ownBytes() {
        return Math.max(0, counts.bytes() - earlier.bytes());
    }

    long keysPerSecond() {
        return Math.round(ownKeys() / Math.max(0.001, seconds()));
    }

    long bytesPerSecond() {
        return Math.round(ownBytes() / Math.max(0.001, seconds()));
    }

    /** The last words of a run; nothing more than its result where nothing was read because of an error. */
    String text() {
        if (counts.read() == 0 && error != null && !result.equals("INCOMPLETE")) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        text.append(format(
                "%s: %,d keys, %s%s in %.1f s (%,d keys/s, %s/s)%n",
                result.equals("REFUSED") ? "FINISHED, BUT NOT WITH EVERY KEY" : result,
                counts.settled(),
                bytes(counts.bytes()),
                earlier.settled() == 0
                        ? ""
                        : format("; since it was resumed %,d keys, %s", ownKeys(), bytes(ownBytes())),
                seconds(),
                keysPerSecond(),
                bytes(bytesPerSecond())));
        text.append(outcomes(counts)).append(format("%n"));
        remarks(text);
        return text.toString();
    }

    /** One line. */
    static String outcomes(Counts counts) {
        return format(
                "read %,d: restored %,d, kept %,d, vanished %,d, filtered %,d, deleted %,d%s, refused %,d%s",
                counts.read(),
                counts.restored(),
                counts.kept(),
                counts.vanished(),
                counts.filtered(),
                counts.deleted(),
                counts.handedOn() == 0 ? "" : format(", handed on %,d", counts.handedOn()),
                counts.refused(),
                counts.balanced() ? "" : format(", in flight %,d", counts.inFlight()));
    }

    private void remarks(StringBuilder text) {
        if (latency != null && !latency.slowed().isZero()) {
            text.append(format(
                    "read in short turns for %.1f s to spare the source's other clients; PING took up to %.1f ms%n",
                    latency.slowed().toMillis() / 1e3, latency.worst().toNanos() / 1e6));
        }
        if (changes != null) {
            followed(text, changes);
        }
        refused(text);
        notes.forEach(note -> text.append(format("note: %s%n", note)));
    }

    private void followed(StringBuilder text, ChangeStatus status) {
        Instant convergedAsOf = cutover == null ? null : cutover.convergedAsOf();
        PauseTimes pause = cutover == null ? null : cutover.pause();
        if (convergedAsOf != null) {
            text.append(format("converged as of %s%n", convergedAsOf.truncatedTo(ChronoUnit.MILLIS)));
        }
        if (pause != null) {
            text.append(format("writes at the source paused for %.1f s", seconds(pause.whole())));
            text.append(
                    pause.converged() == null
                            ? ""
                            : format(", of which %.1f s until converged", seconds(pause.converged())));
            text.append(
                    pause.closed() == null
                            ? format("%n")
                            : format("; connections closed that waited to write: %,d%n", pause.closed()));
        }
        if (cutover != null && cutover.verified() != null) {
            text.append(format(
                    "verified %,d keys beside the writers, compared %,d at the cutover%n",
                    cutover.verified(), cutover.compared()));
        }
        LeftBehind left = cutover == null ? null : cutover.leftBehind();
        if (left != null && left.text() != null) {
            text.append(format("%s%n", left.text()));
        }
        text.append(format(
                "changes reported by %s: waiting %,d, gaps %,d, scans for them %,d, databases emptied %,d, deletes"
                        + " held %,d, withheld %,d%n",
                status.by().name().toLowerCase(Locale.ROOT),
                status.waiting(),
                status.gaps(),
                status.scans(),
                status.flushes(),
                status.held(),
                status.withheld()));
    }

    private void refused(StringBuilder text) {
        for (Refusal refusal : refusals) {
            text.append(format("refused %s%n", refusal));
        }
        long more = counts.refused() - refusals.size();
        if (more > 0 && !refusals.isEmpty()) {
            text.append(format("and %,d more; --failed-keys FILE writes them all%n", more));
        }
    }

    static String bytes(long bytes) {
        if (bytes < 10_000) {
            return format("%,d B", bytes);
        }
        return bytes < 10_000_000 ? format("%.1f kB", bytes / 1e3) : format("%,.1f MB", bytes / 1e6);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
