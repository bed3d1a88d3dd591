package io.camelrump.cluster;

import io.camelrump.ReadFrom;
import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.keys.SampleLimit;
import io.camelrump.keys.TargetNameIndex;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.Functions;
import io.camelrump.run.NodeProgress;
import io.camelrump.run.PageData;
import io.camelrump.run.RetryKeys;
import io.camelrump.run.Run;
import io.camelrump.run.ScanEpoch;
import io.camelrump.shard.Share;
import io.camelrump.source.PageSource;
import io.camelrump.source.ReadScope;
import io.camelrump.source.SourceReader;
import java.time.Duration;
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

    /** Makes the reader of a server. */
    public interface Readers {
        SourceReader of(ServerAddress address, ReadScope scope);
    }

    private final Run run;
    private final ChangeLog changes;
    private final ClusterMonitor monitor;
    private final SlotScanState slots;
    private final ClusterMembers members;
    private final SlotRescans rescans;
    private final KeyRouting routing;
    private final ClusterQueries queries;
    private final ClusterScan scan;

    private ClusterReader(
            ServerAddress seed,
            Share share,
            ReadFrom readFrom,
            SampleLimit sample,
            Duration retryFor,
            Run run,
            Readers readers) {
        this.slots = new SlotScanState(share);
        UnansweredSlots unanswered = new UnansweredSlots();
        this.run = run;
        this.changes = run.changes();
        this.monitor = new ClusterMonitor(seed.withDatabase(0));
        this.members = new ClusterMembers(
                seed,
                share,
                run,
                slots,
                new NodeOpening(seed, share, readFrom, sample, run, readers, monitor, slots, unanswered));
        this.rescans = new SlotRescans(seed, retryFor, run, monitor, slots, unanswered, members);
        this.scan = new ClusterScan(sample, run, slots, members, rescans);
        this.routing = new KeyRouting(members, slots);
        this.queries = new ClusterQueries(members, slots, routing, run);
    }

    /**
     * Finds the masters from any node, and connects to each that has slots of the share.
     *
     * @param share of the slots that are read
     */
    public static ClusterReader open(
            ServerAddress seed,
            Share share,
            ReadFrom readFrom,
            SampleLimit sample,
            Duration retryFor,
            Run run,
            Readers readers)
            throws InterruptedException {
        if (seed.database() != 0) {
            throw RedisException.permanentError("Source " + seed + " is a cluster, which has database 0 alone.");
        }
        ClusterReader reader = new ClusterReader(seed, share, readFrom, sample, retryFor, run, readers);
        boolean ready = false;
        try {
            reader.scan.begin();
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

    // --- pages ---

    @Override
    public @Nullable PageData next() throws InterruptedException {
        if (!scan.isCurrent()) {
            scan.begin();
        }
        rescans.lookInTime();
        if (changes.isFollowed() && !scan.isRescanNext()) {
            routing.giveOut(changes);
        }
        ClusterMember member = members.next();
        if (member == null) {
            if (!slots.isSettled()) {
                run.pause(PAUSE);
            }
            return null;
        }
        if (!changes.isFollowed()) {
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

    @Override
    public void enqueue(RetryKeys reread) throws InterruptedException {
        routing.enqueue(reread);
    }

    @Override
    public void drain() throws InterruptedException {
        rescans.lookInTime();
        queries.drain();
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
        return scan.epoch();
    }

    @Override
    public int database() {
        return 0;
    }

    @Override
    public double progress() {
        return scan.progress();
    }

    @Override
    public List<NodeProgress> nodes() {
        return scan.nodes();
    }

    @Override
    public boolean isDry() {
        return scan.isDry();
    }

    @Override
    public void settle() throws InterruptedException {
        scan.settle();
    }

    @Override
    public boolean isAtEnd() {
        return scan.isAtEnd();
    }

    @Override
    public void expectMoves() {
        slots.expectMoves();
    }

    @Override
    public boolean isScanEnded() {
        return scan.isScanEnded();
    }

    @Override
    public List<Checkpoint.SourceState> states() {
        return scan.isCurrent() ? queries.states() : List.of();
    }

    // --- queries to the nodes ---

    @Override
    public boolean follow(Map<ServerAddress, Set<Integer>> found) {
        return queries.follow(found);
    }

    /** No sentinel watches the masters of a cluster, which were looked at just now. */
    @Override
    public boolean isStillTheServer() throws InterruptedException {
        return queries.areStillTheServers();
    }

    @Override
    public List<TargetNameIndex.Source> absent(KeyList names, int targetDatabase) throws InterruptedException {
        return queries.absent(names, targetDatabase);
    }

    @Override
    public @Nullable Functions functions() throws InterruptedException {
        return queries.functions();
    }

    @Override
    public long size() throws InterruptedException {
        return queries.size();
    }

    @Override
    public List<ServerAddress> servers() {
        return queries.servers();
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
