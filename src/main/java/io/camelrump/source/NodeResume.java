package io.camelrump.source;

import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.redis.Slot;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What of a node of a cluster is left to be read after an earlier run. No slot is in two of its sets.
 *
 * @param at where that run had come to; null if it has read nothing of the node
 * @param going slots of the scan that goes on there, or begins
 * @param done slots that were read to their end
 * @param rest slots that the node has got since; they are scanned when those are done
 */
public record NodeResume(Checkpoint.@Nullable SourceState at, BitSet going, BitSet done, BitSet rest) {

    /**
     * @param resumed null if no run goes on
     * @param node its id
     * @param slots to read from it now
     */
    public static NodeResume of(@Nullable Checkpoint resumed, String node, BitSet slots) {
        BitSet done = new BitSet(Slot.COUNT);
        Checkpoint.SourceState at = null;
        if (resumed != null) {
            for (Checkpoint.SourceState state : resumed.sources()) {
                if (state.node().equals(node)) {
                    if (state.position().ended()) {
                        done.or(state.slots());
                    }
                    at = at == null || at.position().ended() ? state : at;
                }
            }
        }
        BitSet going = at == null ? (BitSet) slots.clone() : at.slots();
        going.and(slots);
        done.and(slots);
        done.andNot(going);
        BitSet rest = (BitSet) slots.clone();
        rest.andNot(going);
        rest.andNot(done);
        return new NodeResume(at, going, done, rest);
    }
}
