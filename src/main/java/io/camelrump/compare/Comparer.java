package io.camelrump.compare;

import io.camelrump.Difference;
import io.camelrump.Outcome;
import io.camelrump.RedisType;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.options.BigKeyOptions;
import io.camelrump.redis.CommandPipeline;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.ServerInfo;
import io.camelrump.redis.SourceFeatures;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.run.Receipt;
import io.camelrump.run.Run;
import io.camelrump.run.SourceIdentity;
import io.camelrump.source.KeyMetadataQueries;
import io.camelrump.source.UnexpiredFields;
import io.camelrump.throttle.TurnPacer;
import io.camelrump.values.KeyPart;
import io.camelrump.values.TemporaryKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares the keys of a page with those of another server, over one connection to it: existence, type, expiry and
 * payload, and where only the payloads differ, the values by commands, which takes a connection to the page's server.
 *
 * <p>Not thread-safe.
 */
final class Comparer {
    /** RDB types of hashes whose fields have no expiries. */
    private static final Set<Byte> PLAIN_HASHES = Set.of((byte) 4, (byte) 9, (byte) 13, (byte) 16);

    private final RedisConnection connection;
    private final TurnPacer turns;
    private final ComparePlan plan;
    private final SourceFeatures features;
    private final ExpiryComparison expiries;
    private final @Nullable Repairs repairs;
    private final TargetLookups lookups;
    private ServerClock clock;
    /** By the connection to the server that the pages come from. */
    private final Map<RedisConnection, ValueComparer> values = new HashMap<>();

    private final FileValues fileValues;

    /** A page, or what this server has of it, whose comparison has begun. */
    record Begun(Comparer comparer, PageData page, TargetLookups.Lookup lookup) {}

    /** A key of a page whose payloads differ, as its values may. */
    private record Unequal(int index, TargetKeyReader.TargetKey targetKey, KeyPair pair) {}

    Comparer(RedisConnection connection, TurnPacer turns, ComparePlan plan) throws IOException {
        this.connection = connection;
        this.turns = turns;
        this.plan = plan;
        boolean writes = plan.comparison().isRepair() || plan.target().isPrune();
        ServerInfo info = connection.info();
        if (!writes && !info.isCluster()) {
            SourceFeatures.leaveUnused(connection, info);
        }
        this.features = SourceFeatures.of(connection);
        this.repairs = plan.comparison().isRepair() ? new Repairs(connection, plan) : null;
        this.expiries =
                new ExpiryComparison(plan.target().isTtl(), plan.comparison().getTtlTolerance());
        this.clock = ServerClock.measure(connection);
        long usedMemory = connection.info("memory").usedMemory();
        boolean measures = plan.bigKeys().mayBeHeld(usedMemory) && KeyMetadataQueries.reportsMemoryUsage(connection);
        long mostBytes = measures ? plan.bigKeys().bytes() : BigKeyOptions.OFF;
        this.fileValues = new FileValues(connection);
        this.lookups =
                new TargetLookups(connection, turns, new TargetKeyReader(connection, features, () -> clock, mostBytes));
    }

    /** Looks at the server's clock again; false if it was set, so that the scan restarts. */
    boolean keepsTime(Run run) throws IOException {
        drain();
        return measured(clock.confirmed(connection), run);
    }

    /** Reads what is due of pages that were begun. */
    void drain() throws IOException {
        lookups.drain();
    }

    private boolean measured(ServerClock now, Run run) {
        ServerClock before = clock;
        clock = now;
        return !run.clockSteps().measured("server " + connection.address(), before, now);
    }

    /** Begins the comparison of what is due of this page: what it needs of the server is asked for. */
    Begun begin(PageData page, Receipt receipt) throws IOException {
        int database = page.targetDatabase();
        return new Begun(
                this,
                page,
                lookups.begin(
                        page,
                        database == DatabaseMapping.AS_PRODUCER_SAYS
                                ? connection.address().database()
                                : database,
                        page.form() == PageForm.PART ? new boolean[page.size()] : due(page, receipt, plan)));
    }

    /**
     * Compares a page that was begun, and enters the answers.
     *
     * @param mayDelete whether it is known that not too much will be deleted
     */
    void compare(Begun begun, Receipt receipt, boolean mayDelete, OriginServer origin) throws IOException {
        if (receipt.run().clockSteps().isDue(clock)) {
            drain();
            measured(ServerClock.measure(connection), receipt.run());
        }
        PageData page = begun.page();
        if (page.form() == PageForm.PART) {
            lookups.finish(begun.lookup());
            takeParts(page, receipt);
            return;
        }
        PageComparison comparison = new PageComparison(page, receipt, plan, mayDelete);
        TargetKeyReader.@Nullable TargetKey[] targetKeys = lookups.finish(begun.lookup());
        if (source(receipt).isServer()) {
            judge(page, targetKeys, comparison, receipt, origin);
        } else {
            judgeOfFile(page, targetKeys, comparison, receipt, origin);
        }
        if (repairs != null) {
            drain();
            repairs.repair(page, receipt, comparison, clock, origin);
        }
        int[] extra = comparison.toPrune();
        if (extra.length > 0) {
            drain();
            Repairs.prune(page, extra, comparison, connection);
        }
        comparison.report();
    }

    /** Parts of a file's keys, which are judged with the last one. */
    private void takeParts(PageData page, Receipt receipt) throws IOException {
        drain();
        fileValues.take(page);
        @Nullable Outcome[] taken = new Outcome[page.size()];
        Arrays.fill(taken, Outcome.KEPT);
        receipt.settlement().answer(plan.answerer(), page, taken, Map.of());
    }

    /** Keys that have no answer yet; what a run has under temporary names is no data. */
    static boolean[] due(PageData page, Receipt receipt, ComparePlan plan) {
        boolean untouched = receipt.settlement().isUntouched(plan.answerer());
        boolean[] due = new boolean[page.size()];
        boolean[] temporary = new boolean[page.size()];
        for (int i = 0; i < due.length; i++) {
            temporary[i] = TemporaryKeys.isTemporary(page.keys(), i);
            due[i] = !temporary[i] && (untouched || !receipt.settlement().isAnswered(plan.answerer(), page.place(i)));
        }
        receipt.settlement().filter(page, temporary, null);
        return due;
    }

    // --- the whole key ---

    private void judge(
            PageData page,
            TargetKeyReader.@Nullable TargetKey[] targetKeys,
            PageComparison comparison,
            Receipt receipt,
            OriginServer origin)
            throws IOException {
        Map<RedisConnection, List<Unequal>> unequal = new LinkedHashMap<>();
        Map<RedisConnection, Map<Integer, byte[]>> missing = new LinkedHashMap<>();
        List<Integer> extra = new ArrayList<>();
        for (int i = 0; i < targetKeys.length; i++) {
            TargetKeyReader.TargetKey targetKey = targetKeys[i];
            if (targetKey != null && isAtTargetAlone(page, i, targetKey, receipt)) {
                extra.add(i);
            } else if (targetKey != null && isInQuestion(page, i, targetKey, comparison)) {
                KeyPair pair = pair(page, i, targetKey, receipt);
                unequal.computeIfAbsent(origin.of(receipt, pair.source()), server -> new ArrayList<>())
                        .add(new Unequal(i, targetKey, pair));
            } else if (targetKey != null && targetKey.isMissing() && mayHaveNoFields(page, i)) {
                byte[] key = receipt.key(page.place(i));
                missing.computeIfAbsent(origin.of(receipt, key), server -> new LinkedHashMap<>())
                        .put(i, key);
            }
        }
        if (!unequal.isEmpty()) {
            drain();
        }
        for (Map.Entry<RedisConnection, List<Unequal>> ofServer : unequal.entrySet()) {
            judgeValues(page, ofServer.getValue(), values(ofServer.getKey(), receipt, origin), comparison);
        }
        missing.forEach((server, hashes) ->
                UnexpiredFields.without(hashes, new CommandPipeline(server)).forEach(comparison::gone));
        if (!extra.isEmpty()) {
            judgeExtra(page, extra, comparison, receipt, origin);
        }
    }

    /** Judges a page of a file: no server can be asked about it. */
    private void judgeOfFile(
            PageData page,
            TargetKeyReader.@Nullable TargetKey[] targetKeys,
            PageComparison comparison,
            Receipt receipt,
            OriginServer origin)
            throws IOException {
        Map<Integer, TargetKeyReader.TargetKey> unequal = new TreeMap<>();
        List<Integer> extra = new ArrayList<>();
        for (int i = 0; i < targetKeys.length; i++) {
            TargetKeyReader.TargetKey targetKey = targetKeys[i];
            if (targetKey != null && isAtTargetAlone(page, i, targetKey, receipt)) {
                extra.add(i);
            } else if (targetKey != null && isInQuestion(page, i, targetKey, comparison)) {
                unequal.put(i, targetKey);
            }
        }
        if (!unequal.isEmpty()) {
            drain();
        }
        for (Map.Entry<Integer, TargetKeyReader.TargetKey> key : unequal.entrySet()) {
            int i = key.getKey();
            enter(page, i, key.getValue(), type(page, i), fileValues.compare(page, i), comparison);
        }
        fileValues.forget(page);
        judgeExtra(page, extra, comparison, receipt, origin);
    }

    /** Whether the target has a key of the types that are compared, and the source has not. */
    private boolean isAtTargetAlone(PageData page, int i, TargetKeyReader.TargetKey targetKey, Receipt receipt) {
        if (!page.isGone(i)
                || page.isPassedOn(i)
                || targetKey.error() != null
                || targetKey.isMissing()
                || expiries.endsNow(targetKey.expiresAtMillis(), clock)) {
            return false;
        }
        Set<String> types = source(receipt).plan().types();
        return types.isEmpty() || types.stream().anyMatch(type -> RedisType.named(type) == targetKey.type());
    }

    /** Identity of the source's run: known before the first page. */
    private static SourceIdentity source(Receipt receipt) {
        return Objects.requireNonNull(receipt.run().sources().last());
    }

    /**
     * Judges keys that are gone, and whose names the target has: where several keys get one name, it may be another's.
     */
    private static void judgeExtra(
            PageData page, List<Integer> extra, PageComparison comparison, Receipt receipt, OriginServer origin)
            throws IOException {
        new SharedNameCheck(source(receipt), receipt, origin).of(page, extra).forEach((i, answer) -> {
            switch (answer) {
                case NONE -> comparison.differs(i, Difference.Cause.EXTRA, "only the target has it");
                case ANOTHER -> comparison.gone(i);
                case UNKNOWN -> comparison.undecided(i);
            }
        });
    }

    /** Whether it is a hash whose fields expire, all of which may have: the target removes it then. */
    private static boolean mayHaveNoFields(PageData page, int i) {
        return !page.isGone(i)
                && type(page, i) == RedisType.HASH
                && (unread(page, i) != null || !PLAIN_HASHES.contains(page.payloads()[page.payloadOffset(i)]));
    }

    private void judgeValues(PageData page, List<Unequal> keys, ValueComparer comparing, PageComparison comparison) {
        List<ValueComparison> found =
                comparing.compareAll(keys.stream().map(Unequal::pair).toList());
        for (int n = 0; n < found.size(); n++) {
            Unequal key = keys.get(n);
            enter(page, key.index(), key.targetKey(), key.pair().type(), found.get(n), comparison);
        }
    }

    private void enter(
            PageData page,
            int i,
            TargetKeyReader.TargetKey targetKey,
            RedisType type,
            ValueComparison result,
            PageComparison comparison) {
        switch (result.kind()) {
            case EQUAL -> expiries.judge(page, i, targetKey, clock, comparison);
            case REDUCED -> {
                comparison.reduced(i);
                expiries.judge(page, i, targetKey, clock, comparison);
            }
            case DIFFERENT ->
                comparison.differsAtBoth(i, Difference.Cause.VALUE, "holds another " + PageComparison.named(type));
            case UNKNOWN -> comparison.refused(i, String.valueOf(result.reason()));
        }
    }

    /** Judges all but a value whose payloads differ; true for such a one. */
    private boolean isInQuestion(PageData page, int i, TargetKeyReader.TargetKey targetKey, PageComparison comparison) {
        if (targetKey.error() != null) {
            comparison.refused(i, plan.name() + " refused to dump it: " + targetKey.error());
        } else if (page.isGone(i)
                || targetKey.isMissing() && expiries.endsNow(expiries.expected(page, i, clock), clock)) {
            comparison.gone(i);
        } else if (targetKey.isMissing()) {
            comparison.differs(i, Difference.Cause.MISSING, "only the source has it");
        } else if (targetKey.sameValue()) {
            expiries.judge(page, i, targetKey, clock, comparison);
        } else if (type(page, i) != targetKey.type()) {
            comparison.differsAtBoth(
                    i,
                    Difference.Cause.TYPE,
                    "is a " + PageComparison.named(type(page, i)) + " at the source, a "
                            + PageComparison.named(targetKey.type()) + " at the target");
        } else {
            return true;
        }
        return false;
    }

    private static RedisType type(PageData page, int i) {
        KeyPart unread = unread(page, i);
        return unread == null
                ? RedisType.ofPayload(page.payloads()[page.payloadOffset(i)])
                : RedisType.named(unread.type());
    }

    /** Type, expiry and size of a key that was too big to dump; null for one that was dumped. */
    private static @Nullable KeyPart unread(PageData page, int i) {
        return page.form() == PageForm.PAYLOADS ? null : KeyPart.of(page, i);
    }

    private static KeyPair pair(PageData page, int i, TargetKeyReader.TargetKey targetKey, Receipt receipt) {
        RedisType type = type(page, i);
        KeyPart unread = unread(page, i);
        boolean plain = unread == null
                && PLAIN_HASHES.contains(page.payloads()[page.payloadOffset(i)])
                && PLAIN_HASHES.contains(targetKey.form());
        long bytes = unread == null ? page.payloadLength(i) : unread.size();
        return new KeyPair(
                receipt.key(page.place(i)),
                page.key(i),
                type,
                (int) Math.min(Integer.MAX_VALUE, bytes),
                type == RedisType.HASH && !plain);
    }

    private ValueComparer values(RedisConnection server, Receipt receipt, OriginServer origin) throws IOException {
        TurnPacer there = origin.turns(receipt.run(), server);
        return values.computeIfAbsent(
                server,
                source -> new ValueComparer(
                        source, there, connection, turns, plan, receipt.run().pages()::signOfLife));
    }
}
