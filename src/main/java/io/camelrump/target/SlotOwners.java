package io.camelrump.target;

import io.camelrump.ServerMode;
import io.camelrump.TargetClosedException;
import io.camelrump.TransientTargetException;
import io.camelrump.options.ServerOptions;
import io.camelrump.redis.ClusterPoll;
import io.camelrump.redis.ClusterTopology;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.RetryWindow;
import io.camelrump.run.Run;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Owners of the slots of a target cluster, as far as is known; asked for again when they may be others. */
final class SlotOwners {
    private static final long BETWEEN_POLLS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ServerAddress seed;
    private final RetryWindow asking;
    private final RetryWindow agreeing;
    private ClusterTopology topology;
    private int[] places;
    private int number = 1;
    /** Whether more than half of the masters say so. */
    private boolean agreed;

    private boolean stale;
    private long askedAt;

    /** @param topology as a node said at the start */
    SlotOwners(ServerAddress seed, ClusterTopology topology, Duration retryFor) {
        this.seed = seed;
        this.topology = topology;
        this.places = topology.owners();
        this.asking = new RetryWindow("Target", retryFor);
        this.agreeing = new RetryWindow("Target", retryFor);
    }

    /** Asks a server at the start; null if it is not a node of a cluster. */
    static @Nullable SlotOwners atStart(ServerAddress address, ServerOptions options) throws IOException {
        boolean isCluster = options.getMode() == ServerMode.CLUSTER;
        try (RedisConnection seed = RedisConnection.open(address.withDatabase(0))) {
            return isCluster || seed.info().isCluster()
                    ? new SlotOwners(address, ClusterTopology.of(seed), options.getRetryFor())
                    : null;
        }
    }

    List<ClusterTopology.Shard> shards() {
        return topology.shards();
    }

    /** The place of the slot's owner among the shards; -1 if it has none. */
    int place(int slot) {
        return places[slot];
    }

    /** Topology version; changes whenever keys may have moved between masters. */
    int number() {
        return number;
    }

    /** Keys go to one more master, before it owns their slot. */
    void goElsewhere() {
        number++;
    }

    /** Some master may be gone, or may own other slots. */
    void suspect() {
        stale = true;
    }

    /** Whether the owners must be asked for before the next keys are sent. */
    boolean isStale() {
        return stale && System.nanoTime() - askedAt >= BETWEEN_POLLS;
    }

    /**
     * Asks for them.
     *
     * @param masters to be asked first
     * @param runs that wait for this
     * @return who took over from whom, so that what that one confirmed is void; null if none did
     */
    @Nullable
    String refresh(Collection<ServerAddress> masters, Set<Run> runs)
            throws TransientTargetException, TargetClosedException {
        ClusterTopology before = topology;
        ClusterPoll poll = poll(masters, runs);
        ClusterTopology now = poll.topology();
        askedAt = System.nanoTime();
        stale = false;
        agreed = poll.agreed();
        if (!now.hasOwnersOf(before)) {
            number++;
        }
        topology = now;
        places = now.owners();
        return now.shards().stream()
                .map(shard -> successor(shard, now.replacedBy(shard, before)))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String successor(ClusterTopology.Shard shard, ClusterTopology.@Nullable Shard lost) {
        return lost == null ? null : "Target " + shard.master() + " is master instead of " + lost.master();
    }

    private ClusterPoll poll(Collection<ServerAddress> masters, Set<Run> runs)
            throws TransientTargetException, TargetClosedException {
        Set<ServerAddress> nodes = new LinkedHashSet<>(masters);
        topology.shards().stream()
                .flatMap(shard -> shard.replicas().stream())
                .forEach(replica -> nodes.add(seed.at(replica.host(), replica.port())));
        nodes.add(seed);
        try {
            ClusterPoll poll = ClusterPoll.of(nodes);
            asking.succeeded();
            return poll;
        } catch (RedisException e) {
            RedisException cause = e.isPermanent()
                    ? e
                    : RedisException.transientError(
                            "no server of the cluster " + seed + " answers: " + e.getMessage(), e.getCause());
            throw asking.failed(cause, runs);
        }
    }

    /** At the end of a run the word of one part of a divided cluster is not enough. */
    void requireAgreement(Set<Run> runs) throws TransientTargetException, TargetClosedException {
        if (!agreed) {
            throw agreeing.failed(ClusterPoll.disagreement(seed), runs);
        }
        agreeing.succeeded();
    }
}
