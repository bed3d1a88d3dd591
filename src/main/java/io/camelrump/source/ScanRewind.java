package io.camelrump.source;

import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.redis.ServerClock;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.Participant;
import io.camelrump.run.Run;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Rewinds a scan when a server's clock was set: expiries that were read since the last measurement before that may be
 * wrong.
 */
final class ScanRewind {
    private final Run run;
    private final ChangeLog changes;
    private final ScanHistory history = new ScanHistory();
    /** Steps of clocks that the scan was rewound for. */
    private volatile int stepsSeen;

    ScanRewind(Run run) {
        this.run = run;
        this.changes = run.changes();
    }

    /** A scan of everything begins. */
    void begin() {
        history.begin();
        stepsSeen = run.clockSteps().count();
    }

    /** A scan begins that may leave out what the one before has read. */
    void beginPart() {
        history.beginPart();
    }

    /**
     * The scan goes on where an earlier run ended.
     *
     * @param measured where that run was when it measured the clocks last; null if that is not known
     */
    void resume(@Nullable ScanPosition measured) {
        history.resume(measured);
        // what another reader of this run has found by now applies to the keys of the earlier run too
        stepsSeen = 0;
    }

    /** Everything before it had its outcome when all clocks were measured last; null if that is not known. */
    @Nullable
    ScanPosition measured() {
        return history.at(run.clockSteps().oldest());
    }

    /** Whether no clock was set that the scan was not rewound for. */
    boolean isCurrent() {
        return stepsSeen == run.clockSteps().count();
    }

    /**
     * Measures the server's clock when that is due, and rewinds the scan where a clock was set.
     *
     * @param position everything before it has its outcome; null where that is unknown
     * @return false if the run's scan restarts instead
     */
    boolean keepTime(SourceConnection connection, PageTurns turns, Supplier<@Nullable ScanPosition> position)
            throws IOException {
        if (!connection.plan().source().isValues()) {
            // names have no expiries
            return true;
        }
        if (run.clockSteps().isDue(connection.clock())) {
            turns.pages().drain();
            measured(connection, turns, ServerClock.measure(connection.connected()));
        }
        if (!isCurrent() && !rewind(turns.pages())) {
            return false;
        }
        long now = System.nanoTime();
        ScanPosition current = history.isDue(now) ? position.get() : null;
        if (current != null) {
            history.add(now, current);
        }
        return true;
    }

    /** Measures the server's clock once more at the end of a run that is not live. */
    void confirmTime(SourceConnection connection, PageTurns turns) throws IOException {
        if (connection.plan().source().isValues() && !changes.isFollowed()) {
            measured(connection, turns, connection.clock().confirmed(connection.connected()));
        }
    }

    private static void measured(SourceConnection connection, PageTurns turns, ServerClock now) {
        turns.pages().clock(now);
        connection.measured(now);
    }

    /** Reads again whatever was read since a clock was set; false if the run's scan restarts instead. */
    private boolean rewind(PageReader reader) throws IOException {
        long since = run.clockSteps().since(stepsSeen);
        stepsSeen = run.clockSteps().count();
        if (changes.isFollowed()) {
            reader.forgetStreams();
            changes.gaps().suspectAll();
            return true;
        }
        KeyScan scan = reader.scan();
        boolean judged = run.targets().participants().stream().anyMatch(Participant::isFinal);
        ScanPosition place = scan.canGoBack() && !judged ? history.rewind(since) : null;
        if (place == null) {
            run.restart("A clock was set");
            return false;
        }
        reader.finish();
        scan.resumeAt(scan.earlier(place, scan.position()));
        return true;
    }
}
