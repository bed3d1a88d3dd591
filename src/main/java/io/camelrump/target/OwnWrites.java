package io.camelrump.target;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.keys.NameHashes;
import io.camelrump.redis.KeyList;
import java.util.List;

/**
 * Names of keys that this program has lately written at a target, or is writing: until the target has reported all that
 * happened to them before.
 *
 * <p>A target reports a key that expires like one that somebody else writes. Where such a key is there by the time that
 * it is looked up, it was written since: by somebody else, unless its name is here. Names are kept in two generations,
 * of which the older one is forgotten once its writes have all been answered, and a ping that was sent after that, too.
 *
 * <p>All methods may be called from any thread.
 */
final class OwnWrites {
    /** Answer to a ping that says nothing, as writes are in flight. */
    static final long NOT_YET = -1;

    private volatile boolean kept;

    @GuardedBy("this")
    private Generation older = new Generation();

    @GuardedBy("this")
    private Generation newer = new Generation();

    /** Number of the newer generation. */
    @GuardedBy("this")
    private long number;

    private static final class Generation {
        private final NameHashes names = new NameHashes();
        private int inFlight;
        /** More names than fit: none can be told from the others. */
        private boolean full;

        void add(KeyList keys, int i) {
            full |= !names.add(keys.array(), keys.offset(i), keys.length(i));
        }

        boolean mayContain(byte[] name) {
            return full || names.contains(name, 0, name.length);
        }
    }

    /** From here on names are kept: somebody wants to know who else writes. */
    void keep() {
        kept = true;
    }

    /**
     * Keys of these slices are about to be written.
     *
     * @return a number for {@link #settled}
     */
    long sending(List<PageSlice> slices) {
        if (!kept) {
            return NOT_YET;
        }
        synchronized (this) {
            for (PageSlice slice : slices) {
                for (int i = slice.from(); i < slice.to(); i++) {
                    newer.add(slice.page().keys(), i);
                }
            }
            newer.inFlight++;
            return number;
        }
    }

    /** The target has answered, or never will. */
    synchronized void settled(long sent) {
        if (sent == number) {
            newer.inFlight--;
        } else if (sent != NOT_YET) {
            older.inFlight--;
        }
    }

    /** Whether a key of this name was written here, and its report may be that of something which happened before. */
    synchronized boolean mayContain(byte[] name) {
        return older.mayContain(name) || newer.mayContain(name);
    }

    /** Number for {@link #reported} of a ping that is about to be sent. */
    synchronized long pinging() {
        return older.inFlight == 0 ? number : NOT_YET;
    }

    /** The ping of this number is answered: all that had happened when it was sent is known. */
    synchronized void reported(long pinged) {
        if (pinged == number) {
            older = newer;
            newer = new Generation();
            number++;
        }
    }
}
