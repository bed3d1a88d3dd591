package io.camelrump;

/** Where a run stands. */
public enum RunState {
    /** The source is being read, or pages are still in flight. */
    RUNNING,
    /** Asked to stop: nothing more is read, what was read still arrives. */
    STOPPING,
    /**
     * Every key read has its outcome and none was refused, and both servers are still the ones it was read from and
     * written to. A comparison found no difference.
     */
    COMPLETE,
    /** As {@link #COMPLETE}, but some keys were refused or could not be read. */
    REFUSED,
    /** A comparison has looked at every key, and some differ. */
    DIFFERENT,
    /** A live run has ended whose two sides were not found equal at its cutover; see {@link Ledger#failure()}. */
    NOT_CONVERGED,
    /** Stopped before the end, or pages went missing in the route. */
    INCOMPLETE,
    /** Ended by an error that no retry can mend; see {@link Ledger#failure()}. */
    FAILED;

    /** Whether the run is over: nothing more will be read or counted. */
    public boolean isFinal() {
        return isSettled() || this == NOT_CONVERGED || this == INCOMPLETE || this == FAILED;
    }

    /** Whether the run went through to its end: every key read has its outcome. */
    public boolean isSettled() {
        return this == COMPLETE || this == REFUSED || this == DIFFERENT;
    }

    /**
     * Exit code of a process that this run was the job of: 0 if complete, 5 if different, 6 if refused, 7 if not
     * converged, else 1.
     */
    public int exitCode() {
        return switch (this) {
            case COMPLETE -> 0;
            case DIFFERENT -> 5;
            case REFUSED -> 6;
            case NOT_CONVERGED -> 7;
            case RUNNING, STOPPING, INCOMPLETE, FAILED -> 1;
        };
    }
}
