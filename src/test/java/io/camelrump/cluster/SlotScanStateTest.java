package io.camelrump.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.redis.ClusterNode;
import io.camelrump.redis.Slot;
import io.camelrump.shard.Share;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SlotScanStateTest {
    private static final int HALF = Slot.COUNT / 2;

    private final SlotScanState book = new SlotScanState(Share.WHOLE);

    @Test
    void everySlotIsScannedOfItsOwner() {
        begin();

        assertThat(book.isSettled()).isTrue();
        assertThat(book.scannedOf("a")).isEqualTo(slots(0, HALF));
        assertThat(book.settledAt("b")).isEqualTo(slots(HALF, Slot.COUNT));
        assertThat(book.settledAt(0)).isEqualTo("a");
        assertThat(book.atRest()).isEmpty();
    }

    @Test
    void aSlotThatHasMovedIsScannedAgainOfItsNewOwner() {
        begin();
        ClusterNode a = node("a", slots(1, HALF));
        ClusterNode b = node("b", slots(HALF, Slot.COUNT, 0));

        look(a, b);

        assertThat(book.unsettled()).isEqualTo(slots(0));
        assertThat(book.settledAt(0)).isNull();
        assertThat(book.settledAt("a")).isEqualTo(slots(1, HALF));
        // it has read what the other one does not have yet
        assertThat(book.scannedOf("a")).isEqualTo(slots(0, HALF));
        assertThat(book.isAnyAtRest()).isTrue();
        assertThat(book.atRest()).isEqualTo(Map.of(b, slots(0)));

        book.scannedOf("b", slots(0));

        assertThat(book.isSettled()).isTrue();
        assertThat(book.settledAt(0)).isEqualTo("b");
        assertThat(book.settledAt("a")).isEqualTo(slots(1, HALF));
    }

    @Test
    void aMigratingSlotIsScannedAgainOnceStableEvenIfItStays() {
        begin();

        look(node("a", slots(0, HALF)), node("b", slots(HALF, Slot.COUNT), slots(7)));

        assertThat(book.unsettled()).isEqualTo(slots(7));
        assertThat(book.isAnyAtRest()).isFalse();
        assertThat(book.atRest()).isEmpty();
        assertThat(book.ownerless().isEmpty()).isTrue();

        ClusterNode a = node("a", slots(0, HALF));
        look(a, node("b", slots(HALF, Slot.COUNT)));

        assertThat(book.atRest()).isEqualTo(Map.of(a, slots(7)));
    }

    @Test
    void aSlotThatTwoNodesClaimIsMigrating() {
        begin();

        look(node("a", slots(0, HALF)), node("b", slots(HALF, Slot.COUNT, 3)));

        assertThat(book.unsettled()).isEqualTo(slots(3));
        assertThat(book.atRest()).isEmpty();
        assertThat(book.ownerless().isEmpty()).isTrue();
    }

    @Test
    void slotsThatNobodyOwnsAreReported() {
        begin();

        look(node("a", slots(0, HALF)));

        assertThat(book.unsettled()).isEqualTo(slots(HALF, Slot.COUNT));
        assertThat(book.ownerless()).isEqualTo(slots(HALF, Slot.COUNT));
        assertThat(book.atRest()).isEmpty();

        look(node("a", slots(0, HALF)), node("c", slots(HALF, Slot.COUNT)));

        assertThat(book.ownerless().isEmpty()).isTrue();
    }

    @Test
    void keysThatWereNotFoundWhereTheyWereLookedForAreScannedAgain() {
        begin();

        book.unsettle(5);
        book.unsettle(slots(HALF + 1));

        assertThat(book.unsettled()).isEqualTo(slots(5, 6, HALF + 1));
        assertThat(book.settledAt(5)).isNull();
        assertThat(book.atRest()).hasSize(2);
    }

    private void begin() {
        look(node("a", slots(0, HALF)), node("b", slots(HALF, Slot.COUNT)));
        book.begin();
    }

    private void look(ClusterNode... nodes) {
        book.look(Arrays.stream(nodes).collect(Collectors.toMap(ClusterNode::id, Function.identity())));
    }

    private static ClusterNode node(String id, BitSet slots) {
        return node(id, slots, new BitSet());
    }

    private static ClusterNode node(String id, BitSet slots, BitSet open) {
        return new ClusterNode(id, "127.0.0.1", 6379, true, true, "", slots, open);
    }

    private static BitSet slots(int only) {
        return slots(only, only + 1);
    }

    private static BitSet slots(int first, int end) {
        BitSet slots = new BitSet();
        slots.set(first, end);
        return slots;
    }

    private static BitSet slots(int first, int end, int more) {
        BitSet slots = slots(first, end);
        slots.set(more);
        return slots;
    }
}
