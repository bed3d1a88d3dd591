package io.camelrump;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.PayloadProbe;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.ServerInfo;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A target over cut connections and restarts of its server.
 *
 * <p>Confirmed means confirmed by this process of the target: after every reconnect it is asked who it is, and if it is
 * another one, all that was confirmed is void and the scan starts again. Not thread-safe.
 */
final class Target implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Target.class);

    private static final int NAMES_AT_ONCE = 1_000;
    /** Temporary keys that killed runs may have left in a target that is empty otherwise. */
    private static final int MOST_TEMPORARIES = 100;

    private final ServerAddress address;
    private final WriteOptions options;
    private final Slicer slicer;
    private final ReadOrder order;
    private final RecentKeys recent = new RecentKeys();
    private final CutKey cutKey = new CutKey();
    private final PayloadVersions versions = new PayloadVersions();
    private final TemporaryKeys temporaries;
    private final boolean ofCluster;
    private final boolean takesAnyMode;
    private final String copyPrefix = UUID.randomUUID() + ":";
    /** Runs that this target takes part in, and of those the sources that were found to be another server. */
    private final Set<Ledger> runs = Collections.newSetFromMap(new WeakHashMap<>());

    private final Map<Ledger, WeakReference<List<SourceIdentity>>> checked = new WeakHashMap<>();

    private volatile @Nullable RedisConnection connection;
    private TargetFeatures features = new TargetFeatures(true, true, true, true);
    private volatile ServerInfo info = ServerInfo.HIDDEN;
    private ServerClock clock = ServerClock.unknown();
    private @Nullable Functions restored;
    private @Nullable DryRun dryRun;
    private @Nullable ElementFeatures elementFeatures;
    private volatile boolean opened;
    /** Whether it held no key when the run began: what is gone at the source is then gone here too. */
    private volatile boolean emptyAtStart;
    /** Whether a key that is here is ours for certain: another process may have come with others. */
    private boolean wasEmpty;
    /** What was found of all masters together; null where this server is alone, or not all were asked yet. */
    private @Nullable Boolean began;

    private int ownSlot = -1;

    private long evictedBefore;
    private long failingSince;
    private long written;
    private boolean saysUsageIsLost;

    /** @param takesAnyMode whether it is used alone, even if it says that it is one of a cluster's */
    Target(ServerAddress address, WriteOptions options, boolean takesAnyMode) {
        this(address, options, new ReadOrder(), new TemporaryKeys(), false, takesAnyMode);
    }

    /** One master of a cluster, which shares with the others what is known of keys whose slots may move. */
    Target(ServerAddress address, WriteOptions options, ReadOrder order, TemporaryKeys temporaries) {
        this(address, options, order, temporaries, true, true);
    }

    private Target(
            ServerAddress address,
            WriteOptions options,
            ReadOrder order,
            TemporaryKeys temporaries,
            boolean ofCluster,
            boolean takesAnyMode) {
        this.address = address;
        this.options = options;
        this.order = order;
        this.temporaries = temporaries;
        this.ofCluster = ofCluster;
        this.takesAnyMode = takesAnyMode;
        this.slicer = new Slicer(options.maxKeysPerSecond());
    }

    /** Connects; a target that can not be written at all is refused here, one that is not ready yet may be so later. */
    void open() {
        try {
            connect();
        } catch (IOException e) {
            throw ErrorText.failure(address, e);
        } catch (RedisException e) {
            if (!e.isServerNotReady()) {
                throw e;
            }
            LOG.warn("Target: {}", e.getMessage());
        }
    }

    /** Looks at the target before the first key is written. */
    private void lookAround(RedisConnection fresh, ServerInfo now) throws IOException {
        long keys = fresh.databaseSize();
        if (began == null) {
            wasEmpty = keys == 0 || holdsTemporariesAlone(fresh, keys);
            emptyAtStart = wasEmpty;
        }
        if (options.dryRun()) {
            LOG.info("DRY RUN: nothing is written to target {}", address);
        }
        if (!wasEmpty && keys != 0 && options.onConflict() == ConflictPolicy.REPLACE) {
            LOG.warn(
                    "Target {} holds {} keys already; those with names that the source has too are replaced",
                    address,
                    keys);
        }
        if (now.evicts()) {
            LOG.warn(
                    "Target {} may throw keys away when its {} bytes are full (maxmemory-policy {}): the run fails if"
                            + " it does",
                    address,
                    now.maxMemory(),
                    now.evictionPolicy());
        }
        if (!clock.isKnown()) {
            LOG.warn(
                    "Target {} does not tell its time: its clock is taken to go like the source's; the ACL rule +time"
                            + " for this user lets expiries be exact where it does not",
                    address);
        }
        if (!options.keepTtl()) {
            LOG.warn("Expiries are dropped: every key lives for ever at target {}", address);
        }
    }

    /** Whether all it holds is what runs leave: a checkpoint and its lock, or parts of big keys. */
    private static boolean holdsTemporariesAlone(RedisConnection fresh, long keys) throws IOException {
        if (keys > MOST_TEMPORARIES) {
            return false;
        }
        // one call shows all of so few keys, unless they were many before
        fresh.out().command(4).arg("SCAN").arg("0").arg("COUNT").arg(NAMES_AT_ONCE);
        fresh.out().flush();
        try {
            ScanReply reply = ScanReply.read(fresh, Integer.MAX_VALUE);
            return reply.cursor() == 0
                    && reply.tooLong().isEmpty()
                    && TemporaryKeys.without(reply.keys()).size() == 0;
        } catch (RedisException e) {
            // a user that may not SCAN
            return false;
        }
    }

    ServerAddress address() {
        return address;
    }

    boolean wasEmptyAtStart() {
        return emptyAtStart;
    }

    /** Whether the cluster that it is of held no key when the run began: its keys may come here with their slots. */
    void beganEmpty(boolean empty) {
        began = empty;
        wasEmpty = empty;
        emptyAtStart = empty;
    }

    /** Names a slot that this master of a cluster owns; -1 if it has none. */
    void owns(int slot) {
        ownSlot = slot;
        RedisConnection open = connection;
        if (open != null) {
            open.owns(slot);
        }
    }

    /** Those that it takes part in. */
    Set<Ledger> runs() {
        return Set.copyOf(runs);
    }

    /** Writes these pages and reads all replies; keys that have their outcome already are left out. */
    WriteReport write(List<Page> pages) throws TransientTargetException, TargetClosedException, InterruptedException {
        return write(pages, false);
    }

    /** @param asking whether the slots of these keys are still on their way to this master of a cluster */
    WriteReport write(List<Page> pages, boolean asking)
            throws TransientTargetException, TargetClosedException, InterruptedException {
        WriteReport report = new WriteReport();
        for (Page page : pages) {
            if (page.receipt() != null) {
                runs.add(page.receipt().ledger());
            }
        }
        if (due(pages).isEmpty() && pages.stream().noneMatch(Target::bringsFunctions)) {
            return report;
        }
        boolean inStep = false;
        try {
            RedisConnection open = connection();
            refuseSameData(open);
            refuseToKeepInLiveRun();
            restoreFunctions(open);
            pages.stream().filter(Target::bringsFunctions).forEach(this::answerWithoutKeys);
            refreshClock(open);
            for (Page page : pages) {
                versions.learn(page, open, info);
            }
            sayWhatIsNotCarried(pages);
            for (List<Page> group : groups(due(pages))) {
                for (List<Slice> slices : slicer.slices(group, cutKey.wantsKeysAlone(), this::slice)) {
                    slicer.awaitTurn(slices);
                    write(batch(open, slices, asking), report);
                }
            }
            takesKeysAgain();
            inStep = true;
            return report;
        } catch (SlotMovedException e) {
            inStep = true;
            throw e;
        } catch (IOException e) {
            cutKey.cut();
            throw failure(ErrorText.failure(address, e));
        } catch (RedisException e) {
            throw failure(e);
        } finally {
            if (!inStep) {
                // some replies may be unread
                close();
            }
        }
    }

    private void sayWhatIsNotCarried(List<Page> pages) {
        if (!saysUsageIsLost && !features.absoluteTtl() && pages.stream().anyMatch(page -> page.usage() != null)) {
            saysUsageIsLost = true;
            LOG.warn(
                    "Target {} takes no idle time and no frequency with a key, which Redis does from 5.0 on: every key"
                            + " looks freshly used there",
                    address);
        }
    }

    /** A page without keys has a receipt only where functions are to be copied from a source that has nothing else. */
    private static boolean bringsFunctions(Page page) {
        return page.size() == 0 && page.receipt() != null;
    }

    private void answerWithoutKeys(Page page) {
        Objects.requireNonNull(page.receipt()).answer(options.name(), page, new Outcome[0], Map.of());
    }

    private RedisConnection connection() throws IOException {
        RedisConnection open = connection;
        return open == null ? connect() : open;
    }

    /** Whether these pages may be sent behind others: nothing is to be asked of the target before or after them. */
    boolean canPipeline(List<Page> pages) {
        return connection != null
                && dryRun == null
                && replaces()
                && features.replace()
                && options.waitReplicas() == 0
                && !cutKey.wantsKeysAlone()
                && !clock.isStale()
                && slicer.isOnePipeline(pages)
                && pages.stream().allMatch(page -> page.form() == Page.Form.PAYLOADS && versions.know(page))
                && pages.stream()
                        .map(Page::receipt)
                        .allMatch(receipt ->
                                receipt == null || isChecked(receipt.ledger()) && hasFunctionsOf(receipt.ledger()));
    }

    /** Sends these pages; the replies are to be read, and then {@link #settle settled}. */
    SentBatch send(List<Page> pages) throws TransientTargetException, TargetClosedException {
        RedisConnection open = Objects.requireNonNull(connection);
        List<Slice> slices = new ArrayList<>();
        slicer.slices(due(pages), false, this::slice).forEach(slices::addAll);
        try {
            SentBatch batch = batch(open, slices, false);
            batch.send();
            return batch;
        } catch (IOException e) {
            throw lost(open, e);
        }
    }

    /** Enters what the target answered to a batch, also if its replies end with a failure. */
    WriteReport settle(SentBatch batch, @Nullable Exception failure)
            throws TransientTargetException, TargetClosedException {
        WriteReport report = new WriteReport();
        answer(batch, report);
        try {
            if (failure instanceof IOException e) {
                throw lost(batch.connection(), e);
            } else if (failure instanceof RuntimeException e) {
                drop(batch.connection());
                throw e;
            }
            refuse(batch, report, null);
            takesKeysAgain();
            return report;
        } catch (RedisException e) {
            drop(batch.connection());
            throw failure(e);
        }
    }

    private TransientTargetException lost(RedisConnection broken, IOException cause) throws TargetClosedException {
        // of several batches on their way only the first one tells of the cut
        if (broken == connection) {
            cutKey.cut();
        }
        drop(broken);
        return failure(ErrorText.failure(address, cause));
    }

    private void takesKeysAgain() {
        if (failingSince != 0) {
            LOG.info("Target {} takes keys again", address);
        }
        failingSince = 0;
        cutKey.calm();
    }

    /** Whether a key that is gone at a followed source is deleted here: where all keys came from it, or by name. Any thread may ask. */
    boolean deletes() {
        return opened && (emptyAtStart || options.prune());
    }

    /** What is to be known of it if the run is to go on later. */
    private Checkpoint.TargetState state() {
        return new Checkpoint.TargetState(Objects.requireNonNullElse(info.runId(), ""), emptyAtStart, evictedBefore);
    }

    /** Where an earlier run wrote here: whether this is still the server that confirmed its keys. */
    private void goOn(Ledger run) throws TargetClosedException {
        Checkpoint from = run.resumed();
        Checkpoint.TargetState before = from == null ? null : from.targets().get(toString());
        boolean unwritten = before == null
                && (from == null
                        || from.targets().isEmpty()
                        || from.targets().keySet().stream().anyMatch(this::isSameServer));
        if (from == null || unwritten) {
            return;
        }
        if (before == null) {
            throw canNotGoOn("the checkpoint is of other targets: "
                    + String.join(", ", from.targets().keySet()));
        }
        if (before.runId().isEmpty()) {
            throw canNotGoOn(
                    "it hides its run_id (ACL rule +info), so nothing tells that it still holds what it confirmed");
        }
        if (!before.runId().equals(info.runId())) {
            throw canNotGoOn("it is another server process than the one that confirmed the keys");
        }
        if (evictedBefore > before.evicted()) {
            throw canNotGoOn("it evicted " + (evictedBefore - before.evicted()) + " keys since the run began");
        }
        wasEmpty = before.wasEmpty();
        emptyAtStart = wasEmpty;
        if (!replaces()) {
            throw new TargetClosedException(
                    "Target " + address + " was not empty when the run began, so it can not go on"
                            + " with onConflict=" + options.onConflict().name().toLowerCase(Locale.ROOT)
                            + ": its own keys can not be told from foreign ones.");
        }
    }

    private TargetClosedException canNotGoOn(String objection) {
        return new TargetClosedException("Target " + address + " can not go on: " + objection
                + ". Start over with restartScan (--restart-scan).");
    }

    private boolean isSameServer(String other) {
        String server = address.withDatabase(0).toString();
        return other.equals(server) || other.startsWith(server + "/");
    }

    @Override
    public String toString() {
        return address.toString();
    }

    /** Some names; null if they can not be asked for now. */
    @Nullable
    ScanReply names(long cursor) {
        try {
            RedisConnection open = connection();
            open.out()
                    .command(4)
                    .arg("SCAN")
                    .arg(Long.toUnsignedString(cursor))
                    .arg("COUNT")
                    .arg(NAMES_AT_ONCE);
            open.out().flush();
            return ScanReply.read(open, Integer.MAX_VALUE);
        } catch (IOException | RedisException e) {
            LOG.debug("no names of {}", address, e);
            close();
            return null;
        }
    }

    private boolean replaces() {
        return options.onConflict() == ConflictPolicy.REPLACE || wasEmpty;
    }

    /** Writes values by commands; what the target can hold is asked when the first one comes. */
    private ElementWriter elements(RedisConnection open) throws IOException {
        ElementFeatures known = elementFeatures;
        if (known == null) {
            known = ElementFeatures.of(open, options.dryRun());
            elementFeatures = known;
        }
        return new ElementWriter(open, known, options.dropFieldTtl());
    }

    private SentBatch batch(RedisConnection open, List<Slice> slices, boolean asking) throws IOException {
        long sourceClock = slices.isEmpty() ? 0 : slices.get(0).page().clockOffsetMicros();
        ServerClock known = clock.or(sourceClock);
        boolean payloads = slices.isEmpty() || slices.get(0).page().form() == Page.Form.PAYLOADS;
        return new SentBatch(
                open,
                new BatchWriter(open, features, versions, known, replaces(), options.keepTtl(), deletes(), asking),
                payloads
                        ? null
                        : new PartsWriter(
                                open,
                                features,
                                elements(open),
                                known,
                                replaces(),
                                options.keepTtl(),
                                deletes(),
                                temporaries),
                new Conflicts(open, features, dryRun == null ? copyPrefix : null),
                slices);
    }

    private List<Page> due(List<Page> pages) {
        return pages.stream()
                .filter(page -> page.size() > 0
                        && (page.receipt() == null || page.receipt().isOut()))
                .sorted(Comparator.comparingLong(
                        page -> page.receipt() == null ? 0 : page.receipt().sequence()))
                .toList();
    }

    /** Pages in order, those of payloads apart from those that are written by commands. */
    private static List<List<Page>> groups(List<Page> pages) {
        List<List<Page>> groups = new ArrayList<>();
        boolean payloads = false;
        for (Page page : pages) {
            boolean ofPayloads = page.form() == Page.Form.PAYLOADS;
            if (groups.isEmpty() || payloads != ofPayloads) {
                groups.add(new ArrayList<>());
            }
            groups.get(groups.size() - 1).add(page);
            payloads = ofPayloads;
        }
        return groups;
    }

    /** A page as it is to be sent: what an earlier try settled, or a newer reading wrote, is left out. */
    private Slice slice(Page page, int from, int to, @Nullable Outcome[] outcomes) {
        Receipt receipt = page.receipt();
        boolean[] skipped = null;
        if (receipt != null && !receipt.isUntouched(options.name())) {
            skipped = new boolean[page.size()];
            for (int i = from; i < to; i++) {
                skipped[i] = receipt.isAnswered(options.name(), page.place(i));
            }
        }
        boolean[] superseded = order.superseded(page);
        for (int i = from; superseded != null && i < to; i++) {
            if (superseded[i]) {
                outcomes[i] = Outcome.RESTORED;
            }
        }
        return new Slice(page, from, to, outcomes, skipped);
    }

    private void write(SentBatch batch, WriteReport report)
            throws IOException, TargetClosedException, SlotMovedException {
        byte[] foreign = null;
        boolean safe = options.waitReplicas() == 0;
        try {
            if (dryRun == null) {
                batch.send();
                batch.readReplies();
            } else {
                batch.sendNothing(dryRun, replaces());
            }
            if (batch.passing() == null) {
                foreign = batch.resolveConflicts();
                if (!safe && dryRun == null) {
                    batch.awaitReplicas(options.waitReplicas(), (int)
                            address.connectTimeout().toMillis());
                }
                safe = true;
            }
        } catch (IOException e) {
            refuseKeyThatCuts(batch.slices());
            throw e;
        } finally {
            if (!safe) {
                batch.slices().forEach(Slice::forgetWritten);
            }
            answer(batch, report);
        }
        refuse(batch, report, foreign);
        if (batch.slices().stream().anyMatch(Slice::hasUnanswered)) {
            throw RedisException.passing("A key of " + address + " was there, and gone when it was looked at.", null);
        }
    }

    /** Tells of what the target's answers mean for the batch as a whole. */
    private void refuse(SentBatch batch, WriteReport report, byte @Nullable [] foreign)
            throws TargetClosedException, SlotMovedException {
        if (foreign != null && options.onConflict() == ConflictPolicy.FAIL) {
            throw new TargetClosedException("Target " + address + " holds another value under " + Refusal.quote(foreign)
                    + ", and onConflict=fail; " + written
                    + (dryRun == null ? " keys were written before." : " keys would have been written before."));
        }
        if (report.count(Outcome.REFUSED) > 0 && options.onRefused() == RefusalPolicy.FAIL) {
            throw new TargetClosedException(
                    "Target " + address + " refused " + report.refusals().get(0) + ", and onRefused=fail.");
        }
        ErrorReply passing = batch.passing();
        if (passing != null && passing.isRedirection()) {
            if (!ofCluster) {
                throw new TargetClosedException("Target " + address + " said: " + passing
                        + ". It is one of a cluster's: leave mode=standalone (--to-mode) out.");
            }
            throw new SlotMovedException(
                    this,
                    passing,
                    batch.slices().stream()
                            .flatMap(slice -> slice.asked().stream())
                            .toList());
        }
        if (passing != null) {
            throw ErrorText.refusal(address, "RESTORE", passing);
        }
    }

    private void answer(SentBatch batch, WriteReport report) {
        int before = report.count(Outcome.RESTORED);
        for (Slice slice : batch.slices()) {
            slice.answer(options.name(), report);
            if (slice.page().form() == Page.Form.PART) {
                // its key is not there yet
                continue;
            }
            order.written(slice);
            if (info.runId() == null && dryRun == null) {
                recent.remember(slice, batch.writer());
            }
        }
        written += report.count(Outcome.RESTORED) - before;
    }

    /** A server that cuts the connection again and again at one key does not want this key. */
    private void refuseKeyThatCuts(List<Slice> slices) {
        if (cutKey.isBlamed(slices)) {
            Slice slice = slices.get(0);
            slice.refuse(
                    slice.from(),
                    address + " closes the connection at its payload of "
                            + slice.page().payloadLength(slice.from())
                            + " bytes; raise its proto-max-bulk-len or client-query-buffer-limit");
        }
    }

    /** What the route is to be told: that a retry may help, or, when all retries were spent, that none will. */
    private Exception failureOf(RedisException e) {
        if (e.isLasting()) {
            return new TargetClosedException("Target: " + e.getMessage());
        }
        long now = System.nanoTime();
        if (failingSince == 0) {
            failingSince = now;
            LOG.warn(
                    "Target: {} Trying again for up to {} s",
                    e.getMessage(),
                    options.retryFor().toSeconds());
        }
        if (now - failingSince >= options.retryFor().toNanos()) {
            return new TargetClosedException("Target: " + e.getMessage() + " Gave up after "
                    + options.retryFor().toSeconds() + " s; " + written + " keys were written.");
        }
        runs.forEach(Ledger::signOfLife);
        return new TransientTargetException("Target: " + e.getMessage(), e);
    }

    private TransientTargetException failure(RedisException e) throws TargetClosedException {
        Exception failure = failureOf(e);
        if (failure instanceof TargetClosedException closed) {
            throw closed;
        }
        return (TransientTargetException) failure;
    }

    /** Removes what was put together of keys whose run has ended; what can not be removed now expires. */
    void discardTemporaries() {
        List<String> names = temporaries.underWay();
        if (names.isEmpty() || dryRun != null) {
            return;
        }
        try {
            RedisConnection open = connection();
            for (String name : names) {
                if (!(open.call(features.delete(), TemporaryKeys.bytes(name)) instanceof ErrorReply error
                        && error.isRedirection())) {
                    temporaries.end(name);
                }
            }
        } catch (IOException | RedisException e) {
            close();
            LOG.info(
                    "{} temporary keys are left at target {}; they expire within the hour: {}",
                    names.size(),
                    address,
                    e.getMessage());
        }
    }

    /** Asks the target at the end of a run whether it is still the process that confirmed, and has kept all. */
    boolean confirm(Ledger ledger) throws TransientTargetException, TargetClosedException {
        try {
            RedisConnection open = connection();
            if (!open.leadsTo(address)) {
                close();
                return false;
            }
            if (runs.size() == 1) {
                discardTemporaries();
            }
            ServerInfo now = open.info();
            if (info.runId() != null && !now.continues(info)) {
                // the next connection finds another server
                close();
                return false;
            }
            long evicted = now.evictedKeys() - evictedBefore;
            if (evicted > 0 && !options.dryRun()) {
                throw new TargetClosedException("Target " + address + " evicted " + evicted
                        + " keys during the run: it has " + now.maxMemory()
                        + " bytes and needs more, or maxmemory-policy noeviction.");
            }
            return true;
        } catch (IOException e) {
            close();
            throw failure(ErrorText.failure(address, e));
        } catch (RedisException e) {
            close();
            throw failure(e);
        }
    }

    // --- connecting, and connecting again ---

    private RedisConnection connect() throws IOException {
        RedisConnection fresh = RedisConnection.open(address);
        boolean ready = false;
        try {
            fresh.owns(ownSlot);
            ServerInfo now = fresh.info();
            if (now.isCluster() && !takesAnyMode) {
                throw RedisException.lasting(
                        address + " is one of a cluster's, which it did not say at the start: start the run again.");
            }
            clock = ServerClock.measure(fresh);
            boolean another = opened && isAnother(fresh, now);
            if (!opened || another) {
                // asked of the same server again while it is full, the answers would be other ones
                features = TargetFeatures.of(fresh, options.dryRun());
                evictedBefore = now.evictedKeys();
            }
            if (!opened) {
                lookAround(fresh, now);
                opened = true;
            }
            if (another) {
                versions.clear();
                elementFeatures = null;
                temporaries.clear();
                wasEmpty = wasEmpty && fresh.databaseSize() == 0;
                recent.clear();
                checked.clear();
                restored = null;
                runs.forEach(run -> run.restart("Target " + address + " is another server process than before"));
            }
            dryRun = options.dryRun() ? new DryRun(fresh, PayloadProbe.of(fresh, now), elements(fresh)) : null;
            info = now;
            connection = fresh;
            ready = true;
            return fresh;
        } finally {
            if (!ready) {
                fresh.close();
            }
        }
    }

    private boolean isAnother(RedisConnection fresh, ServerInfo now) throws IOException {
        return info.runId() == null && now.runId() == null ? !recent.areAllThere(fresh, clock) : !now.continues(info);
    }

    private boolean isChecked(Ledger run) {
        WeakReference<List<SourceIdentity>> sources = checked.get(run);
        return sources != null && sources.refersTo(run.sources());
    }

    private void refuseSameData(RedisConnection open) throws IOException, TargetClosedException {
        for (Ledger run : new ArrayList<>(runs)) {
            List<SourceIdentity> sources = run.sources();
            if (sources.isEmpty() || isChecked(run)) {
                continue;
            }
            for (SourceIdentity source : sources) {
                String reason = SameData.check(source, open, info, options.dryRun());
                if (reason != null) {
                    throw new TargetClosedException(reason);
                }
            }
            goOn(run);
            run.found(toString(), state());
            checked.put(run, new WeakReference<>(sources));
        }
    }

    /** A key that changes is written again and again, and could not be told from a foreign one. */
    private void refuseToKeepInLiveRun() throws TargetClosedException {
        if (!replaces() && runs.stream().anyMatch(run -> run.changes() != null)) {
            throw new TargetClosedException("Target " + address + " holds keys already, so a live run can not go with"
                    + " onConflict=" + options.onConflict().name().toLowerCase(Locale.ROOT)
                    + ": empty it, or set onConflict=replace.");
        }
    }

    private boolean hasFunctionsOf(Ledger run) {
        Functions functions = run.functions();
        return functions == null || functions == restored;
    }

    private void restoreFunctions(RedisConnection open) throws IOException, TargetClosedException {
        for (Ledger run : new ArrayList<>(runs)) {
            Functions functions = run.functions();
            if (functions != null && !hasFunctionsOf(run)) {
                if (dryRun == null) {
                    functions.restore(open, options.onConflict());
                }
                restored = functions;
                run.functionsArrived();
            }
        }
    }

    private void refreshClock(RedisConnection open) throws IOException {
        if (clock.isStale()) {
            clock = ServerClock.measure(open);
        }
    }

    private void drop(RedisConnection broken) {
        if (broken == connection) {
            connection = null;
        }
        broken.close();
    }

    /** Ends a read or a write that waits for the target; any thread may say so. */
    void interrupt() {
        RedisConnection open = connection;
        if (open != null) {
            open.close();
        }
    }

    /** Bytes that the target took on this connection; any thread may ask. */
    long bytesSent() {
        RedisConnection open = connection;
        return open == null ? 0 : open.bytesSent();
    }

    @Override
    public void close() {
        RedisConnection open = connection;
        if (open != null) {
            drop(open);
        }
    }
}
