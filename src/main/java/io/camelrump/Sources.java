package io.camelrump;

import io.camelrump.redis.ClusterNode;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers of a source: one, or the masters of a cluster, each with a reader of its own that takes turns with the
 * others.
 *
 * <p>Of a cluster each slot is read of the node that owns it when its scan begins. A slot that has another owner by then
 * or since, or was on its way at any look, is scanned again on its final owner: a key that moved before it was scanned is
 * in no SCAN, and nothing else tells of it. Such scans begin when nothing of the ones before waits to be handed out, so
 * that of two readings of a key the later one comes later. Not thread-safe.
 */
final class Sources implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sources.class);
    private static final long BETWEEN_LOOKS = TimeUnit.SECONDS.toNanos(1);
    private static final long WAIT = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long PATIENCE_WITH_REPLICAS = TimeUnit.SECONDS.toNanos(10);
    private static final long BETWEEN_WORDS = TimeUnit.SECONDS.toNanos(10);

    /** Makes the reader of a server; of one that stands alone if there is no node. */
    interface Readers {
        SourceReader of(ServerAddress address, @Nullable SourceNode node);
    }

    /** The reader of a node, and what it is to read. */
    private record Member(SourceNode node, SourceReader reader) {}

    private final ServerAddress seed;
    private final ServerMode mode;
    private final ReadFrom readFrom;
    private final @Nullable String unfit;
    private final Duration retryFor;
    private final Ledger ledger;
    private final Readers readers;
    private final SlotWatch watch;
    private final List<Member> members = new ArrayList<>();
    /** Of whom each slot was scanned last, by id. */
    private final @Nullable String[] scannedOf = new String[Slot.COUNT];
    /** Slots to be scanned again. */
    private final BitSet unsettled = new BitSet(Slot.COUNT);

    private @Nullable SourceReader only;
    private Map<String, ClusterNode> masters = Map.of();
    private int turn;
    private int scan;
    private long lookedAt;
    private long saidAt;
    private boolean lookedAtEnd;
    private boolean scannedOnce;

    /** @param unfit an option that no cluster can be read with; null if none was given */
    Sources(
            ServerAddress seed,
            ServerMode mode,
            ReadFrom readFrom,
            @Nullable String unfit,
            Duration retryFor,
            Ledger ledger,
            Readers readers) {
        this.seed = seed;
        this.mode = mode;
        this.readFrom = readFrom;
        this.unfit = unfit;
        this.retryFor = retryFor;
        this.ledger = ledger;
        this.readers = readers;
        this.watch = new SlotWatch(seed.withDatabase(0));
    }

    void open() throws InterruptedException {
        if (mode != ServerMode.CLUSTER) {
            SourceReader reader = readers.of(seed, null);
            try {
                reader.open();
                only = reader;
                if (readFrom == ReadFrom.REPLICA) {
                    LOG.warn("Source {} is no cluster: to read a replica, name it as the source", seed);
                }
                return;
            } catch (ClusterFoundException e) {
                LOG.debug("Its masters are asked for", e);
            }
        }
        if (unfit != null) {
            throw RedisException.lasting("Source " + seed + " is a cluster, which can not be read with " + unfit
                    + " yet. Leave it out, or name a server that is none.");
        }
        if (seed.database() != 0) {
            throw RedisException.lasting("Source " + seed + " is a cluster, which has database 0 alone.");
        }
        beginScan();
        LOG.info("Source {} is a cluster: {} masters are read at once", seed, members.size());
    }

    /** The one that is read if the source is no cluster. */
    SourceReader only() {
        SourceReader reader = only;
        if (reader == null) {
            throw new IllegalStateException("the source is a cluster");
        }
        return reader;
    }

    boolean isCluster() {
        return only == null;
    }

    // --- what the consumer asks ---

    /** The next page; null when there is nothing to read for now. */
    @Nullable
    Page next() throws InterruptedException {
        SourceReader single = only;
        if (single != null) {
            Page page = single.next();
            ledger.progress(single.progress());
            return page;
        }
        if (scan != ledger.start()) {
            beginScan();
        }
        lookInTime();
        Member member = nextMember();
        if (member == null) {
            ledger.pause(WAIT);
            return null;
        }
        lookedAtEnd = false;
        Page page = null;
        try {
            page = member.reader().next();
            unsettled.or(member.node().takeStrayed());
            ledger.progress(progress());
        } catch (NodeLostException e) {
            drop(member, e);
        }
        return page;
    }

    /** Who has the next turn; null if all are at their ends. */
    private @Nullable Member nextMember() {
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(turn % members.size());
            // between the parts of one key nothing else is read
            if (!member.reader().isAtEnd() && !member.reader().isBetweenKeys()) {
                return member;
            }
            turn++;
            if (!member.reader().isAtEnd()) {
                return member;
            }
        }
        return null;
    }

    /** The scan of the ledger that the last page was read by. */
    int scan() {
        SourceReader single = only;
        return single == null ? scan : single.scan();
    }

    int database() {
        SourceReader single = only;
        return single == null ? 0 : single.database();
    }

    /** Whether each slot was read to its end where it lies. */
    boolean isAtEnd() throws InterruptedException {
        SourceReader single = only;
        if (single != null) {
            return single.isAtEnd();
        }
        if (scan != ledger.start() || !areAtEnd()) {
            return false;
        }
        members.forEach(member -> unsettled.or(member.node().takeStrayed()));
        scannedOnce = true;
        if (!lookedAtEnd) {
            look();
            lookedAtEnd = true;
        }
        if (!unsettled.isEmpty()) {
            scanAgain();
        }
        return unsettled.isEmpty() && areAtEnd();
    }

    private boolean areAtEnd() {
        return members.stream().allMatch(member -> member.reader().isAtEnd());
    }

    void enqueue(Reread reread) throws InterruptedException {
        SourceReader single = only;
        if (single != null) {
            single.enqueue(reread);
            return;
        }
        Map<Member, List<Integer>> places = new LinkedHashMap<>();
        KeyList keys = reread.keys();
        for (int i = 0; i < keys.size(); i++) {
            int slot = Slot.of(keys.array(), keys.offset(i), keys.length(i));
            Member member = member(scannedOf[slot]);
            if (member == null) {
                unsettled.set(slot);
            } else {
                places.computeIfAbsent(member, one -> new ArrayList<>()).add(i);
            }
        }
        for (Map.Entry<Member, List<Integer>> part : places.entrySet()) {
            KeyList some = keys.select(
                    part.getValue().stream().mapToInt(Integer::intValue).toArray());
            try {
                part.getKey().reader().enqueue(reread.of(some));
            } catch (NodeLostException e) {
                // what it was to read lies in slots that are scanned again
                drop(part.getKey(), e);
            }
        }
    }

    /** Takes in what was asked for, while there is no room to ask for more. */
    void drain() throws InterruptedException {
        SourceReader single = only;
        if (single != null) {
            single.drain();
            return;
        }
        lookInTime();
        for (Member member : List.copyOf(members)) {
            try {
                member.reader().drain();
            } catch (NodeLostException e) {
                drop(member, e);
            }
        }
    }

    /** Whether its sentinels, where it has some, still name the server that was read. */
    boolean isStillTheServer() throws InterruptedException {
        SourceReader single = only;
        return single == null || single.isStillTheServer();
    }

    private double progress() {
        if (scannedOnce) {
            return 1;
        }
        double all = 0;
        double passed = 0;
        for (Member member : members) {
            long weight = Math.max(1, member.reader().keys());
            all += weight;
            passed += weight * member.reader().progress();
        }
        return passed / all;
    }

    // --- slots ---

    /** Each slot is to be scanned of the node that owns it now. */
    private void beginScan() throws InterruptedException {
        scan = ledger.start();
        scannedOnce = false;
        unsettled.clear();
        look();
        for (int slot = 0; slot < Slot.COUNT; slot++) {
            scannedOf[slot] = owner(slot);
        }
        unsettled.clear();
        look();
        // what they had read for the scan before is void, and a replica has to have what its master has now
        members.forEach(member -> member.reader().close());
        members.clear();
        for (ClusterNode node : List.copyOf(masters.values())) {
            openFirst(node, slotsOf(node.id()));
        }
        boolean known = members.stream().allMatch(member -> member.reader().keys() >= 0);
        ledger.sourceKeys(
                known
                        ? members.stream()
                                .mapToLong(member -> member.reader().keys())
                                .sum()
                        : -1);
    }

    private void openFirst(ClusterNode node, BitSet wanted) throws InterruptedException {
        if (readFrom == ReadFrom.REPLICA) {
            ServerAddress replica = watch.upToDateReplica(node, ledger, PATIENCE_WITH_REPLICAS);
            if (replica != null) {
                // what it does not give in the end is scanned again of its master
                open(new SourceNode(node.id(), true, wantsFunctions(), () -> true), replica, wanted);
                return;
            }
            LOG.warn("Source {} has no replica that hears it and keeps up: it is read itself", node);
        }
        open(node, wanted);
    }

    private boolean wantsFunctions() {
        return members.isEmpty();
    }

    private void open(ClusterNode node, BitSet wanted) throws InterruptedException {
        open(
                new SourceNode(node.id(), false, wantsFunctions(), () -> isLost(node.id())),
                seed.at(node.host(), node.port()),
                wanted);
    }

    private void open(SourceNode known, ServerAddress address, BitSet wanted) throws InterruptedException {
        known.want(wanted);
        SourceReader reader = readers.of(address.withDatabase(0), known);
        try {
            reader.open();
            members.add(new Member(known, reader));
        } catch (NodeLostException e) {
            reader.close();
            unsettled.or(wanted);
        } catch (RedisException e) {
            reader.close();
            if (!scannedOnce || e.isLasting()) {
                throw e;
            }
            LOG.warn("Source: {} Its slots are scanned when they have an owner that answers", e.getMessage());
            unsettled.or(wanted);
        }
    }

    private BitSet slotsOf(String id) {
        BitSet slots = new BitSet(Slot.COUNT);
        for (int slot = 0; slot < Slot.COUNT; slot++) {
            if (id.equals(scannedOf[slot])) {
                slots.set(slot);
            }
        }
        return slots;
    }

    private @Nullable Member member(@Nullable String id) {
        return members.stream()
                .filter(member -> member.node().id().equals(id))
                .findFirst()
                .orElse(null);
    }

    private void lookInTime() throws InterruptedException {
        if (System.nanoTime() - lookedAt > BETWEEN_LOOKS) {
            look();
        }
    }

    /** Notes which slots are on their way, or have gone since they were scanned. */
    private void look() throws InterruptedException {
        masters = lookAtMasters();
        lookedAt = System.nanoTime();
        for (int slot = 0; slot < Slot.COUNT; slot++) {
            String owner = owner(slot);
            if (owner == null || !owner.equals(scannedOf[slot])) {
                unsettled.set(slot);
            }
        }
    }

    private Map<String, ClusterNode> lookAtMasters() throws InterruptedException {
        long since = System.nanoTime();
        while (true) {
            try {
                return watch.look();
            } catch (RedisException e) {
                // at the start nothing is waited for that the first look did not find
                if (masters.isEmpty() || e.isLasting() || System.nanoTime() - since > retryFor.toNanos()) {
                    throw e;
                }
                if (ledger.state() != Ledger.State.RUNNING) {
                    throw e;
                }
                ledger.signOfLife();
                ledger.pause(WAIT);
            }
        }
    }

    /** Who owns a slot that is not on its way; null if that can not be told. */
    private @Nullable String owner(int slot) {
        String owner = null;
        for (ClusterNode node : masters.values()) {
            if (node.open().get(slot)) {
                return null;
            }
            if (node.slots().get(slot)) {
                if (owner != null) {
                    return null;
                }
                owner = node.id();
            }
        }
        return owner;
    }

    /** Scans what is to be scanned again, as far as it lies still. */
    private void scanAgain() throws InterruptedException {
        look();
        Map<String, BitSet> found = new HashMap<>();
        for (int slot = unsettled.nextSetBit(0); slot >= 0; slot = unsettled.nextSetBit(slot + 1)) {
            String owner = owner(slot);
            if (owner != null) {
                found.computeIfAbsent(owner, id -> new BitSet(Slot.COUNT)).set(slot);
            }
        }
        for (Map.Entry<String, BitSet> part : found.entrySet()) {
            String id = part.getKey();
            BitSet slots = part.getValue();
            slots.stream().forEach(slot -> scannedOf[slot] = id);
            unsettled.andNot(slots);
            lookedAtEnd = false;
            ClusterNode node = Objects.requireNonNull(masters.get(id));
            LOG.info("Scanning {} for {} slots again, which were on their way", node, slots.cardinality());
            scanAgain(node, slots);
        }
        if (found.isEmpty() && System.nanoTime() - saidAt > BETWEEN_WORDS) {
            saidAt = System.nanoTime();
            LOG.warn(
                    "Source {}: {} slots are on their way from one node to another, or have no owner, such as slot {}: they are"
                            + " scanned when they have come to rest (redis-cli --cluster fix ends a move that was left)",
                    seed,
                    unsettled.cardinality(),
                    unsettled.nextSetBit(0));
        }
    }

    private void scanAgain(ClusterNode node, BitSet slots) throws InterruptedException {
        Member member = member(node.id());
        if (member != null && member.node().isReplica()) {
            // a replica may not have heard yet of what came to its master
            members.remove(member);
            member.reader().close();
            member = null;
        }
        if (member == null) {
            open(node, slots);
            return;
        }
        try {
            member.node().want(slots);
            member.reader().scanNode();
        } catch (NodeLostException e) {
            drop(member, e);
        }
    }

    // --- nodes that fail ---

    /** Whether others own by now what was scanned of the node. */
    private boolean isLost(String id) {
        try {
            masters = watch.look();
        } catch (RedisException e) {
            return false;
        }
        return !masters.containsKey(id);
    }

    private void drop(Member member, NodeLostException e) {
        members.remove(member);
        member.reader().close();
        BitSet slots = slotsOf(member.node().id());
        unsettled.or(slots);
        ledger.nodeRestarted("Source " + seed + " lost a node (" + e.getMessage() + ")");
    }

    @Override
    public void close() {
        SourceReader single = only;
        if (single != null) {
            single.close();
        }
        members.forEach(member -> member.reader().close());
        watch.close();
    }
}
