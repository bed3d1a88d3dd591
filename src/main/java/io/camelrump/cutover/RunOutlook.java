package io.camelrump.cutover;

import io.camelrump.Counts;
import io.camelrump.RunPhase;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.Run;
import org.jspecify.annotations.Nullable;

/** How much of a run is left, as far as that is known. */
public record RunOutlook(Run run, Steering steering) {

    /**
     * Estimated from the share that was scanned, or for a resumed run from the keys; null while nothing is known.
     *
     * @param counts of the run by now
     */
    public @Nullable Long secondsLeft(Counts counts) {
        if (steering.phase(run) != RunPhase.COPYING) {
            return null;
        }
        Counts earlier = run.targets().earlierCounts();
        double progress = run.report().progress();
        long sourceKeys = run.report().sourceKeys();
        double own = counts.settled() - (double) earlier.settled();
        boolean resumed = earlier.settled() > 0;
        double done = resumed && sourceKeys > 0 ? own / sourceKeys : progress;
        double left = 1 - progress;
        return done < 0.001 ? null : Math.max(0, Math.round(run.elapsed().toMillis() / 1000.0 * left / done));
    }

    /** Keys that were found equal and have not changed since; null while nothing is compared. */
    public @Nullable Long verified() {
        long found = verifiedKeys();
        ChangeLog changes = run.changes();
        return found < 0 || !changes.isFollowed()
                ? null
                : Math.max(0, found - changes.verification().status().unverified());
    }

    /** Keys that were found equal; negative while nothing is compared. */
    public long verifiedKeys() {
        LiveCourse course = steering.course();
        return course == null ? -1 : course.verifiedKeys();
    }
}
