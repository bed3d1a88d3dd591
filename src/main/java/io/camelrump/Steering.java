package io.camelrump;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.throttle.RateLimits;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Wishes of whoever watches a run: that it pauses, or reads at another rate, or cuts over. They are looked at by the
 * run's own threads. Any thread may call.
 */
final class Steering {
    private volatile boolean paused;
    /** Wishes of another run that hold here too; null for none. */
    private volatile @Nullable Steering leader;

    private volatile Supplier<RateLimits> usual = () -> RateLimits.NONE;
    private volatile @Nullable RateLimits limits;
    private volatile @Nullable RunPhase entered;
    private volatile long verified = -1;

    @GuardedBy("this")
    private @Nullable Runnable cutover;

    /** A new run begins: no wish holds any longer. */
    void reset() {
        paused = false;
        limits = null;
        entered = null;
        verified = -1;
    }

    void pause(boolean wanted) {
        paused = wanted;
    }

    boolean isPaused() {
        Steering other = leader;
        return paused || other != null && other.isPaused();
    }

    /** From here on pause and limits that are wanted of another run hold for this one, too. */
    void follow(Steering other) {
        leader = other;
    }

    /** Takes the limits of the options, which hold until others are wanted. */
    void usual(Supplier<RateLimits> ofOptions) {
        usual = ofOptions;
    }

    void limit(RateLimits wanted) {
        limits = wanted;
    }

    RateLimits limits() {
        Steering other = leader;
        RateLimits wanted = other == null || other.limits == null ? limits : other.limits;
        return wanted == null ? usual.get() : wanted;
    }

    void verified(long keys) {
        verified = keys;
    }

    /** Keys that the host has found equal at both sides; -1 while it knows of none. */
    long verified() {
        return verified;
    }

    void enter(@Nullable RunPhase phase) {
        entered = phase;
    }

    RunPhase phase(Ledger ledger) {
        RunPhase said = entered;
        Changes changes = ledger.changes();
        if (said == RunPhase.CONVERGED) {
            return said;
        }
        if (ledger.state().isFinal()) {
            return RunPhase.ENDED;
        }
        if (said != null) {
            return said;
        }
        return changes != null && changes.isFirstCopyComplete() ? RunPhase.FOLLOWING : RunPhase.COPYING;
    }

    synchronized void onCutover(Runnable carriedOut) {
        cutover = carriedOut;
    }

    /** Whoever carries out a cutover; null if that is left to the run. */
    synchronized @Nullable Runnable cutover() {
        return cutover;
    }
}
