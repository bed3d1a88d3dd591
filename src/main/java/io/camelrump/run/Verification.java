package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.VerificationStatus;
import io.camelrump.redis.KeyList;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    /** Bytes of an entry beside its name. */
    private static final int ENTRY_BYTES = 150;
    /** Times that a key is read again because a target was found to have another value. */
    private static final int MOST_TRIES = 3;

    /** Number of a key that was taken, and that its reader has not asked for yet. */
    private static final long NOT_READ = Long.MAX_VALUE;

    private final long mostBytes;

    @GuardedBy("this")
    private final Map<ByteBuffer, UnverifiedKey> names = new HashMap<>();

    @GuardedBy("this")
    private long bytes;

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

    Verification() {
        this(Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    }

    Verification(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** From here on changed keys are entered, and read back at the targets. */
    public synchronized void begin() {
        begun = true;
    }

    public synchronized VerificationStatus status() {
        return new VerificationStatus(epoch, cause, last, names.size(), overflowed);
    }

    /** Names of the source, in whichever database. */
    public synchronized List<byte[]> names() {
        return names.keySet().stream().map(ByteBuffer::array).toList();
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
        for (int i = 0; begun && i < keys.size(); i++) {
            UnverifiedKey due = enter(keys.get(i), NOT_READ, 1);
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
                remove(ByteBuffer.wrap(taken.get(i)));
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
        UnverifiedKey due = names.get(ByteBuffer.wrap(key));
        if (due == null || due.number() < number) {
            enter(key, number, 1);
        } else if (due.number() == number) {
            due.alsoInOther();
        }
    }

    private UnverifiedKey enter(byte[] name, long number, int databases) {
        ByteBuffer key = ByteBuffer.wrap(name);
        UnverifiedKey due = names.get(key);
        if (due != null) {
            due.read(number, databases);
            return due;
        }
        if (bytes >= mostBytes) {
            names.clear();
            bytes = 0;
            overflowed = true;
            isVoid("the names of keys to be compared took too much memory");
        }
        UnverifiedKey fresh = new UnverifiedKey(number, databases);
        names.put(key, fresh);
        bytes += name.length + ENTRY_BYTES;
        return fresh;
    }

    private void remove(ByteBuffer key) {
        if (names.remove(key) != null) {
            bytes -= key.capacity() + ENTRY_BYTES;
        }
    }

    // --- what is found at the targets ---

    /**
     * A target has the key as this reading gave it.
     *
     * @param place the target, and the database that the reading was from
     * @param targets how many have to have it
     */
    public synchronized void isEqual(byte[] name, long number, String place, int targets) {
        ByteBuffer key = ByteBuffer.wrap(name);
        UnverifiedKey due = names.get(key);
        if (due != null && due.number() == number && due.found(place, targets)) {
            remove(key);
        }
    }

    /**
     * A target has another value than this reading gave. Says whether the key must be read again: not if it was taken
     * since, or was read a few times without success.
     */
    public synchronized boolean isDifferent(byte[] name, long number) {
        UnverifiedKey due = names.get(ByteBuffer.wrap(name));
        return due != null && due.number() == number && due.differs() <= MOST_TRIES;
    }

    /** Somebody else has written these keys at a target; names of the source. */
    public synchronized void wereOverwritten(Collection<byte[]> keys) {
        if (!begun) {
            return;
        }
        last++;
        for (byte[] key : keys) {
            UnverifiedKey due = names.get(ByteBuffer.wrap(key));
            if (due == null || due.number() != NOT_READ) {
                enter(key, last, 1);
            }
        }
    }

    /**
     * A comparison of both sides has found these keys equal, or gone at both.
     *
     * @param asOf number of the last reading when that comparison began: keys that were taken later stay here
     */
    public synchronized void areEqual(Collection<byte[]> keys, long asOf) {
        if (names.isEmpty()) {
            return;
        }
        for (byte[] name : keys) {
            ByteBuffer key = ByteBuffer.wrap(name);
            UnverifiedKey due = names.get(key);
            if (due != null && due.number() <= asOf) {
                remove(key);
            }
        }
    }
}
