package io.camelrump.compare;

import io.camelrump.Difference;
import io.camelrump.RedisType;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.options.BigKeyOptions;
import io.camelrump.redis.CommandPipeline;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.SourceFeatures;
import io.camelrump.run.PageData;
import io.camelrump.run.Receipt;
import io.camelrump.run.Run;
import io.camelrump.run.SourceIdentity;
import io.camelrump.source.KeyMetadataQueries;
import io.camelrump.source.UnexpiredFields;
import io.camelrump.values.KeyPart;
import io.camelrump.values.TemporaryKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
    private final ComparePlan plan;
    private final SourceFeatures features;
    private final @Nullable Repairs repairs;
    private final long mostBytes;
    private ServerClock clock;
    /** By the connection to the server that the pages come from. */
    private final Map<RedisConnection, ValueComparer> values = new HashMap<>();

    /** A key of a page whose payloads differ, as its values may. */
    private record Unequal(int index, TargetKeyReader.Sight sight, ValueComparer.Pair pair) {}

    Comparer(RedisConnection connection, ComparePlan plan) throws IOException {
        this.connection = connection;
        this.plan = plan;
        boolean writes = plan.comparison().isRepair() || plan.target().isPrune();
        if (!writes && !connection.info().isCluster()) {
            SourceFeatures.leaveUnused(connection);
        }
        this.features = SourceFeatures.of(connection);
        this.repairs = plan.comparison().isRepair() ? new Repairs(connection, plan) : null;
        this.clock = ServerClock.measure(connection);
        long usedMemory = connection.info("memory").usedMemory();
        boolean tells = plan.bigKeys().mayBeHeld(usedMemory) && KeyMetadataQueries.tellsMemory(connection);
        this.mostBytes = tells ? plan.bigKeys().bytes() : BigKeyOptions.OFF;
    }

    /** Looks at the server's clock again; false if it was set, so that the run begins anew. */
    boolean keepsTime(Run run) throws IOException {
        return measured(clock.confirmed(connection), run);
    }

    private boolean measured(ServerClock now, Run run) {
        ServerClock before = clock;
        clock = now;
        return !run.clockSteps().measured("server " + connection.address(), before, now);
    }

    /**
     * Compares what is due of this page, and tells its reader.
     *
     * @param mayDelete whether it is known that not too much will be deleted
     */
    void compare(PageData page, Receipt receipt, boolean mayDelete, OriginServer origin) throws IOException {
        if (receipt.run().clockSteps().isDue(clock)) {
            measured(ServerClock.measure(connection), receipt.run());
        }
        boolean[] due = due(page, receipt, plan);
        PageComparison verdicts = new PageComparison(page, receipt, plan, mayDelete);
        int database = page.targetDatabase();
        connection.select(
                database == DatabaseMapping.AS_PRODUCER_SAYS
                        ? connection.address().database()
                        : database);
        TargetKeyReader sights = new TargetKeyReader(connection, features, clock, mostBytes);
        judge(
                page,
                page.form() == PageData.Form.PAYLOADS ? sights.look(page, due) : sights.lookAtBigOnes(page, due),
                verdicts,
                receipt,
                origin);
        if (repairs != null) {
            repairs.repair(page, receipt, verdicts, clock, origin);
        }
        int[] extra = verdicts.toPrune();
        if (extra.length > 0) {
            Repairs.prune(page, extra, verdicts, connection);
        }
        verdicts.tell();
    }

    /** Keys that have no answer yet; what a run has under temporary names is no data. */
    static boolean[] due(PageData page, Receipt receipt, ComparePlan plan) {
        boolean untouched = receipt.isUntouched(plan.answerer());
        boolean[] due = new boolean[page.size()];
        boolean[] temporary = new boolean[page.size()];
        for (int i = 0; i < due.length; i++) {
            temporary[i] = TemporaryKeys.isTemporary(page.keys(), i);
            due[i] = !temporary[i] && (untouched || !receipt.isAnswered(plan.answerer(), page.place(i)));
        }
        receipt.filter(page, temporary, null);
        return due;
    }

    // --- the whole key ---

    private void judge(
            PageData page,
            TargetKeyReader.@Nullable Sight[] sights,
            PageComparison verdicts,
            Receipt receipt,
            OriginServer origin)
            throws IOException {
        Map<RedisConnection, List<Unequal>> unequal = new LinkedHashMap<>();
        Map<RedisConnection, Map<Integer, byte[]>> missing = new LinkedHashMap<>();
        List<Integer> extra = new ArrayList<>();
        for (int i = 0; i < sights.length; i++) {
            TargetKeyReader.Sight sight = sights[i];
            if (sight != null && isAtTargetAlone(page, i, sight, receipt)) {
                extra.add(i);
            } else if (sight != null && isInQuestion(page, i, sight, verdicts)) {
                ValueComparer.Pair pair = pair(page, i, sight, receipt);
                unequal.computeIfAbsent(origin.of(receipt, pair.one()), server -> new ArrayList<>())
                        .add(new Unequal(i, sight, pair));
            } else if (sight != null && sight.isMissing() && mayHaveNoFields(page, i)) {
                byte[] key = receipt.key(page.place(i));
                missing.computeIfAbsent(origin.of(receipt, key), server -> new LinkedHashMap<>())
                        .put(i, key);
            }
        }
        unequal.forEach((server, keys) -> judgeValues(page, keys, values(server, receipt), verdicts));
        missing.forEach((server, hashes) ->
                UnexpiredFields.without(hashes, new CommandPipeline(server)).forEach(verdicts::gone));
        if (!extra.isEmpty()) {
            judgeExtra(page, extra, verdicts, receipt, origin);
        }
    }

    /** Whether the target has a key of the types that are compared, and the source has not. */
    private boolean isAtTargetAlone(PageData page, int i, TargetKeyReader.Sight sight, Receipt receipt) {
        if (!page.isGone(i) || sight.error() != null || sight.isMissing() || endsNow(sight.expiresAtMillis())) {
            return false;
        }
        Set<String> types = source(receipt).options().types();
        return types.isEmpty() || types.stream().anyMatch(type -> RedisType.named(type) == sight.type());
    }

    /** Identity of the source's run: known before the first page. */
    private static SourceIdentity source(Receipt receipt) {
        return Objects.requireNonNull(receipt.run().source());
    }

    /** Judges keys that are gone, and whose names the target has: where several keys get one name, it may be another's. */
    private static void judgeExtra(
            PageData page, List<Integer> extra, PageComparison verdicts, Receipt receipt, OriginServer origin)
            throws IOException {
        new SharedNameCheck(source(receipt), receipt, origin).of(page, extra).forEach((i, answer) -> {
            switch (answer) {
                case NONE -> verdicts.differs(i, Difference.Cause.EXTRA, "only the target has it");
                case ANOTHER -> verdicts.gone(i);
                case UNTOLD -> verdicts.undecided(i);
            }
        });
    }

    /** Whether it is a hash whose fields expire, all of which may have: the target removes it then. */
    private static boolean mayHaveNoFields(PageData page, int i) {
        return !page.isGone(i)
                && type(page, i) == RedisType.HASH
                && (unread(page, i) != null || !PLAIN_HASHES.contains(page.payloads()[page.payloadOffset(i)]));
    }

    private void judgeValues(PageData page, List<Unequal> keys, ValueComparer comparing, PageComparison verdicts) {
        List<ValueComparison> found =
                comparing.compareAll(keys.stream().map(Unequal::pair).toList());
        for (int n = 0; n < found.size(); n++) {
            Unequal key = keys.get(n);
            ValueComparison likeness = found.get(n);
            switch (likeness.kind()) {
                case EQUAL -> judgeExpiry(page, key.index(), key.sight(), verdicts);
                case REDUCED -> {
                    verdicts.reduced(key.index());
                    judgeExpiry(page, key.index(), key.sight(), verdicts);
                }
                case DIFFERENT ->
                    verdicts.differsAtBoth(
                            key.index(),
                            Difference.Cause.VALUE,
                            "holds another " + PageComparison.named(key.pair().type()));
                case UNKNOWN -> verdicts.refused(key.index(), String.valueOf(likeness.reason()));
            }
        }
    }

    /** Judges all but a value whose payloads differ; true for such a one. */
    private boolean isInQuestion(PageData page, int i, TargetKeyReader.Sight sight, PageComparison verdicts) {
        if (sight.error() != null) {
            verdicts.refused(i, plan.name() + " refused to dump it: " + sight.error());
        } else if (page.isGone(i) || sight.isMissing() && endsNow(expected(page, i))) {
            verdicts.gone(i);
        } else if (sight.isMissing()) {
            verdicts.differs(i, Difference.Cause.MISSING, "only the source has it");
        } else if (sight.samePayload()) {
            judgeExpiry(page, i, sight, verdicts);
        } else if (type(page, i) != sight.type()) {
            verdicts.differsAtBoth(
                    i,
                    Difference.Cause.TYPE,
                    "is a " + PageComparison.named(type(page, i)) + " at the source, a "
                            + PageComparison.named(sight.type()) + " at the target");
        } else {
            return true;
        }
        return false;
    }

    /** A key that ends just now may be gone at one server already. */
    private boolean endsNow(long expiresAtMillis) {
        return expiresAtMillis >= 0
                && expiresAtMillis
                        <= clock.nowMillis()
                                + plan.comparison().getTtlTolerance().toMillis();
    }

    /** When the key has to expire at this server, on its clock. */
    private long expected(PageData page, int i) {
        long expiry = page.expiresAtMillis(i);
        return expiry == PageData.NO_EXPIRY || !plan.target().isTtl()
                ? PageData.NO_EXPIRY
                : clock.translate(expiry, page.clockOffsetMicros());
    }

    private void judgeExpiry(PageData page, int i, TargetKeyReader.Sight sight, PageComparison verdicts) {
        long expected = expected(page, i);
        long found = sight.expiresAtMillis();
        boolean never = expected == PageData.NO_EXPIRY || found == PageData.NO_EXPIRY;
        if (never
                ? expected == found
                : Math.abs(found - expected)
                        <= plan.comparison().getTtlTolerance().toMillis()) {
            verdicts.same(i);
        } else if (never) {
            verdicts.differsAtBoth(
                    i,
                    Difference.Cause.EXPIRY,
                    found == PageData.NO_EXPIRY ? "never expires at the target" : "expires at the target alone");
        } else {
            verdicts.differsAtBoth(
                    i,
                    Difference.Cause.EXPIRY,
                    "expires " + Math.abs(found - expected) + " ms " + (found > expected ? "later" : "earlier")
                            + " at the target");
        }
    }

    private static RedisType type(PageData page, int i) {
        KeyPart unread = unread(page, i);
        return unread == null
                ? RedisType.ofPayload(page.payloads()[page.payloadOffset(i)])
                : RedisType.named(unread.type());
    }

    /** Type, expiry and size of a key that was too big to dump; null for one that was dumped. */
    private static @Nullable KeyPart unread(PageData page, int i) {
        return page.form() == PageData.Form.PAYLOADS ? null : KeyPart.of(page, i);
    }

    private static ValueComparer.Pair pair(PageData page, int i, TargetKeyReader.Sight sight, Receipt receipt) {
        RedisType type = type(page, i);
        KeyPart unread = unread(page, i);
        boolean plain = unread == null
                && PLAIN_HASHES.contains(page.payloads()[page.payloadOffset(i)])
                && PLAIN_HASHES.contains(sight.form());
        long bytes = unread == null ? page.payloadLength(i) : unread.size();
        return new ValueComparer.Pair(
                receipt.key(page.place(i)),
                page.key(i),
                type,
                (int) Math.min(Integer.MAX_VALUE, bytes),
                type == RedisType.HASH && !plain);
    }

    private ValueComparer values(RedisConnection server, Receipt receipt) {
        return values.computeIfAbsent(
                server, left -> new ValueComparer(left, connection, plan, receipt.run()::signOfLife));
    }
}
