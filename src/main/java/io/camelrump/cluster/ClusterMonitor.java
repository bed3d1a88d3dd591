package io.camelrump.cluster;

import io.camelrump.RunState;
import io.camelrump.redis.ClusterNode;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerInfo;
import io.camelrump.run.Run;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks each master of a cluster which slots it owns and which are migrating: the others hear of it later. Not
 * thread-safe.
 */
final class ClusterMonitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterMonitor.class);

    private static final long BETWEEN_OFFSETS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ServerAddress seed;
    /** By host and port. */
    private final Map<ServerAddress, RedisConnection> connections = new HashMap<>();
    /** Replicas by the ids of their masters, as those report them. */
    private final Map<String, List<ClusterNode>> replicas = new HashMap<>();
    /** Where masters were at the last look. */
    private Set<ServerAddress> masters = Set.of();

    ClusterMonitor(ServerAddress seed) {
        this.seed = seed;
    }

    /** The masters that own slots now, by id; of one that does not answer, what the others know of it. */
    Map<String, ClusterNode> look() {
        Look look = new Look();
        while (look.hasNext()) {
            ServerAddress address = look.next();
            try {
                look.answered(ask(address));
            } catch (IOException | RedisException e) {
                LOG.debug("{} does not report its slots", address, e);
                close(address);
                look.failed(address, e);
            }
        }
        Map<String, ClusterNode> owners = look.owners();
        masters = new HashSet<>();
        owners.values().forEach(node -> masters.add(seed.at(node.host(), node.port())));
        look.requireAnswersOf(masters);
        return owners;
    }

    /** One look at the masters known so far, and at those that they name. */
    private final class Look {
        private final Set<ServerAddress> asked = new HashSet<>(masters);
        private final Deque<ServerAddress> toAsk = new ArrayDeque<>(asked);
        /** By id: as the node itself reports, and as the first that named it does. */
        private final Map<String, ClusterNode> reported = new HashMap<>();

        private final Map<String, ClusterNode> named = new LinkedHashMap<>();
        private final Map<ServerAddress, RedisException> refusals = new HashMap<>();
        private @Nullable RedisException failure;

        /** The seed is asked last: once others are known it may be gone, and must not be waited for. */
        boolean hasNext() {
            if (toAsk.isEmpty() && named.isEmpty() && asked.add(seed)) {
                toAsk.add(seed);
            }
            return !toAsk.isEmpty();
        }

        ServerAddress next() {
            return toAsk.remove();
        }

        void answered(List<ClusterNode> nodes) {
            for (ClusterNode node : nodes) {
                if (node.isMyself()) {
                    reported.put(node.id(), node);
                    replicas.put(
                            node.id(),
                            nodes.stream()
                                    .filter(other -> other.master().equals(node.id()))
                                    .toList());
                }
                if (node.isMaster() && !node.slots().isEmpty()) {
                    named.putIfAbsent(node.id(), node);
                    ServerAddress other = seed.at(node.host(), node.port());
                    if (asked.add(other)) {
                        toAsk.add(other);
                    }
                }
            }
        }

        void failed(ServerAddress address, Exception e) {
            RedisException last = e instanceof RedisException known ? known : ErrorText.failure(address, e);
            failure = last;
            if (last.isPermanent()) {
                refusals.put(address, last);
            }
        }

        /** Masters with slots, by id. */
        Map<String, ClusterNode> owners() {
            if (named.isEmpty()) {
                throw failure == null
                        ? RedisException.transientError(seed + " names no master that has slots.", null)
                        : failure;
            }
            named.replaceAll((id, node) -> reported.getOrDefault(id, node));
            named.values().removeIf(node -> !node.isMaster() || node.slots().isEmpty());
            return named;
        }

        /** Which slots migrate is reported by the master itself and no other node. */
        void requireAnswersOf(Set<ServerAddress> owners) {
            for (ServerAddress master : owners) {
                if (refusals.containsKey(master)) {
                    throw refusals.get(master);
                }
            }
        }
    }

    /**
     * A replica of the master that has all that the master had at the call; null if there is none within the time.
     *
     * @param patience nanoseconds
     */
    @Nullable
    ServerAddress upToDateReplica(ClusterNode master, Run run, long patience) throws InterruptedException {
        long since = System.nanoTime();
        try {
            long offset = offset(seed.at(master.host(), master.port()));
            List<ClusterNode> candidates = replicas.getOrDefault(master.id(), List.of());
            while (!candidates.isEmpty() && System.nanoTime() - since < patience) {
                for (ClusterNode replica : candidates) {
                    ServerAddress address = seed.at(replica.host(), replica.port());
                    if (offset(address) >= offset) {
                        return address;
                    }
                }
                run.pause(BETWEEN_OFFSETS);
                if (run.state() != RunState.RUNNING) {
                    return null;
                }
            }
        } catch (IOException | RedisException e) {
            LOG.warn("The replicas of {} are not compared with it: {}", master, e.getMessage());
        }
        return null;
    }

    private static long offset(ServerAddress address) throws IOException {
        try (RedisConnection connection = RedisConnection.open(address)) {
            ServerInfo reported = connection.info("replication");
            if (reported.isHidden()) {
                throw RedisException.permanentError(
                        address + " refuses INFO, which reports how far a replica is. Add the rule +info"
                                + " to the ACL of this user.");
            }
            return reported.replicationOffset();
        }
    }

    private List<ClusterNode> ask(ServerAddress address) throws IOException {
        RedisConnection open = connections.get(address);
        if (open == null) {
            open = RedisConnection.open(address);
            connections.put(address, open);
        }
        return ClusterNode.of(open);
    }

    private void close(ServerAddress address) {
        RedisConnection open = connections.remove(address);
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() {
        connections.values().forEach(RedisConnection::close);
        connections.clear();
    }
}
