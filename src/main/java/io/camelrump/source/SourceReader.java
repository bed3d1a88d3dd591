package io.camelrump.source;

import io.camelrump.Outcome;
import io.camelrump.RunState;
import io.camelrump.ServerMode;
import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.keys.KeyListFile;
import io.camelrump.keys.MassDeletionGuard;
import io.camelrump.keys.ScanPlan;
import io.camelrump.keys.SourceDatabase;
import io.camelrump.keys.TargetNameIndex;
import io.camelrump.options.ServerOptions;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.ServerInfo;
import io.camelrump.redis.SourceFeatures;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.Functions;
import io.camelrump.run.InFlightKeys;
import io.camelrump.run.PageData;
import io.camelrump.run.Participant;
import io.camelrump.run.RenameCollisions;
import io.camelrump.run.RetryKeys;
import io.camelrump.run.Run;
import io.camelrump.run.SourceIdentity;
import io.camelrump.throttle.RateLimiter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a source to the end of its scan, over cut connections and restarts of the server.
 *
 * <p>After every reconnect it asks who the server is before it uses a cursor again: to another process the cursor means
 * nothing, and the scan has to start at 0.
 */
public final class SourceReader implements PageSource {
    private static final Logger LOG = LoggerFactory.getLogger(SourceReader.class);
    /** Whoever waits for the pace looks so often whether the consumer was stopped. */
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

    /**
     * Content to read.
     *
     * @param keys how many in all, -1 where that is unknown
     * @param functions null if they are not asked for
     */
    private record Content(
            List<SourceDatabase> databases,
            long keys,
            @Nullable Functions functions) {}

    private static final BitSet NONE = new BitSet();

    private final ServerAddress address;
    private final ServerMode mode;
    private ScanPlan options;
    private final DatabaseMapping databases;
    private final RenameCollisions landings;
    private final RateLimiter pace;
    private final Duration retryFor;
    private final boolean restartScan;
    private final Run run;
    private final @Nullable ChangeLog changes;
    /** Null where the source is no cluster. */
    private final @Nullable NodeAssignment node;

    private final ScanFingerprint seen = new ScanFingerprint();
    private final ScanHistory marks = new ScanHistory();
    private final PartReader parts;

    private volatile @Nullable RedisConnection connection;
    private @Nullable PageReader pages;
    private ServerInfo info = ServerInfo.HIDDEN;
    private ServerClock clock = ServerClock.unknown();
    private SourceFeatures features = new SourceFeatures(true);
    /** Steps of clocks that it has gone back for. */
    private volatile int stepsSeen;

    private boolean identityKnown;
    /** Whether the scan has the next turn, where keys wait that are read by parts. */
    private boolean scansNext;

    private volatile long keys = -1;
    /** The scan of the ledger that this reader is at. */
    private volatile int start;

    public SourceReader(
            ServerAddress address,
            ServerOptions server,
            boolean restartScan,
            ScanPlan options,
            RenameCollisions landings,
            RateLimiter pace,
            Run run,
            @Nullable NodeAssignment node) {
        this.address = address;
        this.mode = server.getMode();
        this.options = options;
        this.databases = options.databases();
        this.landings = landings;
        this.pace = pace;
        this.retryFor = server.getRetryFor();
        this.restartScan = restartScan;
        this.run = run;
        this.node = node;
        this.changes = run.changes();
        this.parts = new PartReader(
                databases, run.changes() != null, options.bigKeys().isBigValues());
        parts.of(node);
    }

    /** Connects; a server that cannot be read at all is refused here, one that is not ready yet is waited for. */
    public void open() throws InterruptedException {
        start = run.start();
        try {
            connect();
        } catch (IOException e) {
            throw ErrorText.failure(address, e);
        } catch (RedisException e) {
            if (!e.isServerNotReady()) {
                throw e;
            }
            persistently(() -> true);
        }
    }

    @Override
    public @Nullable PageData next() throws InterruptedException {
        if (start != run.start()) {
            reader().forget();
            parts.forget();
            closeConnection();
            persistently(() -> {
                Content content = look(connected(), connected().info());
                begin(content);
                restartScan(content);
                return true;
            });
        }
        PageData read = persistently(() -> {
            if (!keepTime()) {
                return null;
            }
            return parts.isDone() ? reader().next() : nextOfEither();
        });
        PageData page = landings.land(read, passedOn(read), run, parts::leaveOut);
        parts.takeRefused().forEach(run::refuse);
        parts.takePostponed().forEach(run::postpone);
        reader().takeRefused().forEach(run::refuse);
        reader().takePostponed().forEach(run::postpone);
        run.leaveOut(Outcome.FILTERED, reader().takeFiltered(), start);
        if (page == null) {
            run.pause(Math.min(LONGEST_PAUSE, pace.nanosLeft()));
        }
        return page;
    }

    /** Places of keys that are gone, and whose names others get. */
    private BitSet passedOn(@Nullable PageData page) throws InterruptedException {
        ChangeLog followed = changes;
        if (page == null || followed == null || !landings.followsRenamed() || !GoneNames.areInDoubt(landings, page)) {
            return NONE;
        }
        return persistently(() -> {
            reader().drain();
            return new GoneNames(landings, absence(), followed).passedOn(page, connected());
        });
    }

    private MissingAtSource absence() {
        return new MissingAtSource(connected(), landings, options.selection(), node);
    }

    /**
     * A page of the scan and one of parts in turn, so that keys which change again and again do not stop the scan; but
     * between the parts of one key nothing else is read. What was read already goes first: of two readings of a key the
     * later one must come later.
     */
    private @Nullable PageData nextOfEither() throws IOException {
        boolean turn = scansNext && parts.isBetweenKeys();
        scansNext = !turn;
        if (turn) {
            PageData page = reader().next();
            if (page != null) {
                return page;
            }
        }
        reader().finish();
        PageData earlier = reader().nextFinished();
        return earlier == null ? nextParts() : earlier;
    }

    /** The next page of parts; null also when its turn has not come. */
    private @Nullable PageData nextParts() throws IOException {
        if (!pace.open()) {
            return null;
        }
        PageData page = parts.next(connected(), features, clock);
        if (page != null) {
            pace.asked(page.form() == PageData.Form.PART ? 0 : page.size());
            pace.came(page.bytes());
            pace.sent();
        }
        return page;
    }

    @Override
    public double progress() {
        return reader().scan().progress();
    }

    /** Plans no scan for now. */
    public void endScan() {
        reader().scan().goOn(new ScanPosition(options.databases().first(), 0, true));
    }

    /** How many keys there were when the scan began; -1 where that is unknown. */
    public long keys() {
        return keys;
    }

    /** Whether something else may be read next: the parts of a key follow each other. */
    public boolean isBetweenKeys() {
        return parts.isBetweenKeys();
    }

    @Override
    public int database() {
        return reader().scan().database();
    }

    @Override
    public int scan() {
        return start;
    }

    @Override
    public boolean isAtEnd() {
        return start == run.start() && stepsSeen == run.clockSteps().count() && parts.isDone() && reader().isAtEnd();
    }

    @Override
    public boolean isDry() {
        return isAtEnd();
    }

    /** Its keys stay where they are. */
    @Override
    public void settle() {}

    @Override
    public boolean isScanEnded() {
        return start == run.start() && reader().scan().isEnded();
    }

    @Override
    public void enqueue(RetryKeys reread) throws InterruptedException {
        persistently(() -> {
            if (reread.byParts()) {
                reader().finish();
                parts.enqueue(reread);
            } else {
                reader().enqueue(reread);
            }
            return true;
        });
    }

    @Override
    public void drain() throws InterruptedException {
        persistently(() -> {
            reader().drain();
            return true;
        });
    }

    @Override
    public List<Checkpoint.SourceState> states() {
        ScanPosition position = position();
        return position == null ? List.of() : List.of(state(position, new BitSet()));
    }

    /** That these slots were read so far. */
    public Checkpoint.SourceState state(ScanPosition position, BitSet slots) {
        String runId = info.runId();
        return new Checkpoint.SourceState(
                node == null ? "" : node.id(),
                runId == null ? "" : runId,
                // keys at a cursor, where nothing else tells the server
                runId == null ? seen.encode() : "",
                slots,
                position);
    }

    /** Everything before it has its outcome, of the scan that the ledger is at; null if that one has not begun. */
    @Nullable
    public ScanPosition position() {
        PageReader reader = pages;
        if (reader == null || start != run.start()) {
            return null;
        }
        KeyScan scan = reader.scan();
        ScanPosition first = reader.position();
        for (ScanPosition place : parts.positions()) {
            first = scan.earlier(first, place);
        }
        for (InFlightKeys out : run.keysOut()) {
            if (node == null || node.wants(out.keys())) {
                first = scan.earlier(first, out.position());
            }
        }
        // cursors can be compared only where it is known in which order they come
        return node != null && info.isHidden() && !first.ended() ? new ScanPosition(0, 0, false) : first;
    }

    /** Does nothing: a standalone server has no others beside it. */
    @Override
    public void expectMoves() {}

    /** Does nothing: it stays the one server, wherever its sentinels find it. */
    @Override
    public void onServers(Consumer<List<ServerAddress>> listener) {}

    @Override
    public List<ServerAddress> servers() {
        return List.of(address);
    }

    @Override
    public List<ServerAddress> masters() {
        return List.of(address);
    }

    @Override
    public boolean follow(Map<ServerAddress, Set<Integer>> found) {
        KeyScan scan = reader().scan();
        boolean isNew = scan.add(found.getOrDefault(address, Set.of()));
        if (isNew) {
            databases.refuseMerged(scan.databases(), address);
        }
        return isNew;
    }

    @Override
    public void scanAgain() throws InterruptedException {
        persistently(() -> {
            reader().drain();
            List<SourceDatabase> found = databases.find(connected(), connected().info());
            landings.add(found);
            reader().scan().restart(found);
            marks.beginPart();
            return true;
        });
    }

    @Override
    public boolean isStillTheServer() throws InterruptedException {
        return persistently(() -> {
            if (!connected().leadsTo(address)) {
                closeConnection();
                return false;
            }
            if (options.source().isValues() && changes == null) {
                measured(clock.confirmed(connected()));
            }
            return isAtEnd();
        });
    }

    @Override
    public List<TargetNameIndex.Source> absent(KeyList names, int targetDatabase) throws InterruptedException {
        return persistently(() -> {
            reader().drain();
            return absence().of(names, targetDatabase);
        });
    }

    @Override
    public @Nullable Functions functions() throws InterruptedException {
        return this.<@Nullable Functions>persistently(() -> {
            reader().drain();
            return options.source().isFunctions() ? Functions.of(connected()) : null;
        });
    }

    @Override
    public long size() throws InterruptedException {
        return persistently(() -> {
            reader().drain();
            return MassDeletionGuard.keys(databases, connected());
        });
    }

    /** Whether a database of the source holds the key: asked on a connection of its own. */
    boolean holds(byte[] key, int database) throws IOException {
        try (RedisConnection other = RedisConnection.open(address.withDatabase(database))) {
            return Long.valueOf(1).equals(other.call("EXISTS", key));
        }
    }

    private RedisConnection connected() {
        return Objects.requireNonNull(connection);
    }

    private PageReader reader() {
        PageReader reader = pages;
        if (reader == null) {
            throw new IllegalStateException("the source is not open");
        }
        return reader;
    }

    // --- clocks that are set ---

    /** Goes back where a clock was set; false if the scan of the ledger starts again instead. */
    private boolean keepTime() throws IOException {
        if (!options.source().isValues()) {
            // names have no expiries
            return true;
        }
        if (run.clockSteps().isDue(clock)) {
            reader().drain();
            measured(ServerClock.measure(connected()));
        }
        if (stepsSeen != run.clockSteps().count() && !goBack()) {
            return false;
        }
        long now = System.nanoTime();
        ScanPosition position = marks.isDue(now) ? position() : null;
        if (position != null) {
            marks.add(now, position);
        }
        return true;
    }

    private void measured(ServerClock now) {
        ServerClock before = clock;
        clock = now;
        reader().clock(now);
        run.clockSteps().measured("source " + address, before, now);
    }

    /** Reads again whatever was read since the last measurement before the clock was set. */
    private boolean goBack() throws IOException {
        long since = run.clockSteps().since(stepsSeen);
        stepsSeen = run.clockSteps().count();
        if (changes != null) {
            reader().forgetStreams();
            changes.suspectAll();
            return true;
        }
        KeyScan scan = reader().scan();
        boolean judged = run.witnesses().stream().anyMatch(Participant::isFinal);
        ScanPosition place = scan.canGoBack() && !judged ? marks.at(since) : null;
        if (place == null) {
            run.restart("A clock was set");
            return false;
        }
        reader().finish();
        scan.goOn(scan.earlier(place, scan.position()));
        return true;
    }

    // --- connecting, and connecting again ---

    private interface Action<T> {
        T run() throws IOException, InterruptedException;
    }

    /** Does it, and does it again with a pause while the source is away, for as long as retries are wanted. */
    private <T> T persistently(Action<T> action) throws InterruptedException {
        long since = 0;
        long pause = TimeUnit.MILLISECONDS.toNanos(50);
        while (true) {
            try {
                if (connection == null) {
                    connect();
                }
                T result = action.run();
                if (since != 0) {
                    LOG.info("Source {} answers again", address);
                }
                return result;
            } catch (IOException | RedisException e) {
                RedisException failure = e instanceof RedisException told ? told : ErrorText.failure(address, e);
                closeConnection();
                long now = System.nanoTime();
                if (since == 0) {
                    since = now;
                    if (!failure.isLasting()) {
                        LOG.warn("Source: {} Trying again for up to {} s", failure.getMessage(), retryFor.toSeconds());
                    }
                }
                if (failure.isLasting()) {
                    throw failure;
                }
                if (node != null && node.isLost()) {
                    throw new NodeLostException(failure.getMessage(), failure);
                }
                if (now - since >= retryFor.toNanos()) {
                    throw RedisException.lasting(
                            failure.getMessage() + " Gave up after " + retryFor.toSeconds() + " s.");
                }
                if (run.state() != RunState.RUNNING) {
                    throw failure;
                }
                run.signOfLife();
                run.pause(pause);
                pause = Math.min(pause * 2, TimeUnit.SECONDS.toNanos(1));
            }
        }
    }

    private void connect() throws IOException {
        RedisConnection fresh = RedisConnection.open(address);
        boolean ready = false;
        try {
            ServerInfo nowInfo = fresh.info();
            if (mode == ServerMode.AUTO && node == null && nowInfo.isCluster()) {
                throw new ClusterFoundException(address + " is in cluster mode");
            }
            if (node == null) {
                SourceInspection.refuseDeaf(address, nowInfo);
            } else {
                node.readOnly(fresh);
            }
            probeScan(fresh);
            if (node == null && !nowInfo.isCluster()) {
                SourceFeatures.leaveUnused(fresh);
            }
            features = SourceFeatures.of(fresh, options.source().isCarryIdle() ? nowInfo.toldPolicy() : null);
            ServerClock before = clock;
            clock = ServerClock.measure(fresh);
            PageReader reader = pages;
            boolean another = reader != null && identityKnown && isAnother(fresh, nowInfo);
            if (reader != null && !another) {
                run.clockSteps().measured("source " + address, before, clock);
            }
            Content content = reader == null || another ? look(fresh, nowInfo) : null;
            if (reader != null && content != null) {
                reader.forget();
                parts.forget();
                info = nowInfo;
                String reason = "Source " + address + " is another server process than before";
                if (node == null) {
                    run.restart(reason);
                } else {
                    run.nodeRestarted(reason);
                }
                begin(content);
                restartScan(content);
            }
            if (reader == null && content != null) {
                info = nowInfo;
                SourceInspection look = new SourceInspection(address, info, options, run);
                look.advise(clock, features);
                if (mode == ServerMode.STANDALONE && info.isCluster()) {
                    look.tellOfOtherSlots(fresh);
                }
                KeyScan scan = new KeyScan(options, content.databases(), node);
                ScanResume earlier = new ScanResume(address, info, fresh, scan, run);
                if (node != null) {
                    node.order(CursorOrder.of(nowInfo));
                    earlier.goOn(node);
                } else {
                    earlier.goOn(landings.renaming(), restartScan);
                }
                KeyMetadataQueries questions =
                        KeyMetadataQueries.of(options, landings.renaming() == null ? null : landings, fresh, nowInfo);
                pages = new PageReader(
                        options.withWindow(look.windowBytes()),
                        scan,
                        questions,
                        landings.renaming() == null && !databases.keepNumbers() ? null : landings,
                        changes,
                        pace,
                        fresh,
                        features,
                        clock);
                pages.of(node);
                parts.dumpBy(new OversizeDumps(options.bigKeys().bytes(), options.windowBytes(), info));
                begin(content);
            } else if (reader != null) {
                reader.resume(fresh, features, clock);
                parts.resume();
            }
            identityKnown = true;
            if (info.runId() == null) {
                KeyScan scan = reader().scan();
                seen.remember(fresh, scan.database(), scan.cursor());
            }
            connection = fresh;
            ready = true;
        } finally {
            if (!ready) {
                fresh.close();
            }
        }
    }

    private boolean isAnother(RedisConnection fresh, ServerInfo nowInfo) throws IOException {
        String before = info.runId();
        String now = nowInfo.runId();
        // one that told who it is, and hides it now, cannot be known again
        return before == null && now == null ? !seen.isSameServer(fresh) : !Objects.equals(before, now);
    }

    /** Takes note of where another scan begins. */
    private void begin(Content content) {
        start = run.start();
        marks.begin();
        stepsSeen = run.clockSteps().count();
        if (changes != null) {
            databases.refuseMerged(content.databases(), address);
        }
        landings.begin(start, content.databases());
        keys = content.keys();
        run.source(
                new SourceIdentity(address, info, this::holds, options, landings.origins(), node != null),
                node == null ? keys : -1);
        if (node == null || content.functions() != null) {
            run.functions(content.functions());
        }
    }

    private void restartScan(Content content) {
        reader().scan().restart(content.databases());
        if (node != null) {
            node.wantAll();
        }
        if (changes != null && node == null) {
            changes.deletes().lost();
            changes.restarted();
        } else if (changes != null) {
            changes.moved();
        }
    }

    /** Content to read now. */
    private Content look(RedisConnection open, ServerInfo nowInfo) throws IOException {
        List<SourceDatabase> found = databases.find(open, nowInfo);
        Path file = options.selection().keysFrom();
        if (file != null) {
            long keys = KeyListFile.count(file);
            found = found.stream()
                    .map(database -> new SourceDatabase(database.number(), keys))
                    .toList();
        }
        boolean known = found.stream().noneMatch(database -> database.keys() < 0);
        long keys = found.stream().mapToLong(SourceDatabase::keys).sum();
        return new Content(
                found,
                known ? Math.min(keys, options.selection().sample()) : -1,
                options.source().isFunctions() && (node == null || node.tellsFunctions()) ? Functions.of(open) : null);
    }

    /** Refuses, at the start, a user that may not SCAN or DUMP, with the rule to add. */
    private void probeScan(RedisConnection fresh) throws IOException {
        List<List<String>> probes =
                List.of(List.of("SCAN", "0", "COUNT", "1"), List.of("PTTL", ""), List.of("DUMP", ""));
        List<@Nullable Object> replies = fresh.callAll(probes);
        for (int i = 0; i < probes.size(); i++) {
            if (replies.get(i) instanceof ErrorReply error && !error.isOfKeyAlone()) {
                throw ErrorText.refusal(address, probes.get(i).get(0), error);
            }
        }
        if (options.type() != null && fresh.probe("SCAN", "0", "TYPE", options.type()) instanceof ErrorReply) {
            // below Redis 6.0 SCAN tells no types apart
            options = options.askingForType();
        }
    }

    @Override
    public void close() {
        PageReader reader = pages;
        if (reader != null) {
            reader.scan().close();
        }
        closeConnection();
    }

    private void closeConnection() {
        RedisConnection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }
}
