package io.camelrump.redis;

import io.camelrump.ServerMode;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Nodes by which one side of a long run is found: the one that was named, or, as a cluster node may be gone by then,
 * any other that was known lately. A standalone server is found as it was named.
 */
public final class KnownNodes {
    private static final long BETWEEN_LOOKS = TimeUnit.SECONDS.toNanos(30);

    private final ServerAddress named;
    private final boolean alwaysCluster;
    /** Masters come first. */
    private List<ServerAddress> others = List.of();

    private @Nullable ServerAddress lastFound;
    private boolean mayBeCluster;
    private long lookedAt = System.nanoTime() - BETWEEN_LOOKS;

    /** @param mode whether the server that was named is a node of a cluster */
    public KnownNodes(ServerAddress named, ServerMode mode) {
        this.named = named;
        this.alwaysCluster = mode == ServerMode.CLUSTER;
        this.mayBeCluster = mode != ServerMode.STANDALONE && named.sentinels() == null;
    }

    /** Asks who there is, if it is time to; to be called again and again. */
    public void lookInTime() {
        if (mayBeCluster && System.nanoTime() - lookedAt >= BETWEEN_LOOKS) {
            findAny();
            lookedAt = System.nanoTime();
        }
    }

    /** The side by a node that answers; as it was named where none does. */
    public ServerAddress reachable() {
        return mayBeCluster ? findAny() : named;
    }

    private ServerAddress findAny() {
        Set<ServerAddress> all = new LinkedHashSet<>();
        if (lastFound != null) {
            // one that vanished lets everybody wait who asks it
            all.add(lastFound);
        }
        all.add(named);
        all.addAll(others);
        for (ServerAddress node : all) {
            try (RedisConnection connection = RedisConnection.open(node)) {
                if (!alwaysCluster && !connection.info().isCluster()) {
                    // an old node may stand alone by now
                    mayBeCluster = !others.isEmpty();
                } else if (remember(ClusterTopology.of(connection))) {
                    lastFound = node;
                    return named.at(node.host(), node.port());
                }
            } catch (IOException | RedisException e) {
                // the next one may answer
            }
        }
        return named;
    }

    /** Takes note of the nodes; false if they are none, as where a node was taken out of its cluster. */
    private boolean remember(ClusterTopology topology) {
        if (topology.shards().isEmpty()) {
            return false;
        }
        others = topology.nodes().stream()
                .map(node -> named.at(node.host(), node.port()))
                .toList();
        return true;
    }
}
