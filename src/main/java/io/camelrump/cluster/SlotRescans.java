package io.camelrump.cluster;

import io.camelrump.redis.ClusterNode;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.Slot;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.RetryWindow;
import io.camelrump.run.Run;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at a cluster's slots, and rescans of those that migrated or whose node was lost. */
final class SlotRescans {
    private static final Logger LOG = LoggerFactory.getLogger(SlotRescans.class);
    private static final long BETWEEN_LOOKS = TimeUnit.SECONDS.toNanos(1);
    private static final long BETWEEN_WARNINGS = TimeUnit.SECONDS.toNanos(10);

    private final ServerAddress seed;
    private final Duration retryFor;
    private final Run run;
    private final ChangeLog changes;
    private final ClusterMonitor monitor;
    private final SlotScanState slots;
    private final UnansweredSlots unanswered;
    private final ClusterMembers members;

    private Consumer<List<ServerAddress>> onServers = servers -> {};
    private long lookedAt;
    private long warnedAt;
    /** Open while there are slots whose owner does not answer, or that have none. */
    private final RetryWindow answering;

    private final RescanProgress progress;

    /** Where the masters are. */
    private List<ServerAddress> places = List.of();

    SlotRescans(
            ServerAddress seed,
            Duration retryFor,
            Run run,
            ClusterMonitor monitor,
            SlotScanState slots,
            UnansweredSlots unanswered,
            ClusterMembers members) {
        this.seed = seed;
        this.retryFor = retryFor;
        this.run = run;
        this.changes = run.changes();
        this.monitor = monitor;
        this.slots = slots;
        this.unanswered = unanswered;
        this.members = members;
        this.answering = new RetryWindow("Source", retryFor);
        this.progress = new RescanProgress(seed, retryFor);
    }

    void onServers(Consumer<List<ServerAddress>> listener) {
        onServers = listener;
    }

    /** Where the masters were at the last look. */
    List<ServerAddress> masters() {
        return places;
    }

    // --- looks ---

    /** Plans to scan each slot on the node that owns it now. */
    void begin() throws InterruptedException {
        slots.expectMoves();
        unanswered.clear();
        look();
        slots.begin();
        look();
    }

    void lookInTime() throws InterruptedException {
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
            answering.succeeded();
        } else {
            answering.open();
        }
    }

    private Map<String, ClusterNode> lookAtMasters() throws InterruptedException {
        RetryWindow looking = new RetryWindow("Source", retryFor);
        while (true) {
            try {
                Map<String, ClusterNode> found = monitor.look();
                looking.succeeded();
                return found;
            } catch (RedisException e) {
                if (places.isEmpty()) {
                    looking.awaitStart(e, run);
                } else {
                    looking.awaitRetry(e, run);
                }
            }
        }
    }

    // --- rescans ---

    /** Looks once more at the end of a scan, and starts the rescans that are due. */
    void settle() throws InterruptedException {
        if (!slots.isConfirmed()) {
            look();
            slots.confirm();
        } else if (!slots.isSettled()) {
            lookInTime();
        }
        if (slots.isSettled()) {
            progress.settled();
        } else if (!isUnanswered()) {
            scanUnsettled();
        }
        giveUpInTime();
    }

    /** Whether the owner of slots to scan again did not answer, and it is too early to try again. */
    boolean isUnanswered() {
        return unanswered.isTooEarly(BETWEEN_LOOKS, lookedAt);
    }

    /** Starts the rescans that are due, for slots that do not migrate any more. */
    private void scanUnsettled() throws InterruptedException {
        unanswered.clear();
        Map<ClusterNode, BitSet> found = slots.atRest();
        BitSet all = new BitSet(Slot.COUNT);
        found.values().forEach(all::or);
        if (!all.isEmpty()) {
            progress.begin(all);
        }
        for (Map.Entry<ClusterNode, BitSet> part : found.entrySet()) {
            ClusterNode node = part.getKey();
            LOG.info(
                    "Scanning {} for {} slots again, which were migrating or could not be read in full",
                    node,
                    part.getValue().cardinality());
            slots.scannedOf(node.id(), part.getValue());
            members.scanAgain(node, part.getValue());
        }
        if (!found.isEmpty()) {
            changes.gaps().moved();
        }
        if (!found.isEmpty() && unanswered.isEmpty()) {
            slots.expectMoves();
        }
        if (found.isEmpty() && System.nanoTime() - warnedAt > BETWEEN_WARNINGS) {
            warnedAt = System.nanoTime();
            warnOfMigrating(slots.unsettled());
        }
    }

    private void warnOfMigrating(BitSet waiting) {
        LOG.warn(
                "Source {}: {} slots are migrating, or have no owner, such as slot {}: they are scanned once they"
                        + " are stable (redis-cli --cluster fix completes an abandoned migration)",
                seed,
                waiting.cardinality(),
                waiting.nextSetBit(0));
    }

    // --- slots that nobody answers for ---

    /** Slots whose owner does not answer, or that have none. */
    private BitSet waiting() {
        BitSet waiting = slots.ownerless();
        unanswered.addTo(waiting);
        return waiting;
    }

    /** Gives up slots that nobody answered for as long as retries are wanted. */
    private void giveUpInTime() {
        BitSet waiting = waiting();
        if (!waiting.isEmpty() && answering.isOver()) {
            throw RedisException.permanentError(answering.gaveUp(String.format(
                    Locale.ROOT,
                    "%s: no master that answers has %d of the slots, such as slot %d. Restart their master or a"
                            + " replica of it (redis-cli --cluster check names them).",
                    seed,
                    waiting.cardinality(),
                    waiting.nextSetBit(0))));
        }
    }
}
