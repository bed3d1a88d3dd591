package io.camelrump;

import java.util.Locale;

/** Where a run is in its course. */
public enum RunPhase {
    /** Its keys are copied for the first time. */
    COPYING,
    /** All keys are copied, and both sides are being compared while changes are followed. */
    VERIFYING,
    /** Changes are followed. */
    FOLLOWING,
    /** The last changes are copied, and both sides compared, to end the run. */
    CUTTING_OVER,
    /** The clients may be half switched: nothing is applied to the target until a person says where they are. */
    UNDECIDED,
    /** Both sides are equal, and the source's writers still wait. */
    CONVERGED,
    /** A migration has converged, and its source follows its target. */
    WAY_BACK,
    /** The last changes are copied back, and both sides compared, to end the way back. */
    GOING_BACK,
    /** The run is over. */
    ENDED;

    /** The phase as a document for machines has it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
