package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.Difference;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Findings of a comparison beside the outcomes of keys: differences, and how many keys it left alone and why.
 *
 * <p>All methods may be called from any thread, and return at once.
 */
public final class ComparisonFindings {
    private final RunLock lock;

    @GuardedBy("lock")
    private final DifferenceTally differences = new DifferenceTally();

    /** Keys to be deleted once all are counted. */
    @GuardedBy("lock")
    private long pendingDeletes;

    @GuardedBy("lock")
    private long undecided;

    @GuardedBy("lock")
    private long keptBefore;

    @GuardedBy("lock")
    private long reduced;

    ComparisonFindings(RunLock lock) {
        this.lock = lock;
    }

    // --- what a host may ask ---

    /** Differences that were found to stay, each key once; the first 20,000. */
    public List<Difference> differences() {
        return lock.locked(differences::list);
    }

    /** Number of keys that were found to differ, by cause. */
    public Map<Difference.Cause, Long> differing() {
        return lock.locked(differences::counts);
    }

    /** Hands every difference from now on to {@code listener}, as {@link RunReport#onRefusal} does refusals. */
    public void onDifference(Consumer<Difference> listener) {
        Objects.requireNonNull(listener, "listener is null");
        lock.change(() -> differences.listener(listener));
    }

    /** Keys of a target of which it cannot be known whether only the target has them; they are left alone. */
    public long undecided() {
        return lock.locked(() -> undecided);
    }

    /** Keys that the target had before, under {@code onConflict=keep}: other values that were to stay. */
    public long keptBefore() {
        return lock.locked(() -> keptBefore);
    }

    /** Keys that lack only what an option such as {@code dropFieldTtl} let go. */
    public long reduced() {
        return lock.locked(() -> reduced);
    }

    // --- what the comparison says ---

    /** Counts keys that only the target has, and that are deleted once it is known how many there are. */
    public void postponeDeletes(int keys) {
        lock.change(() -> pendingDeletes += keys);
    }

    public long pendingDeletes() {
        return lock.locked(() -> pendingDeletes);
    }

    /** Counts keys that are left alone, as {@link #undecided()} says. */
    public void leave(int keys) {
        lock.change(() -> undecided += keys);
    }

    /** Counts keys that are not the same, as was agreed to. */
    public void accept(int keptKeys, int reducedKeys) {
        lock.change(() -> {
            keptBefore += keptKeys;
            reduced += reducedKeys;
        });
    }

    void note(Difference difference) {
        lock.change(() -> differences.add(difference));
    }

    // --- the run's own ---

    /** Another scan begins: differences that were found stand. */
    void startAnew() {
        lock.change(() -> {
            pendingDeletes = 0;
            undecided = 0;
            keptBefore = 0;
            reduced = 0;
        });
    }

    /** Forgets the differences. */
    void clear() {
        lock.change(differences::clear);
    }
}
