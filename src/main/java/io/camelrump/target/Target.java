package io.camelrump.target;

import io.camelrump.ConflictPolicy;
import io.camelrump.Outcome;
import io.camelrump.Refusal;
import io.camelrump.RefusalPolicy;
import io.camelrump.TargetClosedException;
import io.camelrump.TransientTargetException;
import io.camelrump.redis.ElementFeatures;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.PayloadProbe;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ScanReply;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.ServerInfo;
import io.camelrump.redis.TargetFeatures;
import io.camelrump.run.PageData;
import io.camelrump.run.Patience;
import io.camelrump.run.Receipt;
import io.camelrump.run.Run;
import io.camelrump.values.CarriedUse;
import io.camelrump.values.ElementWriter;
import io.camelrump.values.TemporaryKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A target over cut connections and restarts of its server.
 *
 * <p>Confirmed means confirmed by this process of the target: after every reconnect it is asked who it is, and if it is
 * another one, all that was confirmed is void and the scan starts again. Not thread-safe.
 */
public final class Target implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Target.class);

    private static final int NAMES_AT_ONCE = 1_000;

    private final WritePlan plan;
    private final PipelineSplitter slicer;
    private final LastReadWins order;
    private final TargetIdentity identity;
    private final Deletions deletions;
    private final Patience patience;
    private final PoisonKey cutKey = new PoisonKey();
    private final TemporaryKeys temporaries;
    private final boolean ofCluster;
    private final CarriedUse use = new CarriedUse();
    private final boolean takesAnyMode;
    private final String copyPrefix = UUID.randomUUID() + ":";
    private final TargetRuns runs;
    private final EvictionWatch eviction;

    private volatile ServerAddress address;
    private volatile @Nullable RedisConnection connection;
    /** Whether its producer has stopped: it is connected to for a question at most, and no failure is news. */
    private volatile boolean stopped;

    private TargetFeatures features = new TargetFeatures(true, true, true, true);
    private PayloadVersions versions = new PayloadVersions();
    /** Whether features and versions are those of the master that sends keys here: a node without slots tells none. */
    private boolean borrows;

    /** Open to a test, which cannot wait until it is stale. */
    ServerClock clock = ServerClock.unknown();

    private @Nullable DryRun dryRun;
    private @Nullable ElementFeatures elementFeatures;
    private int ownSlot = -1;
    /** Which keys of the page that is written now came from the source before; null if all are written. */
    private boolean @Nullable [] own;

    private final WriteCount written;
    private boolean saysUsageIsLost;

    /** @param takesAnyMode whether it is used alone, even if it reports that it is a cluster node */
    Target(ServerAddress address, WritePlan plan, boolean takesAnyMode) {
        this(address, plan, new InitialKeys(), null, new LastReadWins(), new TemporaryKeys(), takesAnyMode);
    }

    /**
     * One master of a cluster, which shares with the others what is known of keys whose slots may move.
     *
     * @param own its own part of what they held
     */
    Target(
            ServerAddress address,
            WritePlan plan,
            InitialKeys initial,
            InitialKeys.Place own,
            LastReadWins order,
            TemporaryKeys temporaries) {
        this(address, plan, initial, own, order, temporaries, true);
    }

    private Target(
            ServerAddress address,
            WritePlan plan,
            InitialKeys initial,
            InitialKeys.@Nullable Place ofMaster,
            LastReadWins order,
            TemporaryKeys temporaries,
            boolean takesAnyMode) {
        this.address = address;
        this.plan = plan;
        this.ofCluster = ofMaster != null;
        this.identity = new TargetIdentity(ofMaster == null ? initial.expect() : ofMaster);
        this.deletions = new Deletions(initial, plan.target().isPrune());
        this.order = order;
        this.temporaries = temporaries;
        this.takesAnyMode = takesAnyMode;
        this.slicer = new PipelineSplitter(plan.throttle().getMaxKeysPerSecond());
        this.runs = new TargetRuns(plan, identity, ofCluster);
        this.eviction = new EvictionWatch(identity, plan.target().isDryRun());
        this.patience = new Patience("Target", plan.server().getRetryFor());
        this.written = new WriteCount(plan.target().isDryRun());
    }

    /** Connects; a target that cannot be written at all is refused here, one that is not ready yet may be so later. */
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
        if (now.isReplica()) {
            throw RedisException.lasting(address + " is a replica of " + now.master()
                    + ", and keys are written to masters alone (READONLY): name its master, or end the replication with"
                    + " REPLICAOF NO ONE.");
        }
        long keys = fresh.databaseSize();
        InitialKeys.Place initial = identity.initial();
        if (!initial.isKnown()) {
            initial.began(keys == 0 || TemporaryKeys.areAll(fresh, keys));
        }
        if (plan.target().isDryRun()) {
            LOG.info("DRY RUN: nothing is written to target {}", address);
        }
        if (!initial.wereNone() && keys != 0 && plan.target().getOnConflict() == ConflictPolicy.REPLACE) {
            LOG.warn(
                    "Target {} holds {} keys already; those with names that the source has too are replaced",
                    address,
                    keys < 0 ? "an unknown number of" : keys);
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
        if (!plan.target().isTtl()) {
            LOG.warn("Expiries are dropped: every key lives forever at target {}", address);
        }
    }

    public ServerAddress address() {
        return address;
    }

    InitialKeys.Place initial() {
        return identity.initial();
    }

    /** Connects, where it could not be asked at the start what it holds; no reply may be due. */
    void lookAt() throws TransientTargetException, TargetClosedException, InterruptedException {
        if (!identity.initial().isKnown()) {
            connected(open -> true);
        }
    }

    /** Takes the new address of the same cluster node; the next connection shows whether it is the same process. */
    void movedTo(ServerAddress place) {
        if (!place.equals(address)) {
            leave();
            address = place;
        }
    }

    /** Copies features and payload versions of {@code lender}: a node that only imports a slot cannot be probed. */
    void borrow(Target lender) {
        if (ownSlot < 0 && !identity.isKnown()) {
            features = lender.features;
            versions = lender.versions;
            borrows = true;
        }
    }

    boolean ownsSlots() {
        return ownSlot >= 0;
    }

    /** Names a slot that this master of a cluster owns. */
    void owns(int slot) {
        ownSlot = slot;
        if (borrows) {
            borrows = false;
            versions = new PayloadVersions();
        }
        RedisConnection open = connection;
        if (open != null) {
            open.owns(slot);
        }
    }

    /** Runs that this target takes part in. */
    Set<Run> runs() {
        return runs.all();
    }

    /** Work to do on the connection. */
    private interface Work<T> {
        T on(RedisConnection open)
                throws IOException, TransientTargetException, TargetClosedException, InterruptedException;
    }

    /** Does what no reply may be due for; after a failure, by which some may be unread, the connection is closed. */
    private <T> T connected(Work<T> work) throws TransientTargetException, TargetClosedException, InterruptedException {
        boolean inStep = false;
        try {
            T answer = work.on(connection());
            inStep = true;
            return answer;
        } catch (SlotMovedException e) {
            inStep = true;
            throw e;
        } catch (IOException e) {
            throw failure(ErrorText.failure(address, e));
        } catch (RedisException e) {
            throw failure(e);
        } finally {
            if (!inStep || stopped) {
                close();
            }
        }
    }

    /** Whether this run may write here. */
    boolean isBegun(Run run) {
        return runs.isBegun(run);
    }

    /** Makes ready for a run, which is refused where it would do harm; no reply may be due. */
    void begin(Run run) throws TransientTargetException, TargetClosedException, InterruptedException {
        runs.join(run);
        connected(open -> {
            runs.begin(open, address, features.delete());
            return true;
        });
    }

    /**
     * Writes these pages and reads all replies; keys that have their outcome already are left out.
     *
     * @param asking whether the slots of these keys are still migrating to this master of a cluster
     * @param report what was written is added here, also before a failure
     */
    public void write(List<PageData> pages, boolean asking, WriteReport report)
            throws TransientTargetException, TargetClosedException, InterruptedException {
        for (PageData page : pages) {
            if (page.receipt() != null) {
                runs.join(page.receipt().run());
            }
        }
        if (due(pages).isEmpty() && pages.stream().noneMatch(Target::bringsFunctions)) {
            return;
        }
        connected(open -> {
            runs.begin(open, address, features.delete());
            pages.stream().filter(Target::bringsFunctions).forEach(this::answerWithoutKeys);
            if (runs.isToMeasure(clock)) {
                keepsTime(ServerClock.measure(open));
            }
            if (eviction.isDue()) {
                eviction.look(address, open);
            }
            for (PageData page : pages) {
                versions.learn(page, open, identity.info());
            }
            sayWhatIsNotCarried(pages);
            write(open, due(pages), asking, report);
            takesKeysAgain();
            return true;
        });
    }

    private void write(RedisConnection open, List<PageData> pages, boolean asking, WriteReport report)
            throws IOException, TargetClosedException, SlotMovedException, InterruptedException {
        List<PageSlice> sent = new ArrayList<>();
        try {
            for (List<PageData> group : PipelineSplitter.groups(pages)) {
                PageData first = group.get(0);
                own = first.isOnlyIfThere() ? deletions.findOwn(first, open) : null;
                for (List<PageSlice> slices : slicer.slices(group, cutKey.wantsKeysAlone(), this::slice)) {
                    slicer.awaitTurn(slices);
                    sent.addAll(slices);
                    write(batch(open, slices, asking), report);
                }
            }
        } catch (SlotMovedException e) {
            throw e.leaving(PageSlice.left(pages, sent));
        } catch (IOException e) {
            cutKey.cut();
            throw e;
        }
    }

    private void sayWhatIsNotCarried(List<PageData> pages) {
        if (!saysUsageIsLost && !features.absoluteTtl() && pages.stream().anyMatch(page -> page.usage() != null)) {
            saysUsageIsLost = true;
            LOG.warn(
                    "Target {} takes no idle time and no frequency with a key, which Redis does from 5.0 on: every key"
                            + " looks freshly used there",
                    address);
        }
    }

    /** A page without keys has a receipt only if functions must be copied from a source that has nothing else. */
    private static boolean bringsFunctions(PageData page) {
        return page.size() == 0 && page.receipt() != null;
    }

    private void answerWithoutKeys(PageData page) {
        Objects.requireNonNull(page.receipt()).answer(plan.name(), page, new Outcome[0], Map.of());
    }

    private RedisConnection connection() throws IOException {
        RedisConnection open = connection;
        return open == null ? connect() : open;
    }

    /** Whether these pages may be sent behind others: nothing must be asked of the target before or after them. */
    public boolean canPipeline(List<PageData> pages) {
        if (connection == null
                || dryRun != null
                || !replaces()
                || !features.replace()
                || plan.target().getWaitReplicas() > 0
                || cutKey.wantsKeysAlone()
                || runs.isToMeasure(clock)
                || eviction.isDue()
                || !slicer.isOnePipeline(pages)) {
            return false;
        }
        for (PageData page : pages) {
            Receipt receipt = page.receipt();
            if (page.form() != PageData.Form.PAYLOADS
                    || page.isOnlyIfThere()
                    || !versions.know(page)
                    || receipt != null && !isBegun(receipt.run())) {
                return false;
            }
        }
        return true;
    }

    /** Sends these pages; the replies must be read, and then {@link #settle settled}. */
    public SentPipeline send(List<PageData> pages) throws TransientTargetException, TargetClosedException {
        RedisConnection open = Objects.requireNonNull(connection);
        List<PageSlice> slices = new ArrayList<>();
        slicer.slices(due(pages), false, this::slice).forEach(slices::addAll);
        try {
            SentPipeline batch = batch(open, slices, false);
            batch.send();
            return batch;
        } catch (IOException e) {
            throw lost(open, e);
        }
    }

    /** Enters what the target answered to a batch, also if its replies end with a failure. */
    public WriteReport settle(SentPipeline batch, @Nullable Exception failure)
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
        // of several batches in flight only the first one reports the cut
        if (broken == connection) {
            cutKey.cut();
        }
        drop(broken);
        return failure(ErrorText.failure(address, cause));
    }

    private void takesKeysAgain() {
        if (patience.succeeded()) {
            LOG.info("Target {} takes keys again", address);
        }
        cutKey.calm();
    }

    /** Whether a key that is gone at a followed source is deleted here, unless it is the target's own. Any thread may ask. */
    public boolean deletes() {
        return identity.isKnown() && deletions.areFollowed();
    }

    public boolean withholdsDeletes() {
        return identity.isKnown() && !deletions.areFollowed();
    }

    Deletions deletions() {
        return deletions;
    }

    @Override
    public String toString() {
        return address.toString();
    }

    /** Some names that are not the target's own, from the cursor on; after a failure the connection is closed. */
    ScanReply names(long cursor) throws IOException {
        boolean inStep = false;
        try {
            ScanReply reply = ScanReply.of(connection(), cursor, NAMES_AT_ONCE);
            inStep = true;
            return reply.with(deletions.without(reply.keys()));
        } finally {
            if (!inStep || stopped) {
                close();
            }
        }
    }

    private boolean replaces() {
        return plan.replaces(identity);
    }

    /** Writes values by commands; what the target can hold is asked when the first one comes. */
    private ElementWriter elements(RedisConnection open) throws IOException {
        ElementFeatures known = elementFeatures;
        if (known == null) {
            known = ElementFeatures.of(open, plan.target().isDryRun());
            elementFeatures = known;
        }
        return new ElementWriter(open, known, plan.losses());
    }

    private SentPipeline batch(RedisConnection open, List<PageSlice> slices, boolean asking) throws IOException {
        long sourceClock = slices.isEmpty() ? 0 : slices.get(0).page().clockOffsetMicros();
        ServerClock known = clock.or(sourceClock);
        boolean payloads = slices.isEmpty() || slices.get(0).page().form() == PageData.Form.PAYLOADS;
        return new SentPipeline(
                open,
                new BatchWriter(
                        open,
                        features,
                        versions,
                        known,
                        replaces(),
                        plan.target().isTtl(),
                        deletions,
                        asking),
                payloads
                        ? null
                        : new PartWriter(
                                open,
                                features,
                                elements(open),
                                known,
                                replaces(),
                                plan.target().isTtl(),
                                deletions,
                                temporaries,
                                use),
                new ConflictResolver(open, features, dryRun == null ? copyPrefix : null),
                slices);
    }

    private List<PageData> due(List<PageData> pages) {
        return pages.stream()
                .filter(page -> page.size() > 0
                        && (page.receipt() == null || page.receipt().isOut()))
                .sorted(Comparator.comparingLong(
                        page -> page.receipt() == null ? 0 : page.receipt().sequence()))
                .toList();
    }

    /** A page as it is sent: without keys that an earlier try settled, or a newer reading wrote. */
    private PageSlice slice(PageData page, int from, int to, @Nullable Outcome[] outcomes) {
        Receipt receipt = page.receipt();
        boolean[] skipped = null;
        if (receipt != null && !receipt.isUntouched(plan.name())) {
            skipped = new boolean[page.size()];
            for (int i = from; i < to; i++) {
                skipped[i] = receipt.isAnswered(plan.name(), page.place(i));
            }
        }
        boolean[] there = own;
        for (int i = from; there != null && page.isOnlyIfThere() && i < to; i++) {
            if (!there[i]) {
                outcomes[i] = Outcome.FILTERED;
            }
        }
        boolean[] superseded = order.superseded(page);
        for (int i = from; superseded != null && i < to; i++) {
            if (superseded[i]) {
                outcomes[i] = Outcome.RESTORED;
            }
        }
        return new PageSlice(page, from, to, outcomes, skipped);
    }

    private void write(SentPipeline batch, WriteReport report)
            throws IOException, TargetClosedException, SlotMovedException {
        byte[] foreign = null;
        boolean safe = plan.target().getWaitReplicas() == 0;
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
                    batch.awaitReplicas(plan.target().getWaitReplicas(), (int)
                            address.connectTimeout().toMillis());
                }
                safe = true;
            }
        } catch (IOException e) {
            refuseKeyThatCuts(batch.slices());
            throw e;
        } finally {
            if (!safe) {
                written.unreplicated(batch.slices().stream()
                        .mapToInt(PageSlice::forgetWritten)
                        .sum());
            }
            answer(batch, report);
        }
        refuse(batch, report, foreign);
        if (batch.slices().stream().anyMatch(PageSlice::hasUnanswered)) {
            throw RedisException.passing("A key of " + address + " was there, and gone when it was looked at.", null);
        }
    }

    /** Throws what the target's answers mean for the batch as a whole. */
    private void refuse(SentPipeline batch, WriteReport report, byte @Nullable [] foreign)
            throws TargetClosedException, SlotMovedException {
        if (foreign != null && plan.target().getOnConflict() == ConflictPolicy.FAIL) {
            throw new TargetClosedException("Target " + address + " holds another value under "
                    + Refusal.shorten(foreign) + ", and onConflict=fail; " + written + " before.");
        }
        if (report.count(Outcome.REFUSED) > 0 && plan.target().getOnRefused() == RefusalPolicy.FAIL) {
            throw new TargetClosedException(
                    "Target " + address + " refused " + report.refusals().get(0) + ", and onRefused=fail.");
        }
        ErrorReply passing = batch.passing();
        if (passing != null && passing.isRedirection()) {
            if (!ofCluster) {
                throw new TargetClosedException("Target " + address + " said: " + passing
                        + ". It is a cluster node: leave mode=standalone (--to-mode) out.");
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

    private void answer(SentPipeline batch, WriteReport report) {
        for (PageSlice slice : batch.slices()) {
            boolean whole = slice.page().form() != PageData.Form.PART;
            if (whole) {
                // before the reader hears of it, as a checkpoint may be written then
                deletions.written(slice);
            }
            int before = report.count(Outcome.RESTORED);
            slice.answer(plan.name(), report);
            if (!whole) {
                // its key is not there yet
                continue;
            }
            order.written(slice);
            if (dryRun == null) {
                identity.remember(slice, batch.writer());
            }
            written.confirmed(report.count(Outcome.RESTORED) - before);
        }
    }

    /** A server that cuts the connection again and again at one key does not want this key. */
    private void refuseKeyThatCuts(List<PageSlice> slices) {
        if (cutKey.isBlamed(slices)) {
            PageSlice slice = slices.get(0);
            slice.refuse(
                    slice.from(),
                    address + " closes the connection at its payload of "
                            + slice.page().payloadLength(slice.from())
                            + " bytes; raise its proto-max-bulk-len or client-query-buffer-limit");
        }
    }

    private TransientTargetException failure(RedisException e) throws TargetClosedException {
        if (stopped) {
            return new TransientTargetException("Target " + address + ": the route that writes there was stopped.", e);
        }
        return patience.failed(e, runs.all(), "; " + written);
    }

    /** Removes what was put together of keys whose run has ended; what cannot be removed now expires. */
    public void discardTemporaries() {
        List<String> names = temporaries.underWay();
        if (names.isEmpty() || dryRun != null) {
            return;
        }
        try {
            temporaries.discard(connection(), features.delete());
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
    public boolean confirm() throws TransientTargetException, TargetClosedException, InterruptedException {
        boolean confirmed = connected(open -> {
            if (!open.leadsTo(address)) {
                return false;
            }
            if (runs.all().size() == 1) {
                discardTemporaries();
            }
            ServerInfo now = open.info();
            if (!identity.goesOnAs(now)) {
                return false;
            }
            eviction.refuse(address, now);
            return keepsTime(clock.confirmed(open));
        });
        if (confirmed) {
            patience.succeeded();
        } else {
            // the next connection finds another server
            close();
        }
        return confirmed;
    }

    /**
     * Asks a master that has no slots any more, before it is forgotten, whether it kept what it confirmed and gave it away.
     *
     * @return why that is not so, or cannot be told; null if nothing speaks against it
     */
    @Nullable
    String farewell() throws TargetClosedException {
        if (!identity.isKnown() || runs.all().isEmpty() || plan.target().isDryRun()) {
            return null;
        }
        // replies may be due on the other connection
        try (RedisConnection fresh = RedisConnection.open(address)) {
            ServerInfo now = fresh.info();
            if (!identity.isProcess(now)) {
                return "Target " + address + " has no slots any more, and is another server process than before";
            }
            eviction.refuse(address, now);
            // without slots a node may become a replica of the one that has them
            return !now.isReplica() && fresh.databaseSize() > 0
                    ? "Target " + address + " has no slots any more, and holds keys that did not go with them"
                    : null;
        } catch (IOException | RedisException e) {
            LOG.debug("target {} does not answer", address, e);
            return "Target " + address + " has no slots any more, and does not answer";
        }
    }

    /** Marks that this is no target any more. */
    void leave() {
        close();
        runs.left(address);
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
                        address + " is a cluster node, which it did not report at the start: start the run again.");
            }
            ServerClock before = clock;
            clock = ServerClock.measure(fresh);
            boolean first = !identity.isKnown();
            boolean another = identity.isAnother(fresh, now, clock);
            if (!borrows && (first || another)) {
                // asked of the same server again while it is full, the answers would be other ones
                features = TargetFeatures.of(fresh, plan.target().isDryRun());
            }
            if (first) {
                lookAround(fresh, now);
            }
            if (first || another) {
                identity.begins(fresh, now);
            } else {
                identity.goesOn(now);
            }
            if (another) {
                versions.clear();
                elementFeatures = null;
                temporaries.clear();
                runs.restart("Target " + address + " is another server process than before");
            } else if (!first) {
                runs.keepTime(address, before, clock);
            }
            dryRun = plan.target().isDryRun() ? new DryRun(fresh, PayloadProbe.of(fresh, now), elements(fresh)) : null;
            connection = fresh;
            ready = true;
            return fresh;
        } finally {
            if (!ready) {
                fresh.close();
            }
        }
    }

    /** Takes a new measurement; false if the clock was set, so that a run has to read keys again. */
    private boolean keepsTime(ServerClock now) {
        ServerClock before = clock;
        clock = now;
        return runs.keepTime(address, before, now);
    }

    private void drop(RedisConnection broken) {
        if (broken == connection) {
            connection = null;
        }
        broken.close();
    }

    /** Its producer stops: ends a read or a write that waits for the target; any thread may say so. */
    public void interrupt() {
        stopped = true;
        RedisConnection open = connection;
        if (open != null) {
            open.close();
        }
    }

    /** Bytes that the target took on this connection; any thread may ask. */
    public long bytesSent() {
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
