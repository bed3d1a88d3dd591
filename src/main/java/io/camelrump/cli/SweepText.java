package io.camelrump.cli;

import io.camelrump.Ledger;
import io.camelrump.SweepStatus;
import io.camelrump.cli.flags.Span;
import java.util.Locale;

/** How far a live run has verified its copy, for a line of progress. */
final class SweepText {
    private SweepText() {}

    /** Part of a line; empty while nothing is being verified. */
    static String of(Ledger running) {
        SweepStatus sweep = running.sweep();
        if (sweep == null) {
            return "";
        }
        Double left = sweep.secondsLeft();
        return String.format(
                Locale.ROOT,
                "verifying: %.0f %%, %,.0f keys/s%s",
                100 * sweep.share(),
                sweep.keysPerSecond(),
                left == null ? "" : ", " + Span.about(left) + " left");
    }
}
