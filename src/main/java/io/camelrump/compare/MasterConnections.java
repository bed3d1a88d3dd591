package io.camelrump.compare;

import io.camelrump.ServerMode;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.keys.MassDeletionGuard;
import io.camelrump.redis.ClusterPoll;
import io.camelrump.redis.ClusterTopology;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerInfo;
import io.camelrump.redis.Slot;
import io.camelrump.run.PageData;
import io.camelrump.throttle.TurnPacer;
import io.camelrump.throttle.WorkBudget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Connections to a server, or to each master of a cluster, and which of them has which key.
 *
 * <p>They stand as more than half of a cluster's masters said when they were opened: where a slot has gone elsewhere
 * since, its old owner says so, and they must be closed and opened anew. Not thread-safe.
 */
final class MasterConnections implements AutoCloseable {
    /**
     * One of them.
     *
     * @param address where it was looked for
     * @param info empty where the user may not ask
     * @param turns of what is requested over the connection
     */
    record Master(ServerAddress address, RedisConnection connection, ServerInfo info, TurnPacer turns) {}

    private final ServerAddress named;
    private final List<Master> all;
    private final @Nullable ClusterTopology topology;
    /** Index of each slot's owner among all; -1 if it has none. */
    private final int[] owners;

    private MasterConnections(ServerAddress named, List<Master> all, @Nullable ClusterTopology topology) {
        this.named = named;
        this.all = List.copyOf(all);
        this.topology = topology;
        this.owners = topology == null ? new int[0] : topology.owners();
    }

    /**
     * Connects to all of them.
     *
     * @param before what the cluster reported earlier, as the node that was named may be gone; null if nothing
     */
    static MasterConnections open(ServerAddress named, ServerMode mode, @Nullable ClusterTopology before)
            throws IOException {
        List<Master> opened = new ArrayList<>();
        MasterConnections masters = null;
        try {
            masters = before == null && mode != ServerMode.CLUSTER ? openAlone(named, mode, opened) : null;
            if (masters == null) {
                masters = openAll(named, nodes(named, before), opened);
            }
            return masters;
        } finally {
            if (masters == null) {
                opened.forEach(master -> master.connection().close());
            }
        }
    }

    /** Connects to the one that was named; null if it is a cluster node. */
    private static @Nullable MasterConnections openAlone(ServerAddress named, ServerMode mode, List<Master> opened)
            throws IOException {
        Master only = connect(named, opened);
        if (mode == ServerMode.STANDALONE || !only.info().isCluster()) {
            return new MasterConnections(named, opened, null);
        }
        opened.clear();
        only.connection().close();
        return null;
    }

    private static MasterConnections openAll(ServerAddress named, List<ServerAddress> nodes, List<Master> opened)
            throws IOException {
        ClusterPoll reported = ClusterPoll.of(nodes);
        if (!reported.agreed()) {
            throw ClusterPoll.disagreement(named);
        }
        ClusterTopology topology = reported.topology();
        for (ClusterTopology.Shard shard : topology.shards()) {
            Master master =
                    connect(named.at(shard.master().host(), shard.master().port()), opened);
            master.connection().owns(shard.slots().nextSetBit(0));
        }
        return new MasterConnections(named, opened, topology);
    }

    private static Master connect(ServerAddress address, List<Master> opened) throws IOException {
        RedisConnection connection = RedisConnection.open(address);
        TurnPacer turns = new TurnPacer(WorkBudget.of(address));
        opened.add(new Master(address, connection, ServerInfo.HIDDEN, turns));
        Master master = new Master(address, connection, connection.info(), turns);
        opened.set(opened.size() - 1, master);
        return master;
    }

    private static List<ServerAddress> nodes(ServerAddress named, @Nullable ClusterTopology before) {
        List<ServerAddress> nodes = new ArrayList<>();
        if (before != null) {
            before.nodes().forEach(node -> nodes.add(named.at(node.host(), node.port())));
        }
        nodes.add(named);
        return nodes;
    }

    List<Master> all() {
        return all;
    }

    /** Topology that the cluster reported; null for a standalone server. */
    @Nullable
    ClusterTopology topology() {
        return topology;
    }

    /** The connection to the one that has this key, or would have it. */
    RedisConnection of(byte[] key) {
        return all.get(topology == null ? 0 : place(Slot.of(key))).connection();
    }

    /** Turns of what is requested over one of the connections. */
    TurnPacer turns(RedisConnection connection) {
        return all.stream()
                .filter(master -> master.connection() == connection)
                .findFirst()
                .orElseThrow()
                .turns();
    }

    /** Where they were looked for. */
    List<ServerAddress> addresses() {
        return all.stream().map(Master::address).toList();
    }

    /** The parts of a page by the places of those that have its keys. */
    Map<Integer, PageData> split(PageData page) {
        if (all.size() == 1 || page.size() == 0) {
            return Map.of(0, page);
        }
        KeyList keys = page.keys();
        int[] places = IntStream.range(0, page.size())
                .map(i -> place(Slot.of(keys.array(), keys.offset(i), keys.length(i))))
                .toArray();
        Map<Integer, PageData> parts = new TreeMap<>();
        for (int place : IntStream.of(places).distinct().toArray()) {
            int[] indexes = IntStream.range(0, places.length)
                    .filter(i -> places[i] == place)
                    .toArray();
            parts.put(place, indexes.length == places.length ? page : page.select(indexes));
        }
        return parts;
    }

    private int place(int slot) {
        if (owners[slot] < 0) {
            throw RedisException.transientError("No master of " + named + " has slot " + slot + ".", null);
        }
        return owners[slot];
    }

    /** Asks each whether it is there. */
    void ping() throws IOException {
        for (Master master : all) {
            master.connection().call("PING");
        }
    }

    /** Bytes that they took so far; any thread may ask. */
    long bytesSent() {
        return all.stream().mapToLong(master -> master.connection().bytesSent()).sum();
    }

    @Override
    public void close() {
        all.forEach(master -> master.connection().close());
    }

    /** As it was named: the address of a server, or of any node. */
    @Override
    public String toString() {
        return named.toString();
    }

    /** How many keys these databases hold on all masters together; -1 where a server does not report it. */
    long keys(DatabaseMapping databases) throws IOException {
        long sum = 0;
        for (Master master : all) {
            long keys = MassDeletionGuard.keys(databases, master.connection());
            if (keys < 0) {
                return -1;
            }
            sum += keys;
        }
        return sum;
    }
}
