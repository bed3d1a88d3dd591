package io.camelrump.source;

import io.camelrump.redis.Cursor;
import io.camelrump.redis.ServerInfo;
import io.camelrump.redis.Slot;
import java.util.BitSet;

/** In which order SCAN's cursors follow each other, which no command reports: found by experiment. */
enum CursorOrder {
    /** One table a database: the cursor's bits are incremented from the highest to the lowest. */
    BITS {
        @Override
        int compareNumbers(long one, long other) {
            return Long.compareUnsigned(Long.reverse(one), Long.reverse(other));
        }

        @Override
        double share(long cursor, BitSet slots) {
            return ScanFingerprint.share(cursor);
        }
    },
    /** Clusters from Redis 7.4 and Valkey 8 on have a table a slot: the low bits are the slot, which rises. */
    SLOTS {
        @Override
        int compareNumbers(long one, long other) {
            int order = Integer.compare(slot(one), slot(other));
            return order == 0 ? BITS.compareNumbers(one >>> SLOT_BITS, other >>> SLOT_BITS) : order;
        }

        @Override
        double share(long cursor, BitSet slots) {
            int all = Math.max(1, slots.cardinality());
            return slots.get(0, slot(cursor)).cardinality() / (double) all;
        }
    };

    private static final int SLOT_BITS = Integer.numberOfTrailingZeros(Slot.COUNT);
    private static final long MASK = Slot.COUNT - 1L;

    /** Order of cursors on a cluster node. */
    static CursorOrder of(ServerInfo node) {
        return node.hasTableForEachSlot() ? SLOTS : BITS;
    }

    /** Slot of a cursor in the order of slots. */
    static int slot(long cursor) {
        return (int) (cursor & MASK);
    }

    /** Negative if SCAN comes to the first cursor before it comes to the other. */
    final int compare(Cursor one, Cursor other) {
        return one.isNumber() && other.isNumber()
                ? compareNumbers(one.number(), other.number())
                // the beginning of a scan has passed no key
                : Long.compare(one.passed(), other.passed());
    }

    abstract int compareNumbers(long one, long other);

    /**
     * Share of the keyspace that lies behind a cursor, from 0 to 1.
     *
     * @param slots those that are read; without meaning where there is one table
     */
    abstract double share(long cursor, BitSet slots);
}
