package io.camelrump.cluster;

import io.camelrump.redis.ClusterNode;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.Run;
import io.camelrump.shard.Share;
import io.camelrump.source.NodeLostException;
import io.camelrump.source.SourceReader;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Readers of a cluster's nodes, one for each master: opened, taking turns, and dropped with a node that is lost. */
final class ClusterMembers {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterMembers.class);

    /** Asks the reader of a node. */
    interface Query<T extends @Nullable Object> {
        T of(SourceReader reader) throws InterruptedException;
    }

    private final ServerAddress seed;
    private final Share share;
    private final Run run;
    private final SlotScanState slots;
    private final NodeOpening opening;
    private final List<ClusterMember> members = new ArrayList<>();
    private int turn;

    ClusterMembers(ServerAddress seed, Share share, Run run, SlotScanState slots, NodeOpening opening) {
        this.seed = seed;
        this.share = share;
        this.run = run;
        this.slots = slots;
        this.opening = opening;
    }

    // --- all of them ---

    /** The members of now, though some may be dropped while they are visited. */
    List<ClusterMember> all() {
        return List.copyOf(members);
    }

    boolean any(Predicate<ClusterMember> predicate) {
        return members.stream().anyMatch(predicate);
    }

    boolean areAtEnd() {
        return members.stream().allMatch(member -> member.reader().isAtEnd());
    }

    boolean isScanEnded() {
        return members.stream().allMatch(member -> member.reader().isScanEnded());
    }

    boolean readsReplicas() {
        return any(member -> member.node().isReplica());
    }

    /** How many keys they have together; -1 where that is unknown of one. */
    long keys() {
        return any(member -> member.reader().keys() < 0)
                ? -1
                : members.stream().mapToLong(member -> member.reader().keys()).sum();
    }

    /** Share of the keys that were passed, from 0 to 1. */
    double progress() {
        double all = 0;
        double passed = 0;
        for (ClusterMember member : members) {
            long weight = Math.max(1, member.reader().keys());
            all += weight;
            passed += weight * member.reader().progress();
        }
        return all == 0 ? 0 : passed / all;
    }

    /** Member that has the next turn; null if all are at their ends. */
    @Nullable
    ClusterMember next() {
        for (int i = 0; i < members.size(); i++) {
            ClusterMember member = members.get(turn % members.size());
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

    /** The member of this node; null if it has none. */
    @Nullable
    ClusterMember member(@Nullable String id) {
        return members.stream()
                .filter(member -> member.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    // --- opening ---

    /** Opens a reader for each node that slots must be scanned on, replacing those of the previous scan. */
    void begin() throws InterruptedException {
        // what they had read for the scan before is void, and a replica has to have what its master has now
        close();
        members.clear();
        for (ClusterNode node : List.copyOf(slots.masters().values())) {
            BitSet wanted = slots.scannedOf(node.id());
            if (share.isOfAllSlots() || !wanted.isEmpty()) {
                add(opening.first(node, wanted, wantsFunctions()));
            }
        }
        opening.waitFromNowOn();
    }

    /** Opens a master on which these slots will be scanned. */
    private void open(ClusterNode node, BitSet wanted) throws InterruptedException {
        add(opening.master(node, wanted, wantsFunctions()));
    }

    private void add(@Nullable ClusterMember member) {
        if (member != null) {
            members.add(member);
        }
    }

    /** Each node has all functions: the first one gives them, to one run of several. */
    private boolean wantsFunctions() {
        return members.isEmpty() && share.isFirst();
    }

    // --- scanning again ---

    /** Scans these slots again on the node, which has them now. */
    void scanAgain(ClusterNode node, BitSet wanted) throws InterruptedException {
        ClusterMember member = member(node.id());
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

    void scan(ClusterMember member, BitSet wanted) throws InterruptedException {
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

    /** Moves from the replicas to the masters, of which changed keys are read. */
    void leaveReplicas() throws InterruptedException {
        for (ClusterMember member : all()) {
            ClusterNode master = slots.masters().get(member.id());
            if (member.node().isReplica()) {
                takeStrayed(member);
                remove(member);
                if (master != null) {
                    open(master, new BitSet());
                }
            }
        }
    }

    /** Plans to scan the slots of keys again that a member did not find: other nodes have them by now. */
    void takeStrayed(ClusterMember member) {
        BitSet strayed = member.node().takeStrayed();
        if (!strayed.isEmpty()) {
            slots.expectMoves();
            slots.unsettle(strayed);
        }
    }

    // --- nodes that fail ---

    /** Asks a member, and drops it if its node is lost: then the answer is {@code ifLost}. */
    <T extends @Nullable Object> T ask(ClusterMember member, Query<T> query, T ifLost) throws InterruptedException {
        try {
            return query.of(member.reader());
        } catch (NodeLostException e) {
            drop(member, e);
            return ifLost;
        }
    }

    private void drop(ClusterMember member, NodeLostException e) {
        remove(member);
        slots.unsettle(slots.scannedOf(member.id()));
        // changes of whoever has them now must be followed before those are scanned
        slots.expectMoves();
        run.sources().nodeRestarted("Source " + seed + " lost a node (" + e.getMessage() + ")");
    }

    private void remove(ClusterMember member) {
        members.remove(member);
        member.reader().close();
    }

    void close() {
        members.forEach(member -> member.reader().close());
    }
}
