package io.camelrump.cluster;

import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.Slot;
import io.camelrump.run.RetryWindow;
import java.time.Duration;
import java.util.BitSet;
import java.util.Locale;

/**
 * Progress of the rescans: slots that must be scanned again each time after they were are given up in the end, as where
 * a node names itself for their keys, or has another id at each look.
 */
final class RescanProgress {
    /** A rescan takes as long as the shard is large: a few in a row are no proof, whatever their time. */
    private static final int MOST_REPEATS = 8;

    private final ServerAddress seed;
    /** Slots that were scanned again since all were settled last. */
    private final BitSet scanned = new BitSet(Slot.COUNT);
    /** Open while no round of rescans has only slots that were not in one before. */
    private final RetryWindow repeating;
    /** Rounds in a row with slots that were in one before. */
    private int repeats;

    RescanProgress(ServerAddress seed, Duration retryFor) {
        this.seed = seed;
        this.repeating = new RetryWindow("Source", retryFor);
    }

    /** Every slot was read where it lies. */
    void settled() {
        scanned.clear();
        advanced();
    }

    private void advanced() {
        repeats = 0;
        repeating.succeeded();
    }

    /**
     * These slots are scanned again now.
     *
     * @throws RedisException if that has led to nothing time and again, and for as long as retries are wanted
     */
    void begin(BitSet slots) {
        if (!slots.intersects(scanned)) {
            advanced();
        } else {
            repeating.open();
            repeats++;
        }
        scanned.or(slots);
        if (repeats > MOST_REPEATS && repeating.isOver()) {
            throw RedisException.permanentError(repeating.gaveUp(String.format(
                    Locale.ROOT,
                    "%s: %d slots, such as slot %d, must be scanned again each time after they were: compare CLUSTER"
                            + " NODES of its masters, which contradict each other or change their ids.",
                    seed,
                    slots.cardinality(),
                    slots.nextSetBit(0))));
        }
    }
}
