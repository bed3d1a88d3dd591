package io.camelrump.target;

import io.camelrump.TargetClosedException;
import io.camelrump.redis.ClusterTopology;
import io.camelrump.redis.ServerAddress;
import io.camelrump.values.TemporaryKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Masters of a target cluster, by the order of its shards, and the nodes that slots migrate to. Guarded by the
 * producer's lock.
 */
final class ClusterMasters {
    private final ServerAddress address;
    private final WritePlan plan;
    private final ConcurrentMap<String, Target> targets;
    private final BooleanSupplier lookedAt;
    /** Shared by all, as slots move from one to another. */
    private final LastReadWins order = new LastReadWins();

    private final TemporaryKeys temporaries = new TemporaryKeys();
    private List<Target> masters = List.of();
    /** Keys that the masters held. */
    private InitialKeys initial = new InitialKeys();

    /**
     * @param address of the cluster
     * @param targets by the id of the node, or by its address where it has reported none
     * @param lookedAt whether every master was asked what it holds
     */
    ClusterMasters(
            ServerAddress address, WritePlan plan, ConcurrentMap<String, Target> targets, BooleanSupplier lookedAt) {
        this.address = address;
        this.plan = plan;
        this.targets = targets;
        this.lookedAt = lookedAt;
    }

    /** Notes that the producer was started anew. */
    void startAnew() {
        initial = new InitialKeys();
    }

    /** The masters in the order of the shards. */
    List<Target> inOrder() {
        return masters;
    }

    /** Enters the owners of the slots. */
    void learn(List<ClusterTopology.Shard> shards) {
        List<Target> found = new ArrayList<>();
        for (ClusterTopology.Shard shard : shards) {
            Target master = master(shard.master());
            master.server().owns(shard.slots().nextSetBit(0));
            found.add(master);
        }
        masters = List.copyOf(found);
    }

    private Target master(ClusterTopology.Node node) {
        ServerAddress place = address.at(node.host(), node.port());
        String name = node.id().isEmpty() ? place.toString() : node.id();
        Target known = targets.get(name);
        if (known == null) {
            // it may be known by its address alone, from when slots were migrating to it
            Target byAddress = targets.remove(place.toString());
            known = byAddress == null ? node(place) : byAddress;
            targets.put(name, known);
        }
        known.server().movedTo(place);
        return known;
    }

    private Target node(ServerAddress place) {
        InitialKeys.Place own = lookedAt.getAsBoolean() ? initial.join() : initial.expect();
        return new Target(place, plan, initial, own, order, temporaries);
    }

    /** Adds a node that imports a slot, and owns none as far as is known. */
    Target importing(ServerAddress place, Target from) {
        Target node = node(place);
        node.server().borrow(from.server());
        targets.put(place.toString(), node);
        return node;
    }

    /**
     * Takes leave of the masters that have no slots any more.
     *
     * @param loss why all that was confirmed is void already, so that none has to be asked; null if it is not
     * @return why it is now; null if it is not
     */
    @Nullable
    String forgetFormer(@Nullable String loss) throws TargetClosedException {
        String first = loss;
        for (Map.Entry<String, Target> target : targets.entrySet()) {
            // one without slots from the start may be about to get some
            if (target.getValue().server().ownsSlots() && !masters.contains(target.getValue())) {
                first = first == null ? target.getValue().objectionToLeave() : first;
                target.getValue().server().leave();
                target.getValue().initial().leave();
                targets.remove(target.getKey());
            }
        }
        return first;
    }
}
