package io.camelrump.run;

import io.camelrump.ChangeSource;
import io.camelrump.ChangeStatus;
import io.camelrump.Difference;
import io.camelrump.Drained;
import io.camelrump.Refusal;
import io.camelrump.SourceWrites;
import io.camelrump.redis.KeyList;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
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
    /** Bytes of an entry beside its name. */
    private static final int ENTRY_BYTES = 150;

    private static final int NAMES_SHOWN = 5;

    /** With the time of each, so that the oldest come first. */
    private final Map<ByteBuffer, Long> marked = new LinkedHashMap<>();
    /** Some of those that were taken last. */
    private List<byte[]> takenLast = List.of();
    /** How often a source has said that a key changed. */
    private long toldOf;

    /** Keys whose changes are not reported, to be read again in case they changed. */
    private final Set<ByteBuffer> suspects = new LinkedHashSet<>();

    private final Runnable wake;
    private final long mostBytes;
    private long bytes;
    private ChangeSource by = ChangeSource.SCANS;
    private long gaps;
    private long flushes;
    private long scans;
    private final DeleteGate deletes = new DeleteGate();
    /** Keys read since the start because something told that they changed, and found to be there. */
    private long changed;

    private final ChangeReporters tellers = new ChangeReporters();
    private final WithheldDeletes withheld = new WithheldDeletes();
    /** Whether a key that only a target has is left there. */
    private Predicate<Difference> leaving = extra -> false;
    /** Whether keys may be gone unseen whose deletes no target follows. */
    private boolean unseenDeletes;

    private boolean scanWanted;
    private boolean sweepWanted;

    private final DrainTickets drains = new DrainTickets();

    /** @param wake is run when a key waits where none did */
    public ChangeLog(Runnable wake) {
        this(wake, Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    }

    public ChangeLog(Runnable wake, long mostBytes) {
        this.wake = wake;
        this.mostBytes = mostBytes;
    }

    // --- what a host may do ---

    /** Marks a key of the source to be read again; in each database that is read, if there are several. */
    public void mark(byte[] key) {
        put(key.clone(), false);
    }

    /** How far the run is behind its source now. */
    public synchronized ChangeStatus status() {
        return new ChangeStatus(marked.size(), lag(), gaps, flushes, scans, deletes.held(), withheld.count(), by);
    }

    /** Some keys of the target that are gone at the source and were not deleted, as they may be its own. */
    public List<String> withheldKeys() {
        return withheld.some(NAMES_SHOWN).stream().map(Refusal::quote).toList();
    }

    /**
     * Looks again at keys that were not deleted, as they may be the target's own: by now they may be gone there too.
     */
    public void recheckWithheld() {
        withheld.some(Integer.MAX_VALUE).forEach(this::mark);
    }

    /** Whether a key that only the target has is left there, as it held it before the run. */
    public boolean leaves(Difference extra) {
        Predicate<Difference> now;
        synchronized (this) {
            now = leaving;
        }
        return now.test(extra);
    }

    /** Whether keys may be gone at the source unseen, while unreported deletes are not followed. */
    public synchronized boolean hasUnseenDeletes() {
        return unseenDeletes;
    }

    /** Writes at the source, to find who still writes there. */
    public synchronized SourceWrites writes() {
        Set<String> keys = new LinkedHashSet<>();
        takenLast.forEach(key -> keys.add(Refusal.shorten(key)));
        marked.keySet().stream().limit(NAMES_SHOWN).forEach(key -> keys.add(Refusal.shorten(key.array())));
        return new SourceWrites(toldOf, keys.stream().limit(NAMES_SHOWN).toList());
    }

    /**
     * Asks that everything that has changed until now reaches the target: notified keys, keys that wait, streams with
     * groups. What changes meanwhile waits for that, so that it ends under steady writes too.
     *
     * @return a ticket for {@link #drained}
     */
    public long drain() {
        long ticket = drains.want();
        wake.run();
        return ticket;
    }

    /** The state when everything requested had arrived; null while something has not. */
    public @Nullable Drained drained(long ticket) {
        return drains.done(ticket);
    }

    /** Ends the run as complete when all that has changed has reached the target. */
    public void cutOver() {
        drains.cutOver();
        wake.run();
    }

    // --- sources of change notifications ---

    private void put(byte[] key) {
        if (marked.putIfAbsent(ByteBuffer.wrap(key), System.nanoTime()) == null) {
            bytes += key.length + ENTRY_BYTES;
            if (bytes >= mostBytes) {
                gaps++;
                marked.clear();
                bytes = 0;
                suspectAll();
            }
        }
    }

    /** Every key may have changed, or be gone: the source must be scanned again, and the target's keys looked up. */
    public synchronized void suspectAll() {
        scanWanted = true;
        wantSweep();
    }

    private void wantSweep() {
        sweepWanted = true;
        tellers.missed();
    }

    /** The key was written or is gone. */
    public void changed(byte[] key) {
        put(key, true);
    }

    private void put(byte[] key, boolean told) {
        boolean first;
        synchronized (this) {
            toldOf += told ? 1 : 0;
            first = marked.isEmpty();
            put(key);
        }
        if (first) {
            wake.run();
        }
    }

    /** The key was written or is gone, by the word of someone who may miss others. */
    public void notified(byte[] key) {
        synchronized (this) {
            if (by == ChangeSource.SCANS) {
                by = ChangeSource.NOTIFICATIONS;
            }
        }
        changed(key.clone());
    }

    public void flushed() {
        synchronized (this) {
            flushes++;
            deletes.lost();
            wantSweep();
        }
        wake.run();
    }

    /** Marks that every change is reported from here on. */
    public synchronized void told(Object teller, ChangeSource source) {
        by = source;
        if (tellers.tells(teller)) {
            suspectAll();
        }
    }

    /** Changes were missed that no scan of this run will find; some of them may be deletes. */
    public synchronized void missed() {
        gaps++;
        wantSweep();
    }

    /** Marks that change notifications are interrupted: nothing is known until they are back. */
    public synchronized void lost(Object teller) {
        if (tellers.breaksOff(teller)) {
            gaps++;
        }
    }

    /** Dismisses a listener whose keys belong to other servers by now. */
    public synchronized void dismissed(Object teller) {
        tellers.dismiss(teller);
    }

    /** Keys have moved to another server, and are read again there; what was deleted meanwhile is gone unseen. */
    public synchronized void moved() {
        gaps++;
        wantSweep();
        drains.again();
    }

    /** Nothing is known of a server's changes since then, by {@link System#nanoTime()}; -1 if all is. */
    public synchronized void silentSince(Object teller, long nanos) {
        tellers.silentSince(teller, nanos);
    }

    private Duration lag() {
        long now = System.nanoTime();
        long since = tellers.earliest(
                marked.isEmpty() ? now : marked.values().iterator().next());
        return Duration.ofNanos(Math.max(0, now - since));
    }

    // --- what the reader does about it ---

    public synchronized boolean isEmpty() {
        return suspects.isEmpty()
                && (marked.isEmpty() || drains.holds(marked.values().iterator().next()));
    }

    public synchronized boolean isBroken(Object teller) {
        return tellers.isBroken(teller);
    }

    /** Some keys that changed, the oldest first; they are no longer here. */
    public synchronized KeyList take(int most) {
        List<byte[]> taken = new ArrayList<>();
        Iterator<Map.Entry<ByteBuffer, Long>> oldest = marked.entrySet().iterator();
        while (taken.size() < most && oldest.hasNext()) {
            Map.Entry<ByteBuffer, Long> entry = oldest.next();
            if (drains.holds(entry.getValue())) {
                break;
            }
            taken.add(entry.getKey().array());
            oldest.remove();
        }
        if (!taken.isEmpty()) {
            takenLast = List.copyOf(taken.subList(0, Math.min(NAMES_SHOWN, taken.size())));
        }
        KeyList keys = KeyList.of(taken.toArray(new byte[0][]));
        bytes -= keys.byteCount() + (long) keys.size() * ENTRY_BYTES;
        return keys;
    }

    /** These may have changed, which nothing tells. */
    public synchronized void suspect(Collection<ByteBuffer> keys) {
        suspects.addAll(keys);
    }

    public synchronized boolean hasSuspects() {
        return !suspects.isEmpty();
    }

    public synchronized KeyList takeSuspects(int most) {
        byte[][] keys = new byte[Math.min(most, suspects.size())][];
        Iterator<ByteBuffer> oldest = suspects.iterator();
        for (int i = 0; i < keys.length; i++) {
            keys[i] = oldest.next().array();
            oldest.remove();
        }
        return KeyList.of(keys);
    }

    /** Counts keys that were taken here, read, and found to exist. */
    public synchronized void found(int keys) {
        changed += keys;
    }

    /** Whether every key counts as changed, so that the source must be scanned again; true once for each time. */
    public synchronized boolean takeScan() {
        boolean wanted = scanWanted && tellers.allTell();
        if (wanted) {
            scanWanted = false;
            scans++;
        }
        return wanted;
    }

    /** The scan began anew by itself, so keys may be gone unseen. */
    public synchronized void restarted() {
        scanWanted = false;
        wantSweep();
        drains.again();
    }

    /**
     * Whether keys may be gone at the source unseen, so that the target's must be looked up; true once for each time.
     */
    public synchronized boolean takeSweep() {
        boolean wanted = sweepWanted && !scanWanted && tellers.allTell();
        if (wanted) {
            sweepWanted = false;
        }
        return wanted;
    }

    public synchronized boolean wantsScanOrSweep() {
        return !tellers.allTell() || scanWanted || sweepWanted;
    }

    /** Marks that whatever may have been missed was looked for, and waits here if it was found. */
    public synchronized void caughtUp() {
        tellers.caughtUp();
    }

    public WithheldDeletes withheld() {
        return withheld;
    }

    /** @param extra says whether a key that only a target has is left there */
    public synchronized void leaving(Predicate<Difference> extra) {
        leaving = extra;
    }

    /** Marks that keys may be gone unseen, and that some target follows no unreported delete. */
    public synchronized void missDeletes() {
        unseenDeletes = true;
    }

    public DeleteGate deletes() {
        return deletes;
    }

    public DrainTickets drains() {
        return drains;
    }

    /** All tickets up to this one are redeemed. */
    public synchronized void redeem(long ticket, boolean deletes) {
        drains.redeem(ticket, new Drained(changed, gaps, deletes));
    }

    /** Why a live run whose changes have all been read is not complete; null if each key that is gone was deleted. */
    @Nullable
    String missingDeletes() {
        ChangeStatus status = status();
        if (status.held() > 0) {
            return "keys of the target that are gone at the source were not deleted, as they are too many at once;"
                    + " allowMassDelete (--allow-mass-delete) deletes them";
        }
        if (status.withheld() > 0) {
            return status.withheld()
                    + " keys of the target that are gone at the source were not deleted, as it may have"
                    + " held them before: " + String.join(", ", withheldKeys())
                    + "; prune (--prune) deletes them";
        }
        return hasUnseenDeletes()
                ? "keys may be gone at the source unseen, and the target held keys of its own, so none of them was deleted"
                : null;
    }
}
