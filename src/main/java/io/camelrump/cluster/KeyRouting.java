package io.camelrump.cluster;

import io.camelrump.redis.KeyList;
import io.camelrump.redis.Slot;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.RetryKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Routes keys to the readers of the nodes that own their slots. Keys of slots that must be scanned again go to none:
 * that scan reads them.
 */
final class KeyRouting {
    /** Keys that changed and wait at one node, beyond which no more are given out. */
    private static final int MOST_CHANGES = 1_000;

    private final ClusterMembers members;
    private final SlotScanState slots;

    KeyRouting(ClusterMembers members, SlotScanState slots) {
        this.members = members;
        this.slots = slots;
    }

    /** Keys by member, without those whose slots will be scanned again anyway. */
    Map<ClusterMember, KeyList> byMember(KeyList keys) {
        Map<ClusterMember, List<Integer>> places = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            int slot = Slot.of(keys.array(), keys.offset(i), keys.length(i));
            ClusterMember member = members.member(slots.settledAt(slot));
            if (member == null) {
                slots.unsettle(slot);
            } else {
                places.computeIfAbsent(member, one -> new ArrayList<>()).add(i);
            }
        }
        Map<ClusterMember, KeyList> parts = new LinkedHashMap<>();
        places.forEach((member, some) -> parts.put(
                member, keys.select(some.stream().mapToInt(Integer::intValue).toArray())));
        return parts;
    }

    /** Gives some of the keys that changed, or may have, to the readers; not while many wait there. */
    void giveOut(ChangeLog changes) {
        // a replica may not have heard of a change, so as long as one is read they wait
        if (changes.isEmpty()
                || members.readsReplicas()
                || members.any(member -> member.node().changesWaiting() > MOST_CHANGES)) {
            return;
        }
        KeyList changed = changes.take(MOST_CHANGES);
        if (changed.size() > 0) {
            byMember(changed).forEach((member, keys) -> member.node().changed(keys));
        } else {
            byMember(changes.takeSuspects(MOST_CHANGES))
                    .forEach((member, keys) -> member.node().suspect(keys));
        }
    }

    void enqueue(RetryKeys reread) throws InterruptedException {
        for (Map.Entry<ClusterMember, KeyList> part : byMember(reread.keys()).entrySet()) {
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
}
