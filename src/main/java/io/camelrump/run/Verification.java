package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.VerificationStatus;
import io.camelrump.redis.KeyList;
import io.camelrump.run.UnverifiedKey.Foreign;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keys of a live run of which nobody has seen that the targets have them as the source does, once all others were
 * compared.
 *
 * <p>A changed key enters when it is taken to be read again, so it stands here whatever becomes of it. It leaves when
 * each target was found to have what that reading gave, or when a comparison of both sides says so. Readings are
 * numbered: of a key that was taken again since, an earlier reading says nothing.
 *
 * <p>What cannot be pinned to names begins a new epoch: all that was compared before is void. Nothing is entered until
 * somebody {@link #begin asks} for it. All methods may be called from any thread and return at once.
 */
public final class Verification {
    private static final int PART_OF_HEAP = 32;
    /** Times that a key is read again because a target was found to have another value. */
    private static final int MOST_TRIES = 3;

    /** Number of a key that was taken, and that its reader has not asked for yet. */
    static final long NOT_READ = Long.MAX_VALUE;

    @GuardedBy("this")
    private final UnverifiedNames names;

    @GuardedBy("this")
    private boolean begun;

    /** Number of the last reading. */
    @GuardedBy("this")
    private long last;

    @GuardedBy("this")
    private long epoch;

    @GuardedBy("this")
    private @Nullable String cause;

    @GuardedBy("this")
    private boolean overflowed;

    @GuardedBy("this")
    private final ForeignNames foreign = new ForeignNames();

    Verification() {
        this(Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    }

    Verification(long mostBytes) {
        this.names = new UnverifiedNames(mostBytes);
    }

    /** From here on changed keys are entered, and read back at the targets. */
    public synchronized void begin() {
        begun = true;
    }

    /** Whether somebody has asked for that. */
    public synchronized boolean isBegun() {
        return begun;
    }

    public synchronized VerificationStatus status() {
        return new VerificationStatus(epoch, cause, last, names.size(), overflowed, foreign.unwatched());
    }

    /** Names of the source, in whichever database. */
    public synchronized List<byte[]> names() {
        return names.all();
    }

    /**
     * Voids all that was compared so far.
     *
     * @param why what happened, as the end of a sentence that begins with <i>because</i>
     */
    public synchronized void isVoid(String why) {
        epoch++;
        cause = why;
    }

    // --- what the reader does ---

    /**
     * Enters keys that wait to be read again.
     *
     * @param reported places of those that the source has said to have changed
     */
    synchronized void taken(KeyList keys, BitSet reported) {
        // a take has a number too: a key may be read in another way than by its reader, as by another scan
        last += begun && keys.size() > 0 ? 1 : 0;
        for (int i = 0; begun && i < keys.size(); i++) {
            foreign.taken(keys.get(i));
            UnverifiedKey due = enter(keys.get(i), NOT_READ, 1);
            due.taken(last);
            if (reported.get(i)) {
                due.reported();
            }
        }
    }

    /**
     * Numbers a reading that is about to begin.
     *
     * @param taken keys that were taken for it
     * @param read those of them that are read, as the filters take their names
     * @param databases from how many databases of the source
     * @return its number; 0 if nobody wants to know
     */
    public synchronized long reading(KeyList taken, KeyList read, int databases) {
        if (!begun) {
            return 0;
        }
        last++;
        if (read.size() < taken.size()) {
            for (int i = 0; i < taken.size(); i++) {
                names.remove(taken.get(i));
            }
        }
        for (int i = 0; i < read.size(); i++) {
            enter(read.get(i), last, databases);
        }
        return last;
    }

    /** Numbers a reading of keys that may have changed: those that have are entered by {@link #changed}. */
    public synchronized long readingOfSuspects() {
        return begun ? ++last : 0;
    }

    /** A key of such a reading has changed: in this database, and maybe in others. */
    public synchronized void changed(byte[] key, long number) {
        if (number == 0) {
            return;
        }
        UnverifiedKey due = names.get(key);
        if (due == null || due.number() < number) {
            enter(key, number, 1);
        } else if (due.number() == number) {
            due.alsoInOther();
        }
    }

    private UnverifiedKey enter(byte[] name, long number, int databases) {
        UnverifiedKey key = names.enter(name, number, databases);
        if (names.haveOverflowed()) {
            overflowed = true;
            isVoid("the names of keys to be compared took too much memory");
        }
        return key;
    }

    // --- what is found at the targets ---

    /**
     * A target has the key as this reading gave it.
     *
     * @param place the target, and the database that the reading was from
     * @param targets how many have to have it
     */
    public synchronized void isEqual(byte[] name, long number, String place, int targets) {
        UnverifiedKey due = names.get(name);
        if (due != null && due.number() == number && due.foreign() == Foreign.NONE && due.found(place, targets)) {
            names.remove(name);
        }
    }

    /** A target does not have the key, which this reading did not find either; parameters as of {@link #isEqual}. */
    public synchronized void isGone(byte[] name, long number, String place, int targets) {
        UnverifiedKey due = names.get(name);
        if (due != null && due.number() == number && due.foreign() != Foreign.WRITTEN && due.found(place, targets)) {
            names.remove(name);
            foreign.gone(name);
        }
    }

    /**
     * A target has another value than this reading gave. Says whether the key must be read again: not if it was taken
     * since, or was read a few times without success.
     */
    public synchronized boolean isDifferent(byte[] name, long number) {
        UnverifiedKey due = names.get(name);
        return due != null && due.number() == number && due.differs() <= MOST_TRIES;
    }

    /** Takes note of how names of a target are read backwards, null for one that is not known; and of all streams. */
    public synchronized void know(Function<byte[], @Nullable List<byte[]>> origins, Supplier<List<ByteBuffer>> all) {
        foreign.know(origins, all);
    }

    /** Takes note of whether a target reports what others write there. */
    public synchronized void isWatched(String target, boolean watched) {
        foreign.isWatched(target, watched);
    }

    /**
     * Somebody else has written these keys at a target, or they expired there; by their names there.
     *
     * @param there whether the target has them since
     */
    public synchronized void wereOverwritten(Collection<byte[]> keys, boolean there) {
        areDoubtful(foreign.altered(keys, there), there ? Foreign.WRITTEN : Foreign.GONE);
    }

    /** Somebody else has used groups of some stream at a target. */
    public synchronized void groupsWereUsed() {
        areDoubtful(foreign.streams(), Foreign.WRITTEN);
    }

    @GuardedBy("this")
    private void areDoubtful(@Nullable List<byte[]> keys, Foreign what) {
        if (!begun) {
            return;
        }
        if (keys == null) {
            isVoid("another client wrote a key at a target whose name at the source is not known");
            return;
        }
        last += keys.isEmpty() ? 0 : 1;
        for (byte[] key : keys) {
            UnverifiedKey due = names.get(key);
            (due == null ? enter(key, last, 1) : due).foreign(what, last);
        }
    }

    /**
     * A comparison of both sides has found these keys equal, or gone at both.
     *
     * @param asOf number of the last reading when that comparison began: keys that were taken later stay here
     */
    public synchronized void areEqual(Collection<byte[]> keys, long asOf) {
        for (byte[] name : keys) {
            UnverifiedKey due = names.get(name);
            if (due != null && due.lastHeard() <= asOf) {
                names.remove(name);
            }
        }
    }
}
