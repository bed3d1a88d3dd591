package io.camelrump.cluster;

import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.keys.TargetNameIndex;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.Slot;
import io.camelrump.run.Functions;
import io.camelrump.run.Run;
import io.camelrump.source.SourceReader;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Queries to all nodes of a cluster beside their scans; the slots of a node that is lost meanwhile are scanned again.
 */
record ClusterQueries(ClusterMembers members, SlotScanState slots, KeyRouting routing, Run run) {

    /** States of all nodes for a checkpoint; empty where one of them is not known now. */
    List<Checkpoint.SourceState> states() {
        members.all().forEach(members::takeStrayed);
        BitSet out = new BitSet(Slot.COUNT);
        run.pages().keys().forEach(keys -> out.or(keys.keys().slots()));
        List<Checkpoint.SourceState> states = new ArrayList<>();
        for (ClusterMember member : members.all()) {
            ScanPosition position = member.reader().position();
            if (position == null) {
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

    /** Looks for keys that change in these databases too; of each node, also where another has one that is new. */
    boolean follow(Map<ServerAddress, Set<Integer>> found) {
        return members.all().stream()
                        .filter(member -> member.reader().follow(found))
                        .count()
                > 0;
    }

    List<ServerAddress> servers() {
        return members.all().stream()
                .flatMap(member -> member.reader().servers().stream())
                .toList();
    }

    /** Takes in what was asked for at each node. */
    void drain() throws InterruptedException {
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

    /** Whether each node is still the process that was read. */
    boolean areStillTheServers() throws InterruptedException {
        boolean still = true;
        for (ClusterMember member : members.all()) {
            still &= members.ask(member, SourceReader::isStillTheServer, false);
        }
        return still;
    }

    /** Leaves out migrating slots: once those are scanned again, the target is looked at once more. */
    List<TargetNameIndex.Source> absent(KeyList names, int targetDatabase) throws InterruptedException {
        List<TargetNameIndex.Source> absent = new ArrayList<>();
        for (Map.Entry<ClusterMember, KeyList> part : routing.byMember(names).entrySet()) {
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

    /** The functions of the first node that gives some, as each has them all; null if they are not copied. */
    @Nullable
    Functions functions() throws InterruptedException {
        for (ClusterMember member : members.all()) {
            Functions found = members.<@Nullable Functions>ask(member, SourceReader::functions, null);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** How many keys they hold together; -1 where that is unknown of one. */
    long size() throws InterruptedException {
        long keys = 0;
        for (ClusterMember member : members.all()) {
            long here = members.ask(member, SourceReader::size, -1L);
            keys = here < 0 || keys < 0 ? -1 : keys + here;
        }
        return keys;
    }
}
