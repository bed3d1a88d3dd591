package io.camelrump.source;

import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.keys.ScanPlan;
import io.camelrump.keys.TargetNameIndex;
import io.camelrump.options.ServerOptions;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerInfo;
import io.camelrump.run.Functions;
import io.camelrump.run.PageData;
import io.camelrump.run.RenameCollisions;
import io.camelrump.run.RetryKeys;
import io.camelrump.run.Run;
import io.camelrump.run.ScanEpoch;
import io.camelrump.throttle.ReadingPace;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads a source to the end of its scan, over cut connections and restarts of the server.
 *
 * <p>{@link SourceConnection} says when another server process answers than before: the scan starts at 0 then, as the
 * cursor of the old one means nothing.
 */
public final class SourceReader implements PageSource {
    /** Longest wait for the rate limiter before the consumer looks whether it was stopped. */
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

    private final ServerAddress address;
    private final DatabaseMapping databases;
    private final RenameCollisions collisions;
    private final ReadingPace pace;
    private final Run run;

    private final ScanStart start;
    private final ScanRewind rewind;
    private final SourceConnection connection;
    private final SourceQueries queries;
    private final SourceStates states;
    private final ReplicaGroups groups;
    private @Nullable PageTurns turns;

    public SourceReader(
            ServerAddress address,
            ServerOptions server,
            boolean restartScan,
            ScanPlan plan,
            RenameCollisions collisions,
            ReadingPace pace,
            Run run,
            ReadScope scope) {
        this.address = address;
        this.databases = plan.databases();
        this.collisions = collisions;
        this.pace = pace;
        this.run = run;
        this.rewind = new ScanRewind(run);
        this.start = new ScanStart(address, collisions, restartScan, run, rewind, scope);
        this.connection = new SourceConnection(address, server, plan, run, scope, this::opened);
        this.groups = new ReplicaGroups(address, run);
        this.queries = new SourceQueries(connection, collisions, run.changes(), scope);
        this.states = new SourceStates(connection, start, rewind, run, scope);
    }

    /** Connects; one that is not ready yet is waited for, one that is away only if asked to, others are refused. */
    public void open(boolean waits) throws InterruptedException {
        start.enter();
        connection.open(waits);
    }

    /** Prepares for the server that answers. */
    private KeyScan opened(SourceConnection.Server server, SourceSession session, ServerInfo info) throws IOException {
        groups.connected(info);
        switch (server) {
            case FIRST -> turns = start.first(connection, session, info, pace);
            case ANOTHER -> {
                start.another(connection, session, info, turns());
                turns().reconnected(session);
            }
            case SAME -> turns().reconnected(session);
        }
        return turns().scan();
    }

    @Override
    public @Nullable PageData next() throws InterruptedException {
        if (!start.isCurrent()) {
            turns().forget();
            connection.close();
            connection.persistently(() -> start.again(connection, turns().scan()));
        }
        PageData read = connection.persistently(this::nextInTime);
        PageData page = collisions.land(read, queries.passedOn(read, turns()), run, turns()::leaveOut);
        turns().reportUnread(run, start.epoch());
        if (page == null) {
            run.pause(Math.min(LONGEST_PAUSE, pace.limits().nanosLeft()));
        } else {
            groups.read(page);
        }
        return page;
    }

    private @Nullable PageData nextInTime() throws IOException {
        return rewind.keepTime(connection, turns(), this::position) ? turns().next(connection) : null;
    }

    // --- progress and position ---

    @Override
    public double progress() {
        return keyScan().progress();
    }

    /** Plans no scan for now. */
    public void endScan() {
        keyScan().resumeAt(new ScanPosition(databases.first(), 0, true));
    }

    /** How many keys there were when the scan began; -1 where that is unknown. */
    public long keys() {
        return start.keys();
    }

    /** Whether something else may be read next: the parts of a key follow each other. */
    public boolean isBetweenKeys() {
        return turns().isBetweenKeys();
    }

    @Override
    public int database() {
        return keyScan().database();
    }

    @Override
    public ScanEpoch epoch() {
        return start.epoch();
    }

    @Override
    public boolean isAtEnd() {
        return start.isCurrent() && rewind.isCurrent() && turns().isAtEnd();
    }

    @Override
    public boolean isScanEnded() {
        return start.isCurrent() && keyScan().isEnded();
    }

    @Override
    public List<Checkpoint.SourceState> states() {
        ScanPosition position = position();
        return position == null ? List.of() : List.of(state(position, new BitSet()));
    }

    /** State for a checkpoint: these slots were read so far. */
    public Checkpoint.SourceState state(ScanPosition position, BitSet slots) {
        return states.of(position, slots);
    }

    /** Everything before it has its outcome, of the scan that the run is at; null if that one has not begun. */
    @Nullable
    public ScanPosition position() {
        return states.position(turns);
    }

    // --- servers ---

    @Override
    public List<ServerAddress> servers() {
        return List.of(address);
    }

    @Override
    public boolean follow(Map<ServerAddress, Set<Integer>> found) {
        boolean isNew = keyScan().add(found.getOrDefault(address, Set.of()));
        if (isNew) {
            databases.refuseMerged(keyScan().databases(), address);
        }
        return isNew;
    }

    // --- reading again, and queries beside the scan ---

    @Override
    public void enqueue(RetryKeys reread) throws InterruptedException {
        connection.persistently(() -> {
            turns().enqueue(reread);
            return true;
        });
    }

    @Override
    public void drain() throws InterruptedException {
        queries.drained(turns(), () -> true);
    }

    @Override
    public void scanAgain() throws InterruptedException {
        queries.scanAgain(turns(), rewind);
    }

    @Override
    public boolean isStillTheServer() throws InterruptedException {
        return queries.isStillTheServer(address, turns(), rewind) && isAtEnd();
    }

    @Override
    public List<TargetNameIndex.Source> absent(KeyList names, int targetDatabase) throws InterruptedException {
        return queries.absent(names, targetDatabase, turns());
    }

    @Override
    public @Nullable Functions functions() throws InterruptedException {
        return queries.functions(turns());
    }

    @Override
    public long size() throws InterruptedException {
        return queries.size(turns());
    }

    private PageTurns turns() {
        return Objects.requireNonNull(turns, "the source is not open");
    }

    private KeyScan keyScan() {
        return turns().scan();
    }

    @Override
    public void close() {
        PageTurns read = turns;
        if (read != null) {
            read.scan().close();
        }
        connection.close();
    }
}
