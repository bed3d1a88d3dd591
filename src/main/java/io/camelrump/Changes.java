package io.camelrump;

import io.camelrump.run.ChangeLog;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a source that changed since they were read, and that a live run reads again; and the way to end it.
 *
 * <p>A host may mark keys of its own accord. All methods may be called from any thread and return at once.
 */
public final class Changes {
    private static final int NAMES_SHOWN = 5;

    private final ChangeLog log;

    Changes(ChangeLog log) {
        this.log = log;
    }

    /** Has a key of the source read again; in each database that is read, if there are several. */
    public void mark(byte[] key) {
        log.mark(key);
    }

    /** The key was written or is gone, by the word of someone who may miss others. */
    void notified(byte[] key) {
        log.notified(key);
    }

    /** How far the run is behind its source now. */
    public ChangeStatus status() {
        return log.status();
    }

    /** Some keys of the target that are gone at the source and were not deleted, as they may be its own. */
    public List<String> withheldKeys() {
        return log.withheld().names();
    }

    /**
     * Looks again at keys that were not deleted, as they may be the target's own: by now they may be gone there too.
     */
    public void recheckWithheld() {
        log.recheckWithheld();
    }

    /**
     * Whether a key that only the target has is left there, as it held it before the run; or a library of functions, as
     * the migration did not load it.
     */
    public boolean leaves(Difference extra) {
        return log.withheld().leaves(extra);
    }

    /**
     * Keys that others have written at the target of a run with {@code wayBack} since it began. They are copied no
     * longer until {@link #decide}.
     */
    public List<byte[]> disputedKeys() {
        return log.withheld().disputed().open();
    }

    /** Whether there are more of them than could be named. */
    public boolean hasMoreDisputedKeys() {
        return log.withheld().disputed().areMore();
    }

    /** The decision that a person has to make before the clients are led back, in a sentence; null for none. */
    @Nullable
    String disputed() {
        List<byte[]> keys = disputedKeys();
        if (keys.isEmpty() && !hasMoreDisputedKeys()) {
            return null;
        }
        return "Others have written " + (hasMoreDisputedKeys() ? "more than " : "") + keys.size()
                + " keys at the former source since both sides were equal (" + names(keys)
                + "): say which server has the right values of them, by {\"trust\": \"new\"} (--trust new), which copies"
                + " them again, or {\"trust\": \"former\"} (--trust former), which leaves them as they are there.";
    }

    /** Keys that the former source may have lost a write to, in a sentence; null if there are none. */
    @Nullable
    String contended() {
        List<byte[]> keys = log.withheld().disputed().contended();
        return keys.isEmpty()
                ? null
                : keys.size() + " keys were written by others at the former source, or expired there, while the run"
                        + " was writing them too, and have the new server's values: " + names(keys);
    }

    private static String names(List<byte[]> keys) {
        return keys.stream().limit(NAMES_SHOWN).map(Refusal::shorten).collect(Collectors.joining(", "));
    }

    /**
     * Says which side has the right values of all {@link #disputedKeys}.
     *
     * @param source whether they are copied again; else the target keeps its own to the end of the run
     */
    public void decide(boolean source) {
        boolean more = log.withheld().disputed().areMore();
        log.withheld().disputed().decide(source).forEach(log::mark);
        if (source && more) {
            log.gaps().suspectAll();
        }
    }

    /** Whether keys may be gone at the source unnoticed, and a target keeps them because they may be its own. */
    public boolean hasUnseenDeletes() {
        return log.withheld().missesUnseen();
    }

    /** Whether every key was copied once; later changes are followed. */
    public boolean isFirstCopyComplete() {
        return log.firstCopy().isComplete();
    }

    /**
     * Why changes of the source may stay unreported and unseen until all keys are compared; null if there is no reason
     * to think so.
     */
    public @Nullable String unreported() {
        return log.gaps().unreported();
    }

    /**
     * From here on keys that are copied again, as they changed or were marked, are read back at each target and
     * compared with what was sent. What was not found equal is counted by {@link #verification} and named by
     * {@link #unverifiedKeys}.
     */
    public void verifyChanges() {
        log.verification().begin();
    }

    /** Which epoch of comparing this is, and how many keys have changed in it without being found equal yet. */
    public VerificationStatus verification() {
        return log.verification().status();
    }

    /**
     * Keys that changed, and of which it was not seen yet that each target has them as the source does; their names, in
     * whichever database. Those that wait to be read again may be missing.
     */
    public List<byte[]> unverifiedKeys() {
        return log.verification().names();
    }

    /**
     * Takes keys out of the unverified ones, as a comparison of both sides has found them equal in all databases.
     *
     * @param asOf the {@link VerificationStatus#reading} from before the comparison: keys that were read since stay
     */
    public void verified(List<byte[]> keys, long asOf) {
        log.verification().areEqual(keys, asOf);
    }

    /**
     * Says that somebody holds up the writers of the source, or no longer does. While they stand still neither the
     * latency guard nor a limit on keys or bytes per second slows the run down.
     */
    public void writesPaused(boolean paused) {
        log.drains().writesPaused(paused);
    }

    /** Writes at the source, to find who still writes there. */
    public SourceWrites writes() {
        return log.writes();
    }

    /**
     * Asks that everything that has changed until now reaches the target: notified keys, keys that wait, streams with
     * groups. Later changes wait for that, so that it ends under steady writes too.
     *
     * @return a ticket for {@link #drained}
     */
    public long drain() {
        return log.drain();
    }

    /** The state when all that was asked for by this ticket had arrived; null until then. */
    public @Nullable Drained drained(long ticket) {
        return log.drained(ticket);
    }

    /** Ends the run as complete when all that has changed has reached the target. */
    public void cutOver() {
        log.cutOver();
    }
}
