package io.camelrump.source;

import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.redis.ServerInfo;
import io.camelrump.run.Run;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** States of a source for checkpoints: how far it was read, and which server that was. */
record SourceStates(SourceConnection connection, ScanStart start, ScanRewind rewind, Run run, ReadScope scope) {

    /**
     * Everything before it has its outcome, of the scan that the run is at; null if that one has not begun, or has to
     * be rewound.
     */
    @Nullable
    ScanPosition position(@Nullable PageTurns turns) {
        if (turns == null || !start.isCurrent() || !rewind.isCurrent()) {
            return null;
        }
        ScanPosition first = turns.position(run);
        // cursors can be compared only where it is known in which order they come
        return scope.isNode() && connection.info().isHidden() && !first.ended() ? new ScanPosition(0, 0, false) : first;
    }

    /** State that these slots were read so far. */
    Checkpoint.SourceState of(ScanPosition position, BitSet slots) {
        ServerInfo info = connection.info();
        String runId = info.runId();
        return new Checkpoint.SourceState(
                scope.id(), runId == null ? "" : runId, connection.fingerprint(), slots, position, rewind.measured());
    }
}
