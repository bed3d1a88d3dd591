package io.camelrump.series;

import io.camelrump.redis.ServerAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Nodes of the targets, with the keys that each was sent and has answered. Any thread may call. */
public final class WrittenNodes {
    private final Map<ServerAddress, Node> nodes = new ConcurrentHashMap<>();

    /**
     * One of them.
     *
     * @param keys in the batches that it has answered; one that was sent again counts again
     * @param bytes of these batches
     * @param lastBatch how long it took for the last one
     */
    public record Node(ServerAddress address, long keys, long bytes, Duration lastBatch) {
        private Node and(Node next) {
            return new Node(address, keys + next.keys, bytes + next.bytes, next.lastBatch);
        }
    }

    void answered(ServerAddress node, long nanos, int keys, long bytes) {
        nodes.merge(node, new Node(node, keys, bytes, Duration.ofNanos(nanos)), Node::and);
    }

    /** All of them, in the order of their addresses. */
    public List<Node> nodes() {
        return nodes.values().stream()
                .sorted(Comparator.comparing(node -> node.address().toString()))
                .toList();
    }

    /** Begins anew, for another run. */
    void forget() {
        nodes.clear();
    }
}
