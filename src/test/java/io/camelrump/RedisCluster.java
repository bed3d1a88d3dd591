package io.camelrump;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.args.ClusterFailoverOption;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.MigrateParams;

/** A cluster of real servers on 127.0.0.1: masters with an equal share of the slots each, and maybe replicas. */
public final class RedisCluster {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SLOTS = 16_384;
    private static final int MIGRATE_TIMEOUT_MILLIS = 60_000;

    private final List<RedisServer> masters;
    /** In the order of their masters. */
    private final List<RedisServer> replicas = new ArrayList<>();
    /** Those that were added without slots. */
    private final List<RedisServer> others = new ArrayList<>();

    private RedisCluster(List<RedisServer> masters) {
        this.masters = List.copyOf(masters);
    }

    /** Starts a cluster that serves all slots when this returns; the servers end with those of the fixture. */
    public static RedisCluster start(
            RedisServers servers, RedisServers.Version version, int masters, int replicasEach, String... arguments) {
        return start(servers, version, masters, replicasEach, () -> arguments);
    }

    /** Masters that are reached by TLS too, by the name of localhost, and speak it among themselves. */
    public static RedisCluster startSecured(
            RedisServers servers, RedisServers.Version version, int masters, Certificates certificates, String name) {
        return start(servers, version, masters, 0, () -> {
            List<String> arguments = new ArrayList<>(List.of("--tls-cluster", "yes"));
            arguments.addAll(List.of("--cluster-announce-hostname", "localhost"));
            arguments.addAll(List.of("--cluster-preferred-endpoint-type", "hostname"));
            arguments.addAll(List.of(certificates.server(RedisServer.freePortOfNode(), name, "ca", "no")));
            return arguments.toArray(String[]::new);
        });
    }

    /** @param arguments asked for those of each node */
    private static RedisCluster start(
            RedisServers servers,
            RedisServers.Version version,
            int masters,
            int replicasEach,
            Supplier<String[]> arguments) {
        RedisCluster cluster = new RedisCluster(IntStream.range(0, masters)
                .mapToObj(i -> node(servers, version, arguments.get()))
                .toList());
        for (int i = 0; i < masters; i++) {
            try (Jedis jedis = cluster.masters.get(i).jedis()) {
                jedis.clusterAddSlots(IntStream.range(cluster.firstSlot(i), cluster.firstSlot(i + 1))
                        .toArray());
            }
        }
        for (int i = 0; i < masters * replicasEach; i++) {
            cluster.replicas.add(node(servers, version, arguments.get()));
        }
        cluster.meet();
        for (int i = 0; i < cluster.replicas.size(); i++) {
            String master = cluster.id(cluster.masters.get(i / replicasEach));
            try (Jedis jedis = cluster.replicas.get(i).jedis()) {
                // it must have heard of its master
                Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(() -> jedis.clusterReplicate(master)
                        .equals("OK"));
            }
        }
        cluster.awaitWhole();
        return cluster;
    }

    private static RedisServer node(RedisServers servers, RedisServers.Version version, String... arguments) {
        List<String> line = new ArrayList<>(
                List.of("--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--repl-diskless-sync", "yes"));
        line.addAll(List.of(arguments));
        return servers.start(version, line.toArray(String[]::new));
    }

    private void meet() {
        try (Jedis first = masters.get(0).jedis()) {
            nodes().stream()
                    .filter(node -> node != masters.get(0))
                    .forEach(node -> first.clusterMeet(RedisServer.HOST, node.tlsPort()));
        }
        for (RedisServer node : nodes()) {
            try (Jedis jedis = node.jedis()) {
                Awaitility.await("all nodes know each other")
                        .atMost(PATIENCE)
                        .until(() -> jedis.clusterNodes().lines().count() == nodes().size());
            }
        }
    }

    /** Waits until every node says that all slots are served, and every replica has its master's data. */
    void awaitWhole() {
        for (RedisServer node : nodes()) {
            Awaitility.await("the cluster is whole").atMost(PATIENCE).until(() -> isWhole(node));
        }
    }

    /** Starts one more master, which has no slots. */
    public RedisServer add(RedisServers servers, RedisServers.Version version) {
        RedisServer added = node(servers, version);
        try (Jedis first = masters.get(0).jedis()) {
            first.clusterMeet(RedisServer.HOST, added.port());
        }
        others.add(added);
        for (RedisServer node : nodes()) {
            try (Jedis jedis = node.jedis()) {
                Awaitility.await("all nodes know each other")
                        .atMost(PATIENCE)
                        .until(() -> jedis.clusterNodes().lines().count() == nodes().size());
            }
        }
        awaitWhole();
        return added;
    }

    /** Says at all nodes that run that the slots of a master are another one's, without their keys. */
    public void giveSlots(RedisServer lost, RedisServer owner) {
        int place = masters.indexOf(lost);
        String id = id(owner);
        for (RedisServer node : nodes()) {
            if (node.isRunning()) {
                try (Jedis jedis = node.jedis()) {
                    Pipeline pipeline = jedis.pipelined();
                    for (int slot = firstSlot(place); slot < firstSlot(place + 1); slot++) {
                        pipeline.sendCommand(Protocol.Command.CLUSTER, "SETSLOT", String.valueOf(slot), "NODE", id);
                    }
                    pipeline.syncAndReturnAll().forEach(reply -> {
                        if (reply instanceof JedisException e) {
                            throw e;
                        }
                    });
                }
            }
        }
    }

    private boolean isWhole(RedisServer node) {
        // its first and last slot, its master and the replicas
        int nodesOfRange = 3 + replicas.size() / masters.size();
        try (Jedis jedis = node.jedis()) {
            return jedis.clusterInfo().contains("cluster_state:ok")
                    && ((List<?>) jedis.sendCommand(Protocol.Command.CLUSTER, "SLOTS"))
                            .stream().allMatch(range -> ((List<?>) range).size() == nodesOfRange)
                    && (!replicas.contains(node) || !jedis.info("replication").contains("master_link_status:down"));
        } catch (JedisException e) {
            return false;
        }
    }

    private int firstSlot(int master) {
        return SLOTS * master / masters.size();
    }

    /** Those that were masters at the start. */
    public List<RedisServer> masters() {
        return masters;
    }

    /** Those that were replicas at the start, in the order of their masters. */
    public List<RedisServer> replicas() {
        return List.copyOf(replicas);
    }

    public List<RedisServer> nodes() {
        List<RedisServer> all = new ArrayList<>(masters);
        all.addAll(replicas);
        all.addAll(others);
        return all;
    }

    /** A client that finds the way to each key; the caller closes it. */
    public RedisClusterClient client() {
        return RedisClusterClient.create(nodes().stream()
                .map(node -> new HostAndPort(RedisServer.HOST, node.port()))
                .collect(Collectors.toSet()));
    }

    /** The port of a node that is one of the first masters. */
    public int port() {
        return masters.get(0).port();
    }

    /** Moves slots with their keys, as redis-cli does it. */
    public void reshard(RedisServer from, RedisServer to, int firstSlot, int lastSlot) {
        String source = id(from);
        String destination = id(to);
        try (Jedis a = from.jedis();
                Jedis b = to.jedis()) {
            for (int slot = firstSlot; slot <= lastSlot; slot++) {
                b.clusterSetSlotImporting(slot, source);
                a.clusterSetSlotMigrating(slot, destination);
                moveKeys(a, to, slot);
                b.clusterSetSlotNode(slot, destination);
                a.clusterSetSlotNode(slot, destination);
            }
        }
    }

    /** Moves the first so many slots of a master. */
    public void reshard(RedisServer from, RedisServer to, int slots) {
        List<Integer> owned = slotsOf(from, from);
        for (int slot : owned.subList(0, Math.min(slots, owned.size() - 1))) {
            reshard(from, to, slot, slot);
        }
    }

    private List<Integer> slotsOf(RedisServer asked, RedisServer node) {
        String id = id(node);
        try (Jedis jedis = asked.jedis()) {
            return jedis.clusterNodes()
                    .lines()
                    .filter(line -> line.startsWith(id))
                    .flatMap(line -> Stream.of(line.split(" ")).skip(8))
                    .filter(range -> !range.startsWith("["))
                    .map(range -> range.split("-"))
                    .flatMap(range -> IntStream.rangeClosed(
                                    Integer.parseInt(range[0]), Integer.parseInt(range[range.length - 1]))
                            .boxed())
                    .toList();
        }
    }

    /** A replica takes over from this master, which becomes its replica; if it has one. */
    public void failover(RedisServer master) {
        String id = id(master);
        nodes().stream()
                .filter(RedisServer::isRunning)
                .filter(node -> node != master && isReplicaOf(id, node))
                .findFirst()
                .ifPresent(RedisCluster::takeOver);
        awaitWhole();
    }

    private static void takeOver(RedisServer replica) {
        try (Jedis jedis = replica.jedis()) {
            jedis.clusterFailover();
            Awaitility.await("a replica takes over").atMost(PATIENCE).until(() -> {
                if (jedis.info("replication").contains("role:master")) {
                    return true;
                }
                if (!jedis.clusterInfo().contains("cluster_state:ok")) {
                    return false;
                }
                // one that is under way is given up after 5 s, and nobody says so
                jedis.clusterFailover();
                return false;
            });
        }
    }

    /**
     * The replica takes over from this master, which does not hear of it: it serves its slots as before, and the other
     * masters know better. This takes a Redis below 7.2, where a node is forgotten by nobody else.
     *
     * @return who took over
     */
    public RedisServer takeOverUnheard(RedisServer master) {
        RedisServer replica = replicas.get(masters.indexOf(master));
        try (Jedis from = master.jedis();
                Jedis to = replica.jedis()) {
            from.clusterForget(id(replica));
            to.clusterFailover(ClusterFailoverOption.TAKEOVER);
        }
        masters.stream().filter(other -> other != master).forEach(other -> Awaitility.await(
                        "the others know the new master")
                .atMost(PATIENCE)
                .until(() -> !slotsOf(other, replica).isEmpty()));
        return replica;
    }

    /** Says at one node that the first slot of a master is another one's; it believes nobody else, as while slots move. */
    public void mislead(RedisServer node, RedisServer master, RedisServer owner) {
        int slot = firstSlot(masters.indexOf(master));
        try (Jedis jedis = node.jedis()) {
            jedis.clusterSetSlotImporting(slot, id(master));
            jedis.clusterSetSlotNode(slot, id(owner));
        }
    }

    /** Undoes that. */
    public void correct(RedisServer node, RedisServer master) {
        int slot = firstSlot(masters.indexOf(master));
        try (Jedis jedis = node.jedis()) {
            jedis.clusterSetSlotNode(slot, id(master));
            jedis.clusterSetSlotStable(slot);
        }
    }

    private static boolean isReplicaOf(String id, RedisServer node) {
        try (Jedis jedis = node.jedis()) {
            return jedis.clusterNodes().lines().anyMatch(line -> line.contains("myself,slave " + id));
        }
    }

    private static void moveKeys(Jedis from, RedisServer to, int slot) {
        List<byte[]> keys = from.clusterGetKeysInSlotBinary(slot, 1000);
        while (!keys.isEmpty()) {
            from.migrate(
                    RedisServer.HOST,
                    to.port(),
                    MIGRATE_TIMEOUT_MILLIS,
                    MigrateParams.migrateParams().replace(),
                    keys.toArray(byte[][]::new));
            keys = from.clusterGetKeysInSlotBinary(slot, 1000);
        }
    }

    /** The name by which the nodes know it. */
    public String id(RedisServer node) {
        try (Jedis jedis = node.jedis()) {
            return jedis.clusterMyId();
        }
    }

    /** The nodes that are masters now and run, by the slots' order. */
    public List<RedisServer> mastersNow() {
        return nodes().stream()
                .filter(RedisServer::isRunning)
                .filter(node -> {
                    try (Jedis jedis = node.jedis()) {
                        return jedis.info("replication").contains("role:master");
                    }
                })
                .toList();
    }

    /** Keys on all masters together. */
    public long size() {
        return mastersNow().stream()
                .mapToLong(node -> {
                    try (Jedis jedis = node.jedis()) {
                        return jedis.dbSize();
                    }
                })
                .sum();
    }

    /** What DEBUG DIGEST would say of one server with the keys of all masters. */
    public String digest() {
        return digest(mastersNow());
    }

    /** The same for the same keys, however they are spread over these. */
    public static String digest(List<RedisServer> nodes) {
        BigInteger ofDatabase = ofDatabaseZero();
        BigInteger sum = BigInteger.ZERO;
        for (RedisServer node : nodes) {
            try (Jedis jedis = node.jedis()) {
                Object told = jedis.sendCommand(() -> "DEBUG".getBytes(StandardCharsets.US_ASCII), "DIGEST");
                BigInteger digest = new BigInteger(new String((byte[]) told, StandardCharsets.US_ASCII), 16);
                // each that holds a key adds the number of the database once
                sum = digest.signum() == 0 ? sum : sum.xor(digest).xor(ofDatabase);
            }
        }
        return String.format("%040x", sum.signum() == 0 ? sum : sum.xor(ofDatabase));
    }

    /** What the number of the database is in a digest, beside the exclusive or of those of its keys. */
    private static BigInteger ofDatabaseZero() {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-1");
            return new BigInteger(1, sha.digest(sha.digest(new byte[4])));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
