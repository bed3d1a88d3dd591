package io.camelrump;

import io.camelrump.redis.Slot;
import java.util.BitSet;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** What a reader of one node of a cluster has to know: which slots are its own, and which keys it did not find there. */
final class SourceNode {
    private final String id;
    private final boolean isReplica;
    private final boolean tellsFunctions;
    private final BooleanSupplier lost;
    private BitSet wanted = new BitSet(Slot.COUNT);
    private BitSet strayed = new BitSet(Slot.COUNT);

    /**
     * @param id of the master
     * @param isReplica whether a replica of the master is read in its place
     * @param tellsFunctions whether the functions are read of this one: each node has them all
     * @param lost whether the cluster has given up the node, or has given all its slots to others
     */
    SourceNode(String id, boolean isReplica, boolean tellsFunctions, BooleanSupplier lost) {
        this.id = id;
        this.isReplica = isReplica;
        this.tellsFunctions = tellsFunctions;
        this.lost = lost;
    }

    String id() {
        return id;
    }

    boolean isReplica() {
        return isReplica;
    }

    boolean tellsFunctions() {
        return tellsFunctions;
    }

    boolean isLost() {
        return lost.getAsBoolean();
    }

    /** From the next SCAN on names in these slots alone are taken: another node is read for the others. */
    void want(BitSet slots) {
        wanted = (BitSet) slots.clone();
    }

    KeyList keep(KeyList keys) {
        int[] kept = IntStream.range(0, keys.size())
                .filter(i -> wanted.get(Slot.of(keys.array(), keys.offset(i), keys.length(i))))
                .toArray();
        return kept.length == keys.size() ? keys : keys.select(kept);
    }

    /** The node names another one for this key: it is no news of a deletion, and its slot is to be read there. */
    void stray(byte[] key) {
        strayed.set(Slot.of(key));
    }

    /** Slots of keys that were not found here since the last call. */
    BitSet takeStrayed() {
        BitSet taken = strayed;
        strayed = new BitSet(Slot.COUNT);
        return taken;
    }
}
