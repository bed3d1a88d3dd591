package io.camelrump.cutover;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a cutover ended. */
sealed interface CutoverEnd {

    /** Both sides were equal at that moment. */
    record Converged(Instant asOf) implements CutoverEnd {}

    /** The two sides are not known to be equal, for a reason in one sentence. */
    record NotConverged(String reason) implements CutoverEnd {}

    /** All that has changed was copied, and nothing was to be compared. */
    record Copied() implements CutoverEnd {}

    /**
     * The clients may be half switched.
     *
     * @param asOf when both sides were equal; null if nothing was compared
     * @param reason as a part of a sentence
     */
    record Undecided(@Nullable Instant asOf, String reason) implements CutoverEnd {}

    /** The clients are at the source still, and the run goes on. */
    record FollowsOn() implements CutoverEnd {}

    /** The run itself has ended meanwhile, or was asked to. */
    record Stopped() implements CutoverEnd {}
}
