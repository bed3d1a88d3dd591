package io.camelrump.cluster;

import io.camelrump.redis.ClusterNode;
import io.camelrump.redis.Slot;
import io.camelrump.shard.Share;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tracks which node each slot was scanned on, and which slots need a rescan. Pure state: does no I/O.
 *
 * <p>Nodes go by their ids. Not thread-safe.
 */
final class SlotScanState {
    /** Node on which each slot was scanned last; null if on none. */
    private final @Nullable String[] scannedOf = new String[Slot.COUNT];
    /** Owner of each slot at the last look; null if it was migrating, or had no owner. */
    private final @Nullable String[] owners = new String[Slot.COUNT];
    /** Slots migrating at the last look, or claimed by several nodes. */
    private final BitSet moving = new BitSet(Slot.COUNT);

    private final BitSet unsettled = new BitSet(Slot.COUNT);
    /** Slots of this run: it is nothing to it where the others are. */
    private final Share share;
    /** Whether the masters were looked at since keys were read last; in a live run, since that was wanted. */
    private boolean confirmed;

    private Map<String, ClusterNode> masters = Map.of();

    SlotScanState(Share share) {
        this.share = share;
    }

    /** Notes what the masters report: a slot that migrates, or has another owner, must be scanned again. */
    void look(Map<String, ClusterNode> found) {
        masters = Collections.unmodifiableMap(new LinkedHashMap<>(found));
        moving.clear();
        for (int slot = 0; slot < Slot.COUNT; slot++) {
            owners[slot] = share.has(slot) ? owner(slot) : null;
            if (share.has(slot) && (owners[slot] == null || !owners[slot].equals(scannedOf[slot]))) {
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

    /** Plans to scan all slots, each on its owner at the last look. */
    void begin() {
        System.arraycopy(owners, 0, scannedOf, 0, Slot.COUNT);
        unsettled.clear();
    }

    /** These slots are scanned of this node from now on, and are not to be scanned again. */
    void scannedOf(String id, BitSet slots) {
        slots.stream().forEach(slot -> scannedOf[slot] = id);
        unsettled.andNot(slots);
    }

    /** Makes another look necessary before the end of the scan is believed. */
    void expectMoves() {
        confirmed = false;
    }

    /** The masters were looked at, and nothing was read since. */
    void confirm() {
        confirmed = true;
    }

    boolean isConfirmed() {
        return confirmed;
    }

    /** Plans to scan these slots again. */
    void unsettle(BitSet slots) {
        unsettled.or(share.of(slots));
    }

    void unsettle(int slot) {
        if (share.has(slot)) {
            unsettled.set(slot);
        }
    }

    /** Node on which the slot was scanned last; null if on none, or if it must be scanned again. */
    @Nullable
    String settledAt(int slot) {
        return unsettled.get(slot) ? null : scannedOf[slot];
    }

    /** All slots that were scanned on this node last, including those to scan again. */
    BitSet scannedOf(String id) {
        BitSet slots = new BitSet(Slot.COUNT);
        for (int slot = 0; slot < Slot.COUNT; slot++) {
            if (id.equals(scannedOf[slot])) {
                slots.set(slot);
            }
        }
        return slots;
    }

    /** Slots that were scanned on this node last, without those to scan again. */
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

    /** Whether a slot to scan again had an owner, and did not migrate, at the last look. */
    boolean isAnyAtRest() {
        return unsettled.stream().anyMatch(slot -> owners[slot] != null);
    }

    /** Slots to scan again that did not migrate at the last look, by owner. */
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

    /** Slots without owner at the last look that are not migrating either. */
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
