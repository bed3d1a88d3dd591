package io.camelrump.cli;

import io.camelrump.ChangeStatus;
import io.camelrump.Changes;
import io.camelrump.Counts;
import io.camelrump.Ledger;
import io.camelrump.RunPhase;
import io.camelrump.SweepStatus;
import io.camelrump.console.FittedLine;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a run is, in one line for a terminal.
 *
 * @param copying what it does before all keys are there
 * @param toCutOver the command by which a person cuts over; empty for a run that cannot
 */
record StatusLine(Ledger ledger, Pace pace, String copying, String toCutOver) {
    private static final String BESIDE = "  ";
    private static final String LISTED = ", ";

    /** Ranks of the parts: the higher, the earlier it is left out. */
    private static final int ALWAYS = 0;

    private static final int TELLING = 1;
    private static final int USEFUL = 2;
    private static final int MORE = 3;
    private static final int MOST = 4;
    private static final int MINUTE = 60;
    private static final int HOUR = 3_600;

    FittedLine line() {
        Counts counts = pace.look();
        RunPhase phase = ledger.phase();
        String paused = ledger.isPaused() ? "PAUSED, " : "";
        FittedLine line =
                switch (phase) {
                    case COPYING, ENDED -> copied(paused, counts);
                    case VERIFYING -> verified(paused);
                    case FOLLOWING -> listed(paused + "following: ", "cut over with ", toCutOver);
                    case WAY_BACK -> listed(paused + "way back: ", "go back with ", toCutOver);
                    case CUTTING_OVER -> listed("cutting over: ", "", "");
                    case GOING_BACK -> listed("going back: ", "", "");
                    case UNDECIDED -> listed("undecided, clients may be half switched: ", "", "");
                    case CONVERGED -> listed("converged, writers still wait: ", "", "");
                };
        return line.add(
                TELLING, counts.refused() == 0 ? "" : String.format(Locale.ROOT, "%,d refused", counts.refused()));
    }

    private FittedLine copied(String paused, Counts counts) {
        FittedLine line = new FittedLine(paused + copying, BESIDE)
                .bar(pace.share())
                .add(ALWAYS, percent(pace.share()))
                .add(MOST, keys(counts.settled()))
                .add(TELLING, rate(pace.keysPerSecond()))
                .add(MORE, Summary.bytes(pace.bytesPerSecond()) + "/s")
                .add(USEFUL, elapsed())
                .add(TELLING, left(pace.secondsLeft()));
        Changes changes = ledger.changes();
        return changes == null ? line : line.add(MORE, waiting(changes.status()));
    }

    private String keys(long settled) {
        long all = ledger.sourceKeys();
        return all > 0
                ? String.format(Locale.ROOT, "%,d of %,d keys", settled, all)
                : String.format(Locale.ROOT, "%,d keys", settled);
    }

    private FittedLine verified(String paused) {
        SweepStatus sweep = ledger.sweep();
        FittedLine line = new FittedLine(paused + "verifying", BESIDE);
        if (sweep != null) {
            line.bar(sweep.share())
                    .add(ALWAYS, percent(sweep.share()))
                    .add(TELLING, rate(Math.round(sweep.keysPerSecond())))
                    .add(TELLING, left(sweep.secondsLeft()));
        }
        Changes changes = ledger.changes();
        if (changes != null) {
            line.add(USEFUL, lag(changes.status())).add(MORE, waiting(changes.status()));
        }
        return line.add(USEFUL, elapsed());
    }

    private FittedLine listed(String head, String how, String command) {
        FittedLine line = new FittedLine(head, LISTED);
        Changes changes = ledger.changes();
        if (changes != null) {
            ChangeStatus status = changes.status();
            line.add(ALWAYS, lag(status))
                    .add(TELLING, waiting(status))
                    .add(
                            TELLING,
                            verifiedShare(
                                    ledger.verified(), changes.verification().unverified()))
                    .add(USEFUL, status.gaps() == 0 ? "" : status.gaps() + " gaps");
        }
        return line.add(MORE, command.isEmpty() ? "" : how + command)
                .add(MOST, rate(pace.keysPerSecond()))
                .add(MOST, elapsed());
    }

    /** @param verified keys that were found equal and have not changed since; null where nothing is compared */
    private static String verifiedShare(@Nullable Long verified, long unverified) {
        if (verified == null) {
            return "";
        }
        // never 100 % while one is not
        return "verified " + (unverified == 0 ? 100 : 100 * verified / Math.max(1, verified + unverified)) + " %";
    }

    private static String lag(ChangeStatus status) {
        return String.format(Locale.ROOT, "lag %.1f s", status.lag().toMillis() / 1e3);
    }

    private static String waiting(ChangeStatus status) {
        return String.format(Locale.ROOT, "%,d waiting", status.waiting());
    }

    private static String rate(long keys) {
        return String.format(Locale.ROOT, "%,d keys/s", keys);
    }

    /** Never 100 % before the end. */
    private static String percent(double share) {
        return (int) Math.floor(100 * share) + " %";
    }

    private String elapsed() {
        return "elapsed " + clock(pace.elapsedSeconds());
    }

    private static String left(@Nullable Double seconds) {
        return seconds == null ? "" : "left " + clock(Math.ceil(seconds));
    }

    private static String clock(double seconds) {
        long whole = (long) seconds;
        return whole < HOUR
                ? String.format(Locale.ROOT, "%d:%02d", whole / MINUTE, whole % MINUTE)
                : String.format(Locale.ROOT, "%d:%02d:%02d", whole / HOUR, whole % HOUR / MINUTE, whole % MINUTE);
    }
}
