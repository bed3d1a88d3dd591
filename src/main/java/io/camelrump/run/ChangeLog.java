package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.ChangeStatus;
import io.camelrump.Drained;
import io.camelrump.Refusal;
import io.camelrump.SourceWrites;
import io.camelrump.redis.KeyList;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a source that changed since they were read, and must be read again; and how a live run is brought to its
 * end.
 *
 * <p>A key stands here once however often it changes, and is taken out before it is read: a change meanwhile puts it
 * back. So each change is followed by a reading that begins after it. A host may mark keys of its own account. All
 * methods may be called from any thread and return at once.
 *
 * <p>Bounded: beyond an eighth of the heap the names are given up, every key counts as changed, and the source is
 * scanned again.
 */
public final class ChangeLog {
    private static final int PART_OF_HEAP = 8;
    private static final int NAMES_SHOWN = 5;

    @GuardedBy("this")
    private final MarkedKeys marked;

    private final Verification verification = new Verification();
    private final TakenKeys taken = new TakenKeys(verification);

    /** How often a source has said that a key changed. */
    @GuardedBy("this")
    private long reportedCount;

    /** Keys whose changes are not reported, to be read again in case they changed. */
    @GuardedBy("this")
    private final Set<ByteBuffer> suspects = new LinkedHashSet<>();

    private final Runnable wake;
    private final boolean followed;

    /** Keys read since the start because they were reported as changed, and found to be there. */
    @GuardedBy("this")
    private long changed;

    private final DeleteGate deletes = new DeleteGate();
    private final WithheldDeletes withheld = new WithheldDeletes();
    private final DrainTickets drains;
    private final ChangeGaps gaps;
    private final FirstCopy firstCopy = new FirstCopy();

    /** @param wake is run when a key waits where none did */
    public ChangeLog(Runnable wake) {
        this(wake, Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    }

    public ChangeLog(Runnable wake, long mostBytes) {
        this(wake, mostBytes, true);
    }

    private ChangeLog(Runnable wake, long mostBytes, boolean followed) {
        this.wake = wake;
        this.marked = new MarkedKeys(mostBytes);
        this.followed = followed;
        this.drains = new DrainTickets(wake);
        this.gaps = new ChangeGaps(wake, deletes, drains, verification);
    }

    /** Log of a run that is not live: nobody reports changes to it, so that it stays empty. */
    public static ChangeLog unfollowed() {
        return new ChangeLog(() -> {}, 0, false);
    }

    /** Whether changes are reported here, and read. */
    public boolean isFollowed() {
        return followed;
    }

    // --- what a host may do ---

    /** Marks a key of the source to be read again; in each database that is read, if there are several. */
    public void mark(byte[] key) {
        put(List.of(key.clone()), false);
    }

    /** How far the run is behind its source now. */
    public synchronized ChangeStatus status() {
        return gaps.status(marked.size(), marked.oldest(), withheld.count());
    }

    /**
     * Looks again at keys that were not deleted, as they may be the target's own: by now they may be gone there too.
     */
    public void recheckWithheld() {
        withheld.some(Integer.MAX_VALUE).forEach(this::mark);
    }

    /** Writes at the source, to find who still writes there. */
    public synchronized SourceWrites writes() {
        Set<String> keys = new LinkedHashSet<>();
        taken.last().forEach(key -> keys.add(Refusal.shorten(key)));
        marked.names().limit(NAMES_SHOWN).forEach(key -> keys.add(Refusal.shorten(key)));
        return new SourceWrites(reportedCount, keys.stream().limit(NAMES_SHOWN).toList());
    }

    /**
     * Asks that everything that has changed until now reaches the target: notified keys, keys that wait, streams with
     * groups. What changes meanwhile waits for that, so that it ends under steady writes too.
     *
     * @return a ticket for {@link #drained}
     */
    public long drain() {
        return drains.want();
    }

    /** The state when everything requested had arrived; null while something has not. */
    public @Nullable Drained drained(long ticket) {
        return drains.done(ticket);
    }

    /** Ends the run as complete when all that has changed has reached the target. */
    public void cutOver() {
        drains.confirmEnd();
        drains.wantLast();
    }

    public FirstCopy firstCopy() {
        return firstCopy;
    }

    // --- sources of change notifications ---

    /** The keys were written or are gone; those that are marked at once can be read together. */
    public void changed(List<byte[]> keys) {
        put(keys, true);
    }

    /** The key was written or is gone. */
    public void changed(byte[] key) {
        put(List.of(key), true);
    }

    private void put(List<byte[]> keys, boolean reported) {
        boolean first;
        synchronized (this) {
            reportedCount += reported ? keys.size() : 0;
            first = marked.size() == 0;
            for (byte[] key : keys) {
                if (!marked.put(key, reported)) {
                    gaps.overflowed();
                }
            }
        }
        if (first) {
            wake.run();
        }
    }

    /** The key was written or is gone, by the word of someone who may miss others. */
    public void notified(byte[] key) {
        gaps.notified();
        changed(key.clone());
    }

    // --- what the reader does about it ---

    public synchronized boolean isEmpty() {
        Long oldest = marked.oldest();
        return suspects.isEmpty() && (oldest == null || drains.holds(oldest));
    }

    /** Some keys that changed, the oldest first; they are no longer here. */
    public synchronized KeyList take(int most) {
        return marked.take(most, drains::holds, taken);
    }

    /** These may have changed, unreported. */
    public synchronized void suspect(Collection<ByteBuffer> keys) {
        suspects.addAll(keys);
    }

    public synchronized boolean hasSuspects() {
        return !suspects.isEmpty();
    }

    public synchronized KeyList takeSuspects(int most) {
        List<ByteBuffer> oldest = suspects.stream().limit(most).toList();
        oldest.forEach(suspects::remove);
        return KeyList.of(oldest.stream().map(ByteBuffer::array).toArray(byte[][]::new));
    }

    /** Counts a key that was taken here, read, and found to exist, if the source had said that it changed. */
    public synchronized void found(KeyList keys, int place) {
        changed += taken.isReported(keys, place) ? 1 : 0;
    }

    public ChangeGaps gaps() {
        return gaps;
    }

    /** Keys that were compared at both sides and may differ since. */
    public Verification verification() {
        return verification;
    }

    public WithheldDeletes withheld() {
        return withheld;
    }

    public TakenKeys taken() {
        return taken;
    }

    /**
     * Whether this key waits to be read again, or was read and may not have reached the targets since.
     *
     * @param reported whether only keys count that the source has said to have changed
     */
    public synchronized boolean isUnderWay(byte[] key, boolean reported) {
        return reported ? marked.isReported(key) || taken.isReported(key) : marked.contains(key) || taken.contain(key);
    }

    public DeleteGate deletes() {
        return deletes;
    }

    public DrainTickets drains() {
        return drains;
    }

    /** All tickets up to this one are redeemed. */
    public synchronized void redeem(long ticket, boolean deletes) {
        drains.redeem(ticket, new Drained(changed, gaps.count(), deletes));
    }

    /** Why a live run whose changes have all been read is not complete; null if each key that is gone was deleted. */
    @Nullable
    String missingDeletes() {
        return deletes.isEnded()
                ? "keys of the target that are gone at the source were not deleted, as too many are gone at once; allowMassDelete (--allow-mass-delete) deletes them"
                : withheld.missing();
    }
}
