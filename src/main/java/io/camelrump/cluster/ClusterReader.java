package io.camelrump.cluster;

import io.camelrump.ReadFrom;
import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.keys.SampleLimit;
import io.camelrump.keys.TargetNameIndex;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.Slot;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.Functions;
import io.camelrump.run.PageData;
import io.camelrump.run.RetryKeys;
import io.camelrump.run.Run;
import io.camelrump.run.ScanEpoch;
import io.camelrump.source.NodeAssignment;
import io.camelrump.source.PageSource;
import io.camelrump.source.SourceReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
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
 * <p>Each slot is read from the node that owns it when its scan begins. A slot that has another owner by then or since,
 * or was migrating at any look, is scanned again on its final owner: a key that moved before it was scanned is in no
 * SCAN, and nothing else reports it. Such scans begin when nothing of the ones before waits to be handed out, so that
 * of two readings of a key the later one comes later.
 */
public final class ClusterReader implements PageSource {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterReader.class);
    /** Pause while nothing can be read before slots come to rest. */
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

    /** Keys that changed and wait at one node, beyond which no more are given out. */
    private static final int MOST_CHANGES = 1_000;

    /** Makes the reader of a node; of a server that stands alone if there is none. */
    public interface Readers {
        SourceReader of(ServerAddress address, @Nullable NodeAssignment node);
    }

    private final SampleLimit sample;
    private final Run run;
    private final @Nullable ChangeLog changes;
    private final ClusterMonitor monitor;
    private final SlotScanState slots = new SlotScanState();
    private final ClusterMembers members;
    private final SlotRescans rescans;

    /** Scan of the run that the members are at. */
    private ScanEpoch epoch = ScanEpoch.NONE;

    private boolean scannedOnce;

    private ClusterReader(
            ServerAddress seed, ReadFrom readFrom, SampleLimit sample, Duration retryFor, Run run, Readers readers) {
        UnansweredSlots unanswered = new UnansweredSlots();
        this.sample = sample;
        this.run = run;
        this.changes = run.changes();
        this.monitor = new ClusterMonitor(seed.withDatabase(0));
        this.members = new ClusterMembers(seed, readFrom, sample, run, readers, monitor, slots, unanswered);
        this.rescans = new SlotRescans(seed, retryFor, run, monitor, slots, unanswered, members);
    }

    /** Finds the masters from any node, and connects to each. */
    public static ClusterReader open(
            ServerAddress seed, ReadFrom readFrom, SampleLimit sample, Duration retryFor, Run run, Readers readers)
            throws InterruptedException {
        if (seed.database() != 0) {
            throw RedisException.permanentError("Source " + seed + " is a cluster, which has database 0 alone.");
        }
        ClusterReader reader = new ClusterReader(seed, readFrom, sample, retryFor, run, readers);
        boolean ready = false;
        try {
            reader.beginScan();
            LOG.info(
                    "Source {} is a cluster: {} masters are read at once",
                    seed,
                    reader.members.all().size());
            ready = true;
            return reader;
        } finally {
            if (!ready) {
                reader.close();
            }
        }
    }

    /** Plans to scan each slot on the node that owns it now. */
    private void beginScan() throws InterruptedException {
        epoch = run.epoch();
        if (changes != null) {
            changes.restarted();
        }
        scannedOnce = false;
        sample.restart();
        rescans.begin();
        members.begin();
        run.report().sourceKeys(members.keys());
    }

    private boolean isCurrent() {
        return epoch.equals(run.epoch());
    }

    // --- pages ---

    @Override
    public @Nullable PageData next() throws InterruptedException {
        if (!isCurrent()) {
            beginScan();
        }
        rescans.lookInTime();
        giveOutChanges();
        ClusterMember member = members.next();
        if (member == null) {
            if (!slots.isSettled()) {
                run.pause(PAUSE);
            }
            return null;
        }
        if (changes == null) {
            // in a live run the end is looked for when it is near, and not after each page
            slots.expectMoves();
        }
        return members.<@Nullable PageData>ask(
                member,
                reader -> {
                    PageData page = reader.next();
                    members.takeStrayed(member);
                    return page;
                },
                null);
    }

    /**
     * Keys that changed go to the readers of the nodes that own them. None is read before whose slot must be scanned
     * again. Once that can be done it is done first, as a scan must find nothing that waits. A replica may not have
     * heard of a change, so as long as one is read they wait.
     */
    private void giveOutChanges() {
        ChangeLog followed = changes;
        boolean scansFirst = !rescans.isUnanswered() && members.isScanEnded() && slots.isAnyAtRest();
        if (followed == null
                || followed.isEmpty()
                || scansFirst
                || members.readsReplicas()
                || members.any(member -> member.node().changesWaiting() > MOST_CHANGES)) {
            return;
        }
        KeyList changed = followed.take(MOST_CHANGES);
        if (changed.size() > 0) {
            members.byMember(changed).forEach((member, keys) -> member.node().changed(keys));
        } else {
            members.byMember(followed.takeSuspects(MOST_CHANGES))
                    .forEach((member, keys) -> member.node().suspect(keys));
        }
    }

    /** Leaves out keys in slots that will be scanned again: that scan reads them. */
    @Override
    public void enqueue(RetryKeys reread) throws InterruptedException {
        for (Map.Entry<ClusterMember, KeyList> part :
                members.byMember(reread.keys()).entrySet()) {
            // what a lost node was to read lies in slots that are scanned again
            members.ask(
                    part.getKey(),
                    reader -> {
                        reader.enqueue(reread.of(part.getValue()));
                        return true;
                    },
                    false);
        }
    }

    @Override
    public void drain() throws InterruptedException {
        rescans.lookInTime();
        for (ClusterMember member : members.all()) {
            members.ask(
                    member,
                    reader -> {
                        reader.drain();
                        return true;
                    },
                    false);
        }
    }

    @Override
    public void scanAgain() throws InterruptedException {
        for (ClusterMember member : members.all()) {
            members.scan(member, slots.scannedOf(member.id()));
        }
    }

    // --- how far it is ---

    @Override
    public ScanEpoch epoch() {
        return epoch;
    }

    @Override
    public int database() {
        return 0;
    }

    @Override
    public double progress() {
        return scannedOnce ? 1 : members.progress();
    }

    @Override
    public boolean isDry() {
        return isCurrent() && members.areAtEnd() && (changes == null || changes.isEmpty());
    }

    @Override
    public void settle() throws InterruptedException {
        if (!isCurrent() || !members.areAtEnd()) {
            return;
        }
        if (changes != null) {
            members.leaveReplicas();
        }
        members.all().forEach(members::takeStrayed);
        scannedOnce = true;
        rescans.settle();
    }

    /** Whether each slot was read to its end where it lies. */
    @Override
    public boolean isAtEnd() {
        return isDry() && slots.isConfirmed() && slots.isSettled();
    }

    @Override
    public void expectMoves() {
        slots.expectMoves();
    }

    @Override
    public boolean isScanEnded() {
        return isCurrent()
                && slots.isSettled()
                && members.isScanEnded()
                && (changes == null || !members.readsReplicas());
    }

    @Override
    public List<Checkpoint.SourceState> states() {
        members.all().forEach(members::takeStrayed);
        BitSet out = new BitSet(Slot.COUNT);
        run.pages().keys().forEach(keys -> out.or(keys.keys().slots()));
        List<Checkpoint.SourceState> states = new ArrayList<>();
        for (ClusterMember member : members.all()) {
            ScanPosition position = member.reader().position();
            if (position == null || !isCurrent()) {
                return List.of();
            }
            // what has left the node since is said of the node that has it now
            BitSet scanned = slots.settledAt(member.id());
            scanned.and(member.node().wanted());
            states.add(member.reader().state(position, scanned));
            // of a node that is scanned for some slots again the others are done, once they have arrived
            BitSet done = slots.settledAt(member.id());
            done.andNot(member.node().wanted());
            done.andNot(out);
            if (!done.isEmpty()) {
                states.add(member.reader().state(new ScanPosition(0, 0, true), done));
            }
        }
        return states;
    }

    // --- questions to the nodes ---

    @Override
    public boolean follow(Map<ServerAddress, Set<Integer>> found) {
        // of each one, also where another has one that is new
        return members.all().stream()
                        .filter(member -> member.reader().follow(found))
                        .count()
                > 0;
    }

    /** No sentinel watches the masters of a cluster, which were looked at just now. */
    @Override
    public boolean isStillTheServer() throws InterruptedException {
        boolean still = true;
        for (ClusterMember member : members.all()) {
            still &= members.ask(member, SourceReader::isStillTheServer, false);
        }
        return still;
    }

    /** Leaves out migrating slots: once those are scanned again, the target is looked at once more. */
    @Override
    public List<TargetNameIndex.Source> absent(KeyList names, int targetDatabase) throws InterruptedException {
        List<TargetNameIndex.Source> absent = new ArrayList<>();
        for (Map.Entry<ClusterMember, KeyList> part : members.byMember(names).entrySet()) {
            ClusterMember member = part.getKey();
            absent.addAll(members.ask(
                    member,
                    reader -> {
                        List<TargetNameIndex.Source> found = reader.absent(part.getValue(), targetDatabase);
                        members.takeStrayed(member);
                        return found;
                    },
                    List.of()));
        }
        return absent;
    }

    @Override
    public @Nullable Functions functions() throws InterruptedException {
        for (ClusterMember member : members.all()) {
            Functions found = members.<@Nullable Functions>ask(member, SourceReader::functions, null);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    @Override
    public long size() throws InterruptedException {
        long keys = 0;
        for (ClusterMember member : members.all()) {
            long here = members.ask(member, SourceReader::size, -1L);
            keys = here < 0 || keys < 0 ? -1 : keys + here;
        }
        return keys;
    }

    @Override
    public List<ServerAddress> servers() {
        return members.all().stream()
                .flatMap(member -> member.reader().servers().stream())
                .toList();
    }

    @Override
    public List<ServerAddress> masters() {
        return rescans.masters();
    }

    @Override
    public void onServers(Consumer<List<ServerAddress>> listener) {
        rescans.onServers(listener);
    }

    @Override
    public void close() {
        members.close();
        monitor.close();
    }
}
