package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a run whose targets hold what its source does, so that only changes from then on are copied. Until
 * its host lets it go it is held: both sides are listened to, and nothing is read or written.
 *
 * <p>All methods may be called from any thread, and return at once.
 */
public final class EqualStart {
    private final RunLock lock;

    @GuardedBy("lock")
    private boolean expected;

    @GuardedBy("lock")
    private boolean opening;

    @GuardedBy("lock")
    private @Nullable Functions functions;

    @GuardedBy("lock")
    private boolean held;

    /** Number of the moments that the host has named. */
    @GuardedBy("lock")
    private long wanted;

    @GuardedBy("lock")
    private long heard;

    /** Epoch of the verification at that moment. */
    @GuardedBy("lock")
    private long epoch = -1;

    @GuardedBy("lock")
    private boolean listening;

    EqualStart(RunLock lock) {
        this.lock = lock;
    }

    /** Whether both sides were equal when the run began, so that all that a target holds came from the source. */
    public boolean isExpected() {
        return lock.locked(() -> expected);
    }

    /** Takes note of that before the source is opened. */
    public void expect(boolean equal) {
        lock.change(() -> {
            expected = equal;
            opening = equal;
        });
    }

    /** Whether the source is being opened for such a run: servers that come to it later are read in full. */
    public boolean isOpening() {
        return lock.locked(() -> opening);
    }

    /** The source is open. */
    public void opened() {
        lock.change(() -> opening = false);
    }

    /** Functions of the source that the targets have, too. */
    public void functions(Functions there) {
        lock.change(() -> functions = there);
    }

    /** Whether a target need not be given these functions. */
    public boolean areThere(Functions ofSource) {
        return lock.locked(() -> functions == ofSource);
    }

    /** Has the run read and write nothing until {@link #begin}. */
    public void hold() {
        lock.change(() -> held = true);
    }

    public boolean isHeld() {
        return lock.locked(() -> held);
    }

    /** Whether both sides report by now whatever changes. */
    public boolean isListening() {
        return lock.locked(() -> listening);
    }

    /**
     * Both sides are equal now, and nobody writes: from here on each change counts.
     *
     * @return a number for {@link #isHeard}
     */
    public long equal() {
        return lock.locked(() -> {
            wanted++;
            lock.change(() -> {});
            return wanted;
        });
    }

    /** Whether both sides are known to report whatever changes since. */
    public boolean isHeard(long moment) {
        return lock.locked(() -> heard >= moment);
    }

    /** Lets the run follow what has changed since. */
    public void begin() {
        lock.change(() -> held = false);
    }

    // --- what the reader does ---

    /** The newest moment of which nobody has said yet that it is heard; 0 if there is none. */
    public long wanted() {
        return lock.locked(() -> heard == wanted ? 0 : wanted);
    }

    public void listens() {
        lock.change(() -> listening = true);
    }

    /** @param epochThen of the verification at that moment */
    public void heard(long moment, long epochThen) {
        lock.change(() -> {
            heard = moment;
            epoch = epochThen;
        });
    }

    /** Epoch of the verification from the last moment that was heard; -1 if there was none. */
    public long epoch() {
        return lock.locked(() -> epoch);
    }
}
