package io.camelrump.cluster;

import io.camelrump.ReadFrom;
import io.camelrump.RunState;
import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.keys.SampleLimit;
import io.camelrump.keys.TargetNameIndex;
import io.camelrump.redis.ClusterNode;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.Slot;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.Functions;
import io.camelrump.run.PageData;
import io.camelrump.run.RetryKeys;
import io.camelrump.run.Run;
import io.camelrump.source.NodeAssignment;
import io.camelrump.source.NodeLostException;
import io.camelrump.source.NodeResume;
import io.camelrump.source.PageSource;
import io.camelrump.source.SourceReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the masters of a cluster, each by a reader of its own that takes turns with the others.
 *
 * <p>Each slot is read of the node that owns it when its scan begins. A slot that has another owner by then or since, or
 * was migrating at any look, is scanned again on its final owner: a key that moved before it was scanned is in no SCAN,
 * and nothing else reports it. Such scans begin when nothing of the ones before waits to be handed out, so that of two
 * readings of a key the later one comes later.
 */
public final class ClusterReader implements PageSource {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterReader.class);
    private static final long BETWEEN_LOOKS = TimeUnit.SECONDS.toNanos(1);
    private static final long WAIT = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long PATIENCE_WITH_REPLICAS = TimeUnit.SECONDS.toNanos(10);
    private static final long BETWEEN_WORDS = TimeUnit.SECONDS.toNanos(10);

    /** Keys that changed and wait at one node, beyond which no more are given out. */
    private static final int MOST_CHANGES = 1_000;

    /** Makes the reader of a node; of a server that stands alone if there is none. */
    public interface Readers {
        SourceReader of(ServerAddress address, @Nullable NodeAssignment node);
    }

    /** The reader of a node, and what it is to read. */
    private record Member(NodeAssignment node, SourceReader reader) {}

    private final ServerAddress seed;
    private final ReadFrom readFrom;
    private final SampleLimit sample;
    private final Duration retryFor;
    private final Run run;
    private final @Nullable ChangeLog changes;
    private final Readers readers;
    private final ClusterMonitor watch;
    private final List<Member> members = new ArrayList<>();
    private final SlotScanState slots = new SlotScanState();
    /** Whose owner did not answer when they were to be scanned again. */
    private final BitSet unanswered = new BitSet(Slot.COUNT);

    private Consumer<List<ServerAddress>> onServers = servers -> {};
    private int turn;
    private int scan;
    private long lookedAt;
    private long saidAt;
    /** When an owner did not answer last. */
    private long unansweredAt;
    /** Since when there are slots whose owner does not answer, or that have none; 0 if there are none. */
    private long waitingSince;
    /** Whether the masters were found once: from then on one that does not answer is waited for. */
    private boolean opened;

    /** Whether it was looked where the slots are since keys were read last; in a live run, since that was wanted. */
    private boolean lookedAtEnd;

    private boolean scannedOnce;

    /** Where the masters are. */
    private List<ServerAddress> places = List.of();

    private ClusterReader(
            ServerAddress seed, ReadFrom readFrom, SampleLimit sample, Duration retryFor, Run run, Readers readers) {
        this.seed = seed;
        this.readFrom = readFrom;
        this.sample = sample;
        this.retryFor = retryFor;
        this.run = run;
        this.changes = run.changes();
        this.readers = readers;
        this.watch = new ClusterMonitor(seed.withDatabase(0));
    }

    /** Finds the masters from any node, and connects to each. */
    public static ClusterReader open(
            ServerAddress seed, ReadFrom readFrom, SampleLimit sample, Duration retryFor, Run run, Readers readers)
            throws InterruptedException {
        if (seed.database() != 0) {
            throw RedisException.lasting("Source " + seed + " is a cluster, which has database 0 alone.");
        }
        ClusterReader reader = new ClusterReader(seed, readFrom, sample, retryFor, run, readers);
        boolean ready = false;
        try {
            reader.beginScan();
            LOG.info("Source {} is a cluster: {} masters are read at once", seed, reader.members.size());
            ready = true;
            return reader;
        } finally {
            if (!ready) {
                reader.close();
            }
        }
    }

    @Override
    public void onServers(Consumer<List<ServerAddress>> listener) {
        onServers = listener;
    }

    // --- what the consumer asks ---

    @Override
    public @Nullable PageData next() throws InterruptedException {
        if (scan != run.start()) {
            if (changes != null) {
                changes.deletes().lost();
            }
            beginScan();
        }
        lookInTime();
        giveOutChanges();
        Member member = nextMember();
        if (member == null) {
            if (!slots.isSettled()) {
                run.pause(WAIT);
            }
            return null;
        }
        if (changes == null) {
            // in a live run the end is looked for when it is near, and not after each page
            lookedAtEnd = false;
        }
        PageData page = null;
        try {
            page = member.reader().next();
            takeStrayed(member);
        } catch (NodeLostException e) {
            drop(member, e);
        }
        return page;
    }

    private void takeStrayed(Member member) {
        BitSet strayed = member.node().takeStrayed();
        if (!strayed.isEmpty()) {
            // others have them by now
            lookedAtEnd = false;
            slots.unsettle(strayed);
        }
    }

    /**
     * Keys that changed go to the readers of the nodes that own them. None is read before whose slot
     * must be scanned again. Once that can be done it is done first, as a scan must find nothing that waits. A replica may not
     * have heard of a change, so as long as one is read they wait.
     */
    private void giveOutChanges() {
        ChangeLog followed = changes;
        boolean scansFirst = !isUnanswered() && isScanOfMembersEnded() && slots.isAnyAtRest();
        if (followed == null
                || followed.isEmpty()
                || scansFirst
                || readsReplicas()
                || members.stream().anyMatch(member -> member.node().changesWaiting() > MOST_CHANGES)) {
            return;
        }
        KeyList told = followed.take(MOST_CHANGES);
        if (told.size() > 0) {
            byMember(told).forEach((member, keys) -> member.node().changed(keys));
        } else {
            byMember(followed.takeSuspects(MOST_CHANGES))
                    .forEach((member, keys) -> member.node().suspect(keys));
        }
    }

    /** Keys by member, without those whose slots will be scanned again anyway. */
    private Map<Member, KeyList> byMember(KeyList keys) {
        Map<Member, List<Integer>> places = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            int slot = Slot.of(keys.array(), keys.offset(i), keys.length(i));
            Member member = member(slots.settledAt(slot));
            if (member == null) {
                slots.unsettle(slot);
            } else {
                places.computeIfAbsent(member, one -> new ArrayList<>()).add(i);
            }
        }
        Map<Member, KeyList> parts = new LinkedHashMap<>();
        places.forEach((member, some) -> parts.put(
                member, keys.select(some.stream().mapToInt(Integer::intValue).toArray())));
        return parts;
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

    @Override
    public int scan() {
        return scan;
    }

    @Override
    public int database() {
        return 0;
    }

    private boolean readsReplicas() {
        return members.stream().anyMatch(member -> member.node().isReplica());
    }

    @Override
    public boolean isDry() {
        return scan == run.start() && areAtEnd() && (changes == null || changes.isEmpty());
    }

    @Override
    public void settle() throws InterruptedException {
        if (scan != run.start() || !areAtEnd()) {
            return;
        }
        if (changes != null) {
            leaveReplicas();
        }
        members.forEach(this::takeStrayed);
        scannedOnce = true;
        if (!lookedAtEnd) {
            look();
            lookedAtEnd = true;
        } else if (!slots.isSettled()) {
            lookInTime();
        }
        if (!slots.isSettled() && !isUnanswered()) {
            scanUnsettled();
        }
        giveUpInTime();
    }

    /** Whether each slot was read to its end where it lies. */
    @Override
    public boolean isAtEnd() {
        return isDry() && lookedAtEnd && slots.isSettled();
    }

    /** Moves from the replicas to the masters, of which changed keys are read. */
    private void leaveReplicas() throws InterruptedException {
        for (Member member : List.copyOf(members)) {
            ClusterNode master = slots.masters().get(member.node().id());
            if (member.node().isReplica()) {
                takeStrayed(member);
                remove(member);
                if (master != null) {
                    open(master, new BitSet());
                }
            }
        }
    }

    private void remove(Member member) {
        members.remove(member);
        member.reader().close();
    }

    private boolean areAtEnd() {
        return members.stream().allMatch(member -> member.reader().isAtEnd());
    }

    @Override
    public void expectMoves() {
        lookedAtEnd = false;
    }

    @Override
    public boolean isScanEnded() {
        return scan == run.start()
                && slots.isSettled()
                && isScanOfMembersEnded()
                && (changes == null || !readsReplicas());
    }

    private boolean isScanOfMembersEnded() {
        return members.stream().allMatch(member -> member.reader().isScanEnded());
    }

    @Override
    public boolean follow(Map<ServerAddress, Set<Integer>> found) {
        // of each one, also where another has one that is new
        return members.stream().filter(member -> member.reader().follow(found)).count() > 0;
    }

    @Override
    public void scanAgain() throws InterruptedException {
        for (Member member : List.copyOf(members)) {
            scan(member, slots.scannedOf(member.node().id()));
        }
    }

    @Override
    public List<Checkpoint.SourceState> states() {
        members.forEach(this::takeStrayed);
        BitSet out = new BitSet(Slot.COUNT);
        run.keysOut().forEach(keys -> out.or(keys.keys().slots()));
        List<Checkpoint.SourceState> states = new ArrayList<>();
        for (Member member : members) {
            ScanPosition position = member.reader().position();
            if (position == null || scan != run.start()) {
                return List.of();
            }
            // what has left the node since is said of who has it now
            BitSet scanned = slots.settledAt(member.node().id());
            scanned.and(member.node().wanted());
            states.add(member.reader().state(position, scanned));
            // of a node that is scanned for some slots again the others are done, once they have arrived
            BitSet done = slots.settledAt(member.node().id());
            done.andNot(member.node().wanted());
            done.andNot(out);
            if (!done.isEmpty()) {
                states.add(member.reader().state(new ScanPosition(0, 0, true), done));
            }
        }
        return states;
    }

    /** Leaves out keys in slots that will be scanned again: that scan reads them. */
    @Override
    public void enqueue(RetryKeys reread) throws InterruptedException {
        for (Map.Entry<Member, KeyList> part : byMember(reread.keys()).entrySet()) {
            try {
                part.getKey().reader().enqueue(reread.of(part.getValue()));
            } catch (NodeLostException e) {
                // what it was to read lies in slots that are scanned again
                drop(part.getKey(), e);
            }
        }
    }

    @Override
    public void drain() throws InterruptedException {
        lookInTime();
        for (Member member : List.copyOf(members)) {
            try {
                member.reader().drain();
            } catch (NodeLostException e) {
                drop(member, e);
            }
        }
    }

    /** No sentinel watches the masters of a cluster, which were looked at just now. */
    @Override
    public boolean isStillTheServer() throws InterruptedException {
        boolean still = true;
        for (Member member : List.copyOf(members)) {
            try {
                still &= member.reader().isStillTheServer();
            } catch (NodeLostException e) {
                drop(member, e);
                still = false;
            }
        }
        return still;
    }

    /** Leaves out migrating slots: once those are scanned again, the target is looked at once more. */
    @Override
    public List<TargetNameIndex.Source> absent(KeyList names, int targetDatabase) throws InterruptedException {
        List<TargetNameIndex.Source> absent = new ArrayList<>();
        for (Map.Entry<Member, KeyList> part : byMember(names).entrySet()) {
            Member member = part.getKey();
            try {
                absent.addAll(member.reader().absent(part.getValue(), targetDatabase));
                takeStrayed(member);
            } catch (NodeLostException e) {
                drop(member, e);
            }
        }
        return absent;
    }

    @Override
    public @Nullable Functions functions() throws InterruptedException {
        for (Member member : List.copyOf(members)) {
            try {
                Functions found = member.reader().functions();
                if (found != null) {
                    return found;
                }
            } catch (NodeLostException e) {
                drop(member, e);
            }
        }
        return null;
    }

    @Override
    public long size() throws InterruptedException {
        long keys = 0;
        for (Member member : List.copyOf(members)) {
            try {
                long here = member.reader().size();
                keys = here < 0 || keys < 0 ? -1 : keys + here;
            } catch (NodeLostException e) {
                drop(member, e);
                keys = -1;
            }
        }
        return keys;
    }

    @Override
    public List<ServerAddress> servers() {
        return members.stream()
                .flatMap(member -> member.reader().servers().stream())
                .toList();
    }

    @Override
    public List<ServerAddress> masters() {
        return places;
    }

    @Override
    public double progress() {
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
        return all == 0 ? 0 : passed / all;
    }

    // --- slots ---

    /** Plans to scan each slot on the node that owns it now. */
    private void beginScan() throws InterruptedException {
        scan = run.start();
        if (changes != null) {
            changes.restarted();
        }
        scannedOnce = false;
        lookedAtEnd = false;
        unanswered.clear();
        sample.restart();
        look();
        slots.begin();
        look();
        // what they had read for the scan before is void, and a replica has to have what its master has now
        members.forEach(member -> member.reader().close());
        members.clear();
        for (ClusterNode node : List.copyOf(slots.masters().values())) {
            openFirst(node, slots.scannedOf(node.id()));
        }
        opened = true;
        boolean known = members.stream().allMatch(member -> member.reader().keys() >= 0);
        run.sourceKeys(
                known
                        ? members.stream()
                                .mapToLong(member -> member.reader().keys())
                                .sum()
                        : -1);
    }

    private void openFirst(ClusterNode node, BitSet wanted) throws InterruptedException {
        if (readFrom == ReadFrom.REPLICA) {
            ServerAddress replica = watch.upToDateReplica(node, run, PATIENCE_WITH_REPLICAS);
            if (replica != null) {
                // what it does not give in the end is scanned again of its master
                open(goOn(new NodeAssignment(node.id(), true, wantsFunctions(), sample, () -> true), wanted), replica);
                return;
            }
            LOG.warn("Source {} has no replica that hears it and keeps up: it is read itself", node);
        }
        open(goOn(master(node), wanted), seed.at(node.host(), node.port()));
    }

    private NodeAssignment master(ClusterNode node) {
        return new NodeAssignment(node.id(), false, wantsFunctions(), sample, () -> isLost(node.id()));
    }

    /** The rest of a node that an earlier run had begun; slots that it gained since then are scanned after it. */
    private NodeAssignment goOn(NodeAssignment node, BitSet wanted) {
        NodeResume left = NodeResume.of(run.resumed(), node.id(), wanted);
        node.resume(left);
        slots.unsettle(left.rest());
        return node;
    }

    private boolean wantsFunctions() {
        return members.isEmpty();
    }

    /** A master on which these slots will be scanned. */
    private void open(ClusterNode node, BitSet wanted) throws InterruptedException {
        NodeAssignment fresh = master(node);
        fresh.want(wanted);
        open(fresh, seed.at(node.host(), node.port()));
    }

    private void open(NodeAssignment node, ServerAddress address) throws InterruptedException {
        SourceReader reader = readers.of(address.withDatabase(0), node);
        boolean ready = false;
        try {
            reader.open();
            if (node.wanted().isEmpty()) {
                reader.endScan();
            }
            members.add(new Member(node, reader));
            ready = true;
        } catch (NodeLostException e) {
            LOG.debug("{} is given up", address, e);
        } catch (RedisException e) {
            if (!opened || e.isLasting()) {
                throw e;
            }
            LOG.warn("Source: {} Its slots are scanned when they have an owner that answers", e.getMessage());
            unansweredAt = System.nanoTime();
            unanswered.or(slots.scannedOf(node.id()));
        } finally {
            if (!ready) {
                reader.close();
                // nobody is there who would read what changes in the others
                slots.unsettle(slots.scannedOf(node.id()));
            }
        }
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

    /** Notes which slots are migrating, or have gone since they were scanned. */
    private void look() throws InterruptedException {
        Map<String, ClusterNode> masters = lookAtMasters();
        lookedAt = System.nanoTime();
        places = masters.values().stream()
                .map(node -> seed.at(node.host(), node.port()))
                .toList();
        // before a slot that has moved to a node is scanned there: changes from then on are reported
        onServers.accept(places);
        slots.look(masters);
        if (waiting().isEmpty()) {
            waitingSince = 0;
        } else if (waitingSince == 0) {
            waitingSince = lookedAt;
        }
    }

    /** Slots whose owner does not answer, or that have none. */
    private BitSet waiting() {
        BitSet waiting = slots.ownerless();
        waiting.or(unanswered);
        return waiting;
    }

    private Map<String, ClusterNode> lookAtMasters() throws InterruptedException {
        long since = System.nanoTime();
        while (true) {
            try {
                return watch.look();
            } catch (RedisException e) {
                // at the start nothing is waited for that the first look did not find
                if (places.isEmpty() || e.isLasting() || System.nanoTime() - since > retryFor.toNanos()) {
                    throw e;
                }
                if (run.state() != RunState.RUNNING) {
                    throw e;
                }
                run.signOfLife();
                run.pause(WAIT);
            }
        }
    }

    /** Whether the owner of slots to scan again did not answer, and it is too early to try again. */
    private boolean isUnanswered() {
        boolean justTried = System.nanoTime() - unansweredAt < BETWEEN_LOOKS;
        return !unanswered.isEmpty() && (justTried || lookedAt - unansweredAt < 0);
    }

    /** Starts the rescans that are due, for slots that do not migrate any more. */
    private void scanUnsettled() throws InterruptedException {
        unanswered.clear();
        Map<ClusterNode, BitSet> found = slots.atRest();
        for (Map.Entry<ClusterNode, BitSet> part : found.entrySet()) {
            ClusterNode node = part.getKey();
            LOG.info(
                    "Scanning {} for {} slots again, which were migrating or could not be read in full",
                    node,
                    part.getValue().cardinality());
            slots.scannedOf(node.id(), part.getValue());
            scanAgain(node, part.getValue());
        }
        if (changes != null && !found.isEmpty()) {
            changes.moved();
        }
        if (!found.isEmpty() && unanswered.isEmpty()) {
            lookedAtEnd = false;
        }
        if (found.isEmpty() && System.nanoTime() - saidAt > BETWEEN_WORDS) {
            saidAt = System.nanoTime();
            BitSet waiting = slots.unsettled();
            LOG.warn(
                    "Source {}: {} slots are migrating, or have no owner, such as slot {}: they are"
                            + " scanned when they have come to rest (redis-cli --cluster fix ends a move that was left)",
                    seed,
                    waiting.cardinality(),
                    waiting.nextSetBit(0));
        }
    }

    /** Such slots are waited for as long as retries are wanted. */
    private void giveUpInTime() {
        BitSet waiting = waiting();
        if (!waiting.isEmpty() && waitingSince != 0 && System.nanoTime() - waitingSince > retryFor.toNanos()) {
            throw RedisException.lasting(String.format(
                    Locale.ROOT,
                    "%s: no master that answers has had %d of the slots, such as slot %d, for %d s. Bring their master or a"
                            + " replica of it back (redis-cli --cluster check names them).",
                    seed,
                    waiting.cardinality(),
                    waiting.nextSetBit(0),
                    retryFor.toSeconds()));
        }
    }

    private void scanAgain(ClusterNode node, BitSet wanted) throws InterruptedException {
        Member member = member(node.id());
        if (member != null && member.node().isReplica()) {
            // a replica may not have heard yet of what came to its master
            remove(member);
            member = null;
        }
        if (member == null) {
            open(node, wanted);
            return;
        }
        scan(member, wanted);
    }

    private void scan(Member member, BitSet wanted) throws InterruptedException {
        boolean begun = false;
        try {
            member.node().want(wanted);
            member.reader().scanAgain();
            begun = true;
        } catch (NodeLostException e) {
            drop(member, e);
        } finally {
            if (!begun) {
                slots.unsettle(wanted);
            }
        }
    }

    // --- nodes that fail ---

    /** Whether others own by now what was scanned of the node. */
    private boolean isLost(String id) {
        try {
            return !watch.look().containsKey(id);
        } catch (RedisException e) {
            return false;
        }
    }

    private void drop(Member member, NodeLostException e) {
        remove(member);
        slots.unsettle(slots.scannedOf(member.node().id()));
        // changes of whoever has them now must be followed before those are scanned
        lookedAtEnd = false;
        run.nodeRestarted("Source " + seed + " lost a node (" + e.getMessage() + ")");
    }

    @Override
    public void close() {
        members.forEach(member -> member.reader().close());
        watch.close();
    }
}
