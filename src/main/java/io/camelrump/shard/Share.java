package io.camelrump.shard;

import io.camelrump.redis.KeyList;
import io.camelrump.redis.Slot;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Keys that a run reads of those that pass its filters: all of them, or those whose names lie in its slots. */
public final class Share {
    /** All keys, and all that belongs to a server as a whole. */
    public static final Share WHOLE = new Share(true, null);

    private final boolean first;
    private final @Nullable BitSet slots;

    private Share(boolean first, @Nullable BitSet slots) {
        this.first = first;
        this.slots = slots;
    }

    /** The slots of this shard, on whatever server they are. */
    public static Share of(Shard shard) {
        return new Share(shard.isFirst(), shard.count() == 1 ? null : shard.slots());
    }

    /** All keys of the databases that this shard reads, which nobody else does. */
    public static Share ofDatabases(Shard shard) {
        return new Share(shard.isFirst(), null);
    }

    /** Whether this run takes what belongs to a server and not to a key, such as its functions. */
    public boolean isFirst() {
        return first;
    }

    public boolean isOfAllSlots() {
        return slots == null;
    }

    /** All slots of it. */
    public BitSet slots() {
        BitSet all = new BitSet(Slot.COUNT);
        all.set(0, Slot.COUNT);
        return of(all);
    }

    /** The slots among {@code some} that are in the share. */
    public BitSet of(BitSet some) {
        BitSet ours = (BitSet) some.clone();
        if (slots != null) {
            ours.and(slots);
        }
        return ours;
    }

    public boolean has(int slot) {
        return slots == null || slots.get(slot);
    }

    /** The names that are in the share: the same list where all are. */
    public KeyList keep(KeyList names) {
        if (slots == null) {
            return names;
        }
        int[] kept = IntStream.range(0, names.size())
                .filter(i -> has(Slot.of(names.array(), names.offset(i), names.length(i))))
                .toArray();
        return kept.length == names.size() ? names : names.select(kept);
    }

    /**
     * How many of the keys of a server are in the share, if each slot has equally many.
     *
     * @param keys of the server; negative where that is unknown
     * @param some slots of the server
     */
    public long expected(long keys, BitSet some) {
        return slots == null || keys < 0 || some.isEmpty() ? keys : keys * of(some).cardinality() / some.cardinality();
    }
}
