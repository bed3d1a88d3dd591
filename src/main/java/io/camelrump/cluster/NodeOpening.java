package io.camelrump.cluster;

import io.camelrump.ReadFrom;
import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.keys.SampleLimit;
import io.camelrump.redis.ClusterNode;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.Run;
import io.camelrump.shard.Share;
import io.camelrump.source.NodeAssignment;
import io.camelrump.source.NodeLostException;
import io.camelrump.source.NodeResume;
import io.camelrump.source.SourceReader;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the reader of a cluster's node: of the master, or of a replica in its place, at the beginning or where an
 * earlier run ended. The slots of a node that cannot be opened must be scanned again.
 */
final class NodeOpening {
    private static final Logger LOG = LoggerFactory.getLogger(NodeOpening.class);
    private static final long REPLICA_TIMEOUT = TimeUnit.SECONDS.toNanos(10);

    private final ServerAddress seed;
    private final Share share;
    private final ReadFrom readFrom;
    private final SampleLimit sample;
    private final Run run;
    private final ClusterReader.Readers readers;
    private final ClusterMonitor monitor;
    private final SlotScanState slots;
    private final UnansweredSlots unanswered;
    /** Whether the slots of a node that does not answer wait, and the others are read; at the start the node is. */
    private boolean waits;

    NodeOpening(
            ServerAddress seed,
            Share share,
            ReadFrom readFrom,
            SampleLimit sample,
            Run run,
            ClusterReader.Readers readers,
            ClusterMonitor monitor,
            SlotScanState slots,
            UnansweredSlots unanswered) {
        this.seed = seed;
        this.share = share;
        this.readFrom = readFrom;
        this.sample = sample;
        this.run = run;
        this.readers = readers;
        this.monitor = monitor;
        this.slots = slots;
        this.unanswered = unanswered;
    }

    /** All masters were found once: from then on one that does not answer is waited for. */
    void waitFromNowOn() {
        waits = true;
    }

    /**
     * Opens a node for the first scan of its slots.
     *
     * @param functions whether the functions are read from it too
     * @return null if it cannot be read now
     */
    @Nullable
    ClusterMember first(ClusterNode node, BitSet wanted, boolean functions) throws InterruptedException {
        if (readFrom == ReadFrom.REPLICA) {
            ServerAddress replica = monitor.upToDateReplica(node, run, REPLICA_TIMEOUT);
            if (replica != null) {
                // what it does not give in the end is scanned again on its master
                NodeAssignment ofReplica = new NodeAssignment(
                        node.id(), true, functions, sample, () -> true, keys -> share.expected(keys, node.slots()));
                return open(resumed(ofReplica, wanted), replica);
            }
            LOG.warn("Source {} has no connected replica that keeps up: the master itself is read", node);
        }
        return open(resumed(master(node, functions), wanted), address(node));
    }

    /** Opens a master on which these slots will be scanned; parameters and result as with {@link #first}. */
    @Nullable
    ClusterMember master(ClusterNode node, BitSet wanted, boolean functions) throws InterruptedException {
        NodeAssignment fresh = master(node, functions);
        fresh.want(wanted);
        return open(fresh, address(node));
    }

    private NodeAssignment master(ClusterNode node, boolean functions) {
        return new NodeAssignment(
                node.id(),
                false,
                functions,
                sample,
                () -> isLost(node.id()),
                keys -> share.expected(keys, node.slots()));
    }

    private ServerAddress address(ClusterNode node) {
        return seed.at(node.host(), node.port());
    }

    /** The rest of a node that an earlier run had begun; slots that it gained since then are scanned after it. */
    private NodeAssignment resumed(NodeAssignment node, BitSet wanted) {
        // of what is at the targets already streams are read, on each node, and all else is found by a comparison
        Checkpoint from =
                run.sources().equalStart().isOpening() ? null : run.targets().resumed();
        NodeResume left = NodeResume.of(from, node.id(), wanted);
        node.resume(left);
        slots.unsettle(left.rest());
        return node;
    }

    private @Nullable ClusterMember open(NodeAssignment node, ServerAddress address) throws InterruptedException {
        SourceReader reader = readers.of(address.withDatabase(0), node);
        boolean ready = false;
        try {
            reader.open(!waits);
            if (node.wanted().isEmpty()) {
                reader.endScan();
            }
            ready = true;
            return new ClusterMember(node, reader);
        } catch (NodeLostException e) {
            LOG.debug("{} is not used any more", address, e);
        } catch (RedisException e) {
            if (!waits || e.isPermanent()) {
                throw e;
            }
            LOG.warn("Source: {} Its slots are scanned once an owner of them answers", e.getMessage());
            unanswered.add(slots.scannedOf(node.id()));
        } finally {
            if (!ready) {
                reader.close();
                // nobody is there who would read what changes in the others
                slots.unsettle(slots.scannedOf(node.id()));
            }
        }
        return null;
    }

    /** Whether others own by now what was scanned on the node. */
    private boolean isLost(String id) {
        try {
            return !monitor.look().containsKey(id);
        } catch (RedisException e) {
            return false;
        }
    }
}
