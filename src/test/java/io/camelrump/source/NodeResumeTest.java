package io.camelrump.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.Counts;
import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.checkpoint.ScanPosition;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeResumeTest {
    private static final ScanPosition MIDDLE = new ScanPosition(0, 77, false);
    private static final ScanPosition END = new ScanPosition(0, 0, true);

    @Test
    void aRunThatBeginsReadsAllOfANode() {
        NodeResume left = NodeResume.of(null, "a", slots(0, 9));

        assertThat(left).isEqualTo(new NodeResume(null, slots(0, 9), slots(0, 0), slots(0, 0)));
        assertThat(NodeResume.of(checkpoint(), "unknown", slots(0, 9))).isEqualTo(left);
    }

    @Test
    void resumeScansGainedSlotsAndSkipsLostOnes() {
        Checkpoint.SourceState at = new Checkpoint.SourceState("a", "run", "", slots(2, 6), MIDDLE, null);
        Checkpoint resumed = checkpoint(
                new Checkpoint.SourceState("a", "run", "", slots(6, 20), END, null),
                new Checkpoint.SourceState("b", "run", "", slots(0, 2), END, null),
                at);

        NodeResume left = NodeResume.of(resumed, "a", slots(0, 9));

        assertThat(left).isEqualTo(new NodeResume(at, slots(2, 6), slots(6, 9), slots(0, 2)));
    }

    @Test
    void aNodeThatWasReadToItsEndHasNothingLeft() {
        Checkpoint.SourceState at = new Checkpoint.SourceState("a", "run", "", slots(0, 9), END, null);

        NodeResume left = NodeResume.of(checkpoint(at), "a", slots(0, 9));

        assertThat(left).isEqualTo(new NodeResume(at, slots(0, 9), slots(0, 0), slots(0, 0)));
    }

    private static Checkpoint checkpoint(Checkpoint.SourceState... states) {
        Counts none = new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        return new Checkpoint(List.of(states), Map.of(), none, List.of(), Map.of(), Map.of(), Map.of(), false, false);
    }

    private static BitSet slots(int first, int end) {
        BitSet slots = new BitSet();
        slots.set(first, end);
        return slots;
    }
}
