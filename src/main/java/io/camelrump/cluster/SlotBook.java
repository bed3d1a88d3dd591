package io.camelrump.cluster;

import io.camelrump.redis.ClusterNode;
import io.camelrump.redis.Slot;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Of whom each slot of a cluster was scanned, and which slots are to be scanned again, as looks at the masters tell.
 *
 * <p>It asks nobody. Nodes go by their ids. Not thread-safe.
 */
final class SlotBook {
    /** Of whom each slot was scanned last; null if of none. */
    private final @Nullable String[] scannedOf = new String[Slot.COUNT];
    /** Who owned each slot at the last look; null if it was on its way, or had no owner. */
    private final @Nullable String[] owners = new String[Slot.COUNT];
    /** On its way at the last look, or claimed by several. */
    private final BitSet moving = new BitSet(Slot.COUNT);

    private final BitSet unsettled = new BitSet(Slot.COUNT);
    private Map<String, ClusterNode> masters = Map.of();

    /** Takes note of what the masters tell: a slot that is on its way, or that has another owner, is to be scanned again. */
    void look(Map<String, ClusterNode> found) {
        masters = Collections.unmodifiableMap(new LinkedHashMap<>(found));
        moving.clear();
        for (int slot = 0; slot < Slot.COUNT; slot++) {
            owners[slot] = owner(slot);
            if (owners[slot] == null || !owners[slot].equals(scannedOf[slot])) {
                unsettled.set(slot);
            }
        }
    }

    private @Nullable String owner(int slot) {
        String owner = null;
        for (ClusterNode node : masters.values()) {
            if (node.open().get(slot) || node.slots().get(slot) && owner != null) {
                moving.set(slot);
                return null;
            }
            owner = node.slots().get(slot) ? node.id() : owner;
        }
        return owner;
    }

    /** All slots are to be scanned, each of who owned it at the last look. */
    void begin() {
        System.arraycopy(owners, 0, scannedOf, 0, Slot.COUNT);
        unsettled.clear();
    }

    /** These slots are scanned of this node from now on, and are not to be scanned again. */
    void scannedOf(String id, BitSet slots) {
        slots.stream().forEach(slot -> scannedOf[slot] = id);
        unsettled.andNot(slots);
    }

    /** These slots are to be scanned again. */
    void unsettle(BitSet slots) {
        unsettled.or(slots);
    }

    void unsettle(int slot) {
        unsettled.set(slot);
    }

    /** Of whom the slot was scanned last; null if of none, or if it is to be scanned again. */
    @Nullable
    String settledAt(int slot) {
        return unsettled.get(slot) ? null : scannedOf[slot];
    }

    /** All slots that were scanned of this node last, also those that are to be scanned again. */
    BitSet scannedOf(String id) {
        BitSet slots = new BitSet(Slot.COUNT);
        for (int slot = 0; slot < Slot.COUNT; slot++) {
            if (id.equals(scannedOf[slot])) {
                slots.set(slot);
            }
        }
        return slots;
    }

    /** Those that were scanned of this node last, and are not to be scanned again. */
    BitSet settledAt(String id) {
        BitSet slots = scannedOf(id);
        slots.andNot(unsettled);
        return slots;
    }

    boolean isSettled() {
        return unsettled.isEmpty();
    }

    BitSet unsettled() {
        return (BitSet) unsettled.clone();
    }

    /** Whether a slot that is to be scanned again had an owner, and lay still, at the last look. */
    boolean isAnyAtRest() {
        return unsettled.stream().anyMatch(slot -> owners[slot] != null);
    }

    /** Those that are to be scanned again and lay still at the last look, by their owners. */
    Map<ClusterNode, BitSet> atRest() {
        Map<ClusterNode, BitSet> found = new LinkedHashMap<>();
        unsettled.stream().forEach(slot -> {
            ClusterNode owner = owners[slot] == null ? null : masters.get(owners[slot]);
            if (owner != null) {
                found.computeIfAbsent(owner, one -> new BitSet(Slot.COUNT)).set(slot);
            }
        });
        return found;
    }

    /** Those that nobody owned at the last look, and that nobody moves. */
    BitSet ownerless() {
        BitSet none = new BitSet(Slot.COUNT);
        unsettled.stream().filter(slot -> owners[slot] == null).forEach(none::set);
        none.andNot(moving);
        return none;
    }

    Map<String, ClusterNode> masters() {
        return masters;
    }
}
