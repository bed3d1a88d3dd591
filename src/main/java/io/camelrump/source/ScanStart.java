package io.camelrump.source;

import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.keys.ScanPlan;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerInfo;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.Functions;
import io.camelrump.run.RenameCollisions;
import io.camelrump.run.Run;
import io.camelrump.run.ScanEpoch;
import io.camelrump.run.SourceIdentity;
import io.camelrump.throttle.RateLimiter;
import io.camelrump.throttle.ReadingPace;
import io.camelrump.throttle.TurnPacer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Starts the scan of a source: the first one, where the run wants another, and where another server process answers.
 */
final class ScanStart {
    private final ServerAddress address;
    private final RenameCollisions collisions;
    private final boolean restartScan;
    private final Run run;
    private final ScanRewind rewind;
    private final ChangeLog changes;
    private final ReadScope scope;

    /** Scan of the run that the reader is at. */
    private volatile ScanEpoch epoch = ScanEpoch.NONE;

    private volatile long keys = -1;

    ScanStart(
            ServerAddress address,
            RenameCollisions collisions,
            boolean restartScan,
            Run run,
            ScanRewind rewind,
            ReadScope scope) {
        this.address = address;
        this.collisions = collisions;
        this.restartScan = restartScan;
        this.run = run;
        this.rewind = rewind;
        this.changes = run.changes();
        this.scope = scope;
    }

    /** Takes the run's scan for the reader's own. */
    void enter() {
        epoch = run.epoch();
    }

    ScanEpoch epoch() {
        return epoch;
    }

    /** Whether the run has begun no other scan since. */
    boolean isCurrent() {
        return epoch.equals(run.epoch());
    }

    /** How many keys there were when the scan began; -1 where that is unknown. */
    long keys() {
        return keys;
    }

    /** Begins to read a server, or resumes an earlier run. */
    PageTurns first(SourceConnection connection, SourceSession session, ServerInfo info, ReadingPace pace)
            throws IOException {
        ScanPlan plan = connection.plan();
        SourceContent content = SourceContent.of(session.connection(), info, plan, scope);
        SourceAdvice advice = new SourceAdvice(address, info, plan, run);
        advice.advise(session.clock(), session.features());
        if (connection.isAloneInCluster(info)) {
            advice.reportOtherSlots(session.connection());
        }
        KeyScan scan = new KeyScan(plan, content.databases(), scope);
        ScanResume earlier = new ScanResume(address, info, session.connection(), scan, run);
        resume(earlier);
        if (followsEqual()) {
            scan.readStreamsAlone();
        }
        TurnPacer paced = new TurnPacer(pace.budget());
        PageTurns turns = new PageTurns(
                pages(plan, advice, scan, session, info, pace.limits(), paced),
                parts(plan, info, paced),
                pace.limits());
        begin(content, plan, info);
        Checkpoint.SourceState state = earlier.state(scope);
        if (state != null) {
            rewind.resume(state.measured());
        }
        run.clockSteps().begun("source " + address, session.clock(), state != null);
        return turns;
    }

    /** Whether the targets have all that is there; where that was not known to its end, everything is read again. */
    private boolean followsEqual() {
        return run.sources().equalStart().isOpening()
                && (!restartScan || run.targets().resumed() != null);
    }

    private void resume(ScanResume earlier) throws IOException {
        if (scope instanceof NodeAssignment node) {
            node.order(CursorOrder.of(earlier.info()));
            earlier.resume(node);
        } else {
            earlier.resume(collisions.renaming(), restartScan);
        }
    }

    private PageReader pages(
            ScanPlan plan,
            SourceAdvice advice,
            KeyScan scan,
            SourceSession session,
            ServerInfo info,
            RateLimiter pace,
            TurnPacer turns)
            throws IOException {
        boolean renames = collisions.renaming() != null;
        ScanPlan bounded = plan.withWindow(advice.windowBytes());
        KeyMetadataQueries queries =
                KeyMetadataQueries.of(bounded, renames ? collisions : null, session.connection(), info);
        return new PageReader(
                bounded,
                scan,
                queries,
                renames || plan.databases().keepNumbers() ? collisions : null,
                changes,
                pace,
                turns,
                session);
    }

    private PartReader parts(ScanPlan plan, ServerInfo info, TurnPacer turns) {
        PartReader.Mode values = changes.isFollowed() ? PartReader.Mode.LIVE_VALUES : PartReader.Mode.VALUES;
        PartReader parts = new PartReader(
                plan.databases(), plan.bigKeys().isBigValues() ? values : PartReader.Mode.METADATA, turns);
        parts.onOtherNode(scope::stray);
        parts.enterIn(run.sources().bigKeys());
        parts.dumpBy(new OversizeDumps(plan.bigKeys().bytes(), plan.windowBytes(), info));
        return parts;
    }

    /** Voids what was read of the process that answered before. */
    void another(SourceConnection connection, SourceSession session, ServerInfo info, PageTurns turns)
            throws IOException {
        SourceContent content = SourceContent.of(session.connection(), info, connection.plan(), scope);
        turns.forget();
        scope.replaced(run, "Source " + address + " is another server process than before");
        // it may have lost its data; a scan that restarts for another reason is no such sign
        changes.deletes().lost();
        begin(content, connection.plan(), info);
        restart(content, turns.scan());
    }

    /** Scans the same server once more, as the run wants it; returns how many keys it holds now, or -1. */
    long again(SourceConnection connection, KeyScan scan) throws IOException {
        RedisConnection connected = connection.connected();
        SourceContent content = SourceContent.of(connected, connected.info(), connection.plan(), scope);
        begin(content, connection.plan(), connection.info());
        restart(content, scan);
        return keys;
    }

    /** Reports to the run where another scan begins. */
    private void begin(SourceContent content, ScanPlan plan, ServerInfo info) {
        epoch = run.epoch();
        rewind.begin();
        if (changes.isFollowed()) {
            plan.databases().refuseMerged(content.databases(), address);
        }
        collisions.begin(epoch, content.databases());
        keys = content.keys();
        run.sources()
                .found(
                        new SourceIdentity(address, info, this::holds, plan, collisions.origins(), scope.isNode()),
                        scope.isNode() ? -1 : keys);
        if (!scope.isNode() || content.functions() != null) {
            found(content.functions());
        }
    }

    private void found(@Nullable Functions functions) {
        if (functions != null && run.sources().equalStart().isOpening()) {
            run.sources().equalStart().functions(functions);
            run.targets().loadedLibraries().add(functions.libraries());
            run.targets().functions(functions, true);
        } else {
            run.targets().functions(functions);
        }
    }

    private void restart(SourceContent content, KeyScan scan) {
        scan.restart(content.databases());
        scope.wantAll();
        if (scope.isNode()) {
            changes.gaps().moved();
        } else {
            changes.gaps().restarted();
        }
    }

    /** Whether a database of the source holds the key: asked on a connection of its own. */
    private boolean holds(byte[] key, int database) throws IOException {
        try (RedisConnection other = RedisConnection.open(address.withDatabase(database))) {
            return Long.valueOf(1).equals(other.probe("EXISTS", key));
        }
    }
}
