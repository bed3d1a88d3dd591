package io.camelrump;

import io.camelrump.redis.ClusterTopology;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.Slot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The places that a producer writes to: one for each database of a server, or one for each master of a cluster.
 *
 * <p>Knows which keys go where, and follows the slots of a cluster. Guarded by the producer's lock, but for {@link #all}.
 *
 * @see <a href="https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/">Redis Cluster
 *     specification</a>
 */
final class Targets {
    private static final Logger LOG = LoggerFactory.getLogger(Targets.class);
    private static final long REFRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Above these bits of a cursor stands the number of the master; no table is so large. */
    private static final int CURSOR_BITS = 56;

    /** What goes to one of them. */
    record Share(Target target, List<Page> pages) {}

    private final ServerAddress address;
    private final ServerMode mode;
    private final WriteOptions options;
    /** By the number of the database, or by the address of the master. */
    private final Map<String, Target> targets = new ConcurrentSkipListMap<>();
    /** Shared by the masters of a cluster, as slots move from one to another. */
    private final ReadOrder order = new ReadOrder();

    private final TemporaryKeys temporaries = new TemporaryKeys();
    private @Nullable ClusterTopology topology;
    /** Of each slot the place of its owner among the shards; -1 if it has none. */
    private int[] owners = {};

    private boolean stale;
    private long refreshed;
    private long failingSince;
    /** Whether every master was connected to, and asked whether it holds keys. */
    private boolean ready;

    private boolean wasEmpty;

    Targets(ServerAddress address, ServerMode mode, WriteOptions options) {
        this.address = address;
        this.mode = mode;
        this.options = options;
    }

    /** Connects; what can not be written at all is refused here. */
    void open() {
        targets.clear();
        ready = false;
        topology = mode == ServerMode.STANDALONE ? null : askAtStart();
        if (topology == null) {
            database(Databases.AS_PRODUCER_SAYS).open();
            return;
        }
        if (address.database() != 0) {
            throw RedisException.lasting(
                    address + " is a cluster, which has no database " + address.database() + ": leave it out.");
        }
        learn(topology);
        topology.shards().forEach(shard -> master(shard).open());
        wasEmpty = targets.values().stream().allMatch(Target::wasEmptyAtStart);
        targets.values().forEach(target -> target.beganEmpty(wasEmpty));
        ready = true;
        LOG.info(
                "Target {} is a cluster of {} masters",
                address,
                topology.shards().size());
    }

    private @Nullable ClusterTopology askAtStart() {
        try (RedisConnection seed = RedisConnection.open(address.withDatabase(0))) {
            return mode == ServerMode.CLUSTER || seed.info().isCluster() ? ClusterTopology.of(seed) : null;
        } catch (IOException e) {
            throw ErrorText.failure(address, e);
        } catch (RedisException e) {
            if (mode == ServerMode.CLUSTER || !e.isServerNotReady()) {
                throw e;
            }
            // it says so again when it is opened, and is waited for
            return null;
        }
    }

    /** All that were written to. Any thread may ask. */
    Collection<Target> all() {
        return targets.values();
    }

    /** Some master may be gone, or may own other slots: they are asked for before the next keys are sent. */
    void suspect() {
        stale = topology != null;
    }

    // --- which keys go where ---

    /** The pages by where they go, in their order. */
    List<Share> split(List<Page> pages) throws TransientTargetException, TargetClosedException {
        Map<Target, List<Page>> shares = new LinkedHashMap<>();
        if (topology == null) {
            for (Page page : pages) {
                shares.computeIfAbsent(database(page.targetDatabase()), target -> new ArrayList<>())
                        .add(page);
            }
        } else {
            refreshIfSuspect();
            for (Page page : pages) {
                split(page, shares);
            }
            failingSince = 0;
        }
        return shares.entrySet().stream()
                .map(share -> new Share(share.getKey(), share.getValue()))
                .toList();
    }

    private void split(Page page, Map<Target, List<Page>> shares)
            throws TransientTargetException, TargetClosedException {
        if (page.targetDatabase() > 0) {
            throw new TargetClosedException("Target " + address + " is a cluster, which has no database "
                    + page.targetDatabase() + ": map it to 0 by mapDb (--map-db), or copy one database alone.");
        }
        int[] places = new int[page.size()];
        int[] keys = new int[shards().size()];
        for (int i = 0; i < places.length; i++) {
            int slot = Slot.of(
                    page.keys().array(), page.keys().offset(i), page.keys().length(i));
            if (owners[slot] < 0) {
                stale = true;
                throw failure("no master of " + address + " has slot " + slot + ".");
            }
            places[i] = owners[slot];
            keys[places[i]]++;
        }
        for (int shard = 0; shard < keys.length; shard++) {
            if (keys[shard] > 0 || page.size() == 0) {
                int place = shard;
                Page part = keys[shard] == page.size()
                        ? page
                        : page.select(IntStream.range(0, places.length)
                                .filter(i -> places[i] == place)
                                .toArray());
                shares.computeIfAbsent(master(shards().get(shard)), target -> new ArrayList<>())
                        .add(part);
            }
        }
    }

    private List<ClusterTopology.Shard> shards() {
        return topology == null ? List.of() : topology.shards();
    }

    private Target database(int number) {
        int known = number == Databases.AS_PRODUCER_SAYS ? address.database() : number;
        return targets.computeIfAbsent(
                String.valueOf(known),
                none -> new Target(address.withDatabase(known), options, mode == ServerMode.STANDALONE));
    }

    private Target master(ClusterTopology.Shard shard) {
        return node(shard.master().host(), shard.master().port());
    }

    private Target node(String host, int port) {
        return targets.computeIfAbsent(host + ":" + port, none -> {
            Target target = new Target(address.at(host, port), options, order, temporaries);
            if (ready) {
                target.beganEmpty(wasEmpty);
            }
            return target;
        });
    }

    /** The node that another one named in {@code ASK slot host:port}; it is written to while a slot moves there. */
    Target asked(String node) {
        ServerAddress named = address.at(node);
        return node(named.host(), named.port());
    }

    // --- slots that move, and masters that are replaced ---

    private void refreshIfSuspect() throws TransientTargetException, TargetClosedException {
        if (stale && System.nanoTime() - refreshed >= REFRESH_NANOS) {
            refresh();
        }
    }

    /** Asks who owns the slots now; where a replica has taken over, all that its master confirmed is void. */
    void refresh() throws TransientTargetException, TargetClosedException {
        ClusterTopology before = topology;
        if (before == null) {
            return;
        }
        ClusterTopology now = ask();
        refreshed = System.nanoTime();
        stale = false;
        for (ClusterTopology.Shard shard : now.shards()) {
            ClusterTopology.Shard lost = now.replacedBy(shard, before);
            if (lost != null) {
                String reason = "Target " + shard.master() + " is master in the place of " + lost.master();
                targets.values().stream()
                        .flatMap(target -> target.runs().stream())
                        .distinct()
                        .forEach(run -> run.restart(reason));
            }
        }
        learn(now);
        // a master that has no slot any more gave its keys to others
        targets.entrySet().removeIf(target -> {
            boolean gone = now.shards().stream().noneMatch(shard -> target.getKey()
                    .equals(shard.master().host() + ":" + shard.master().port()));
            if (gone) {
                target.getValue().close();
            }
            return gone;
        });
    }

    private void learn(ClusterTopology now) {
        topology = now;
        owners = now.owners();
        now.shards().forEach(shard -> master(shard).owns(shard.slots().nextSetBit(0)));
    }

    private ClusterTopology ask() throws TransientTargetException, TargetClosedException {
        List<ServerAddress> nodes = new ArrayList<>();
        targets.values().forEach(target -> nodes.add(target.address()));
        for (ClusterTopology.Shard shard : shards()) {
            shard.replicas().forEach(replica -> nodes.add(address.at(replica.host(), replica.port())));
        }
        nodes.add(address);
        try {
            return ClusterTopology.ofAny(nodes);
        } catch (RedisException e) {
            throw failure("no server of the cluster " + address + " answers: " + e.getMessage());
        }
    }

    /** What the route is to be told: that a retry may help, or, when all retries were spent, that none will. */
    private TransientTargetException failure(String reason) throws TargetClosedException {
        long now = System.nanoTime();
        if (failingSince == 0) {
            failingSince = now;
            LOG.warn(
                    "Target: {} Trying again for up to {} s",
                    reason,
                    options.retryFor().toSeconds());
        }
        if (now - failingSince >= options.retryFor().toNanos()) {
            throw new TargetClosedException(
                    "Target: " + reason + " Gave up after " + options.retryFor().toSeconds() + " s.");
        }
        targets.values().stream().flatMap(target -> target.runs().stream()).forEach(Ledger::signOfLife);
        return new TransientTargetException("Target: " + reason);
    }

    // --- names, for what is to be deleted ---

    /** Some names of a database, or of a cluster: its masters follow one another. */
    @Nullable
    ScanReply names(int database, long cursor) {
        if (topology == null) {
            return database(database).names(cursor);
        }
        int shard = (int) (cursor >>> CURSOR_BITS);
        if (shard >= shards().size()) {
            return null;
        }
        ScanReply reply = master(shards().get(shard)).names(cursor & (1L << CURSOR_BITS) - 1);
        if (reply == null) {
            return null;
        }
        long place = reply.cursor() == 0 ? shard + 1 : shard;
        boolean last = place == shards().size();
        return reply.at(last ? 0 : place << CURSOR_BITS | reply.cursor());
    }
}
