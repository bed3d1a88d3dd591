package io.camelrump;

import io.camelrump.run.EqualStart;

/**
 * The beginning of a run with {@code wayBack}, which its host may hold until both sides are equal. All methods may be
 * called from any thread and return at once.
 */
public final class WayBackStart {
    private final EqualStart start;

    WayBackStart(EqualStart start) {
        this.start = start;
    }

    /**
     * Holds the run, before it is started: it listens to both sides, and reads and writes nothing until {@link #begin}.
     */
    public void hold() {
        start.hold();
    }

    /** Whether both servers report their changes by now. */
    public boolean isListening() {
        return start.isListening();
    }

    /**
     * Says that both sides are equal now, and that nobody writes: whatever changes from here on counts.
     *
     * @return a number for {@link #isHeard}
     */
    public long equal() {
        return start.equal();
    }

    /** Whether both servers have answered since, so that all that changes after that moment will be known. */
    public boolean isHeard(long moment) {
        return start.isHeard(moment);
    }

    /** Lets the run copy what has changed. */
    public void begin() {
        start.begin();
    }
}
