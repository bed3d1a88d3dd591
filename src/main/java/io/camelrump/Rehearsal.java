package io.camelrump;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a rehearsal of a cutover has shown: all of it but the pause of the writers and the switch of the clients.
 *
 * @param at when it ended
 * @param drained time until all that had changed was at the target
 * @param compared time to compare what was not verified
 * @param finished time until what changed meanwhile was at the target, too, and the run would have ended
 * @param keys that were compared
 * @param objection why a cutover would not have converged; null if nothing speaks against it
 */
public record Rehearsal(
        Instant at,
        Duration drained,
        Duration compared,
        Duration finished,
        long keys,
        @Nullable String objection) {
    /** How long writers would have stood still. */
    public Duration duration() {
        return drained.plus(compared).plus(finished);
    }

    /** The result, in a sentence or two. */
    public String text() {
        String time = String.format(
                Locale.ROOT,
                "Rehearsal: a cutover would have taken %.1f s (%.1f s until all changes had arrived, %.1f s to compare %,d"
                        + " keys, %.1f s to end), while the writers wrote.",
                seconds(duration()),
                seconds(drained),
                seconds(compared),
                keys,
                seconds(finished));
        return objection == null ? time : time + " It would not have converged yet, as " + objection + ".";
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }
}
