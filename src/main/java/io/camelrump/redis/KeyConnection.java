package io.camelrump.redis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands on single keys of a server, or of a cluster: it goes where the nodes say that a key is, and to another node
 * where the one that was named is gone.
 *
 * <p>Not thread-safe. Connects with the first command, and may be used again after it was closed.
 */
public final class KeyConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeyConnection.class);
    private static final int MOST_MOVES = 3;

    private final ServerAddress server;
    /** To the server, and to the nodes of a cluster that have the keys; the one that answered last comes last. */
    private final Map<ServerAddress, RedisConnection> connections = new LinkedHashMap<>();
    /** The last known nodes of a cluster: the one that was named may be gone. */
    private List<ServerAddress> nodes = List.of();

    public KeyConnection(ServerAddress server) {
        this.server = server;
    }

    /** Remembers the nodes of a cluster that is connected, to ask them where the one that was named is gone. */
    public void learnNodes() {
        RedisConnection open = connections.get(server);
        try {
            if (open != null && open.info().isCluster()) {
                nodes = ClusterTopology.of(open).shards().stream()
                        .flatMap(shard -> Stream.concat(Stream.of(shard.master()), shard.replicas().stream()))
                        .map(node -> server.at(node.host(), node.port()))
                        .toList();
            }
        } catch (IOException | RedisException e) {
            LOG.debug("{} names no other nodes", server, e);
        }
    }

    public boolean isOpen() {
        return !connections.isEmpty();
    }

    /**
     * Asks any server that is connected, then the one that was named, then its other nodes, until one answers.
     *
     * @param words of a command on one key, which comes first
     * @throws RedisException if none answers, or one refuses
     */
    public @Nullable Object call(String... words) {
        List<ServerAddress> connected = new ArrayList<>(connections.keySet());
        Collections.reverse(connected);
        Set<ServerAddress> places = new LinkedHashSet<>(connected);
        places.add(server);
        places.addAll(nodes);
        RuntimeException failure = new IllegalStateException("no server");
        for (ServerAddress place : places) {
            try {
                return call(place, words);
            } catch (IOException e) {
                failure = ErrorText.failure(place, e);
                disconnect(place);
            } catch (RedisException e) {
                if (e.isPermanent() || e.isServerNotReady()) {
                    throw e;
                }
                failure = e;
            }
        }
        throw failure;
    }

    /** Goes where the nodes of a cluster say that the key is. */
    private @Nullable Object call(ServerAddress first, String... words) throws IOException {
        ServerAddress place = first;
        Object reply = connection(place).call(words);
        for (int i = 0; i < MOST_MOVES && reply instanceof ErrorReply moved && moved.isRedirection(); i++) {
            place = place.at(moved.node());
            reply = connection(place).call(words);
        }
        if (reply instanceof ErrorReply error) {
            throw ErrorText.refusal(place, words[0], error);
        }
        return reply;
    }

    private RedisConnection connection(ServerAddress place) {
        RedisConnection open = connections.remove(place);
        if (open == null) {
            open = RedisConnection.open(place);
        }
        connections.put(place, open);
        return open;
    }

    private void disconnect(ServerAddress place) {
        RedisConnection open = connections.remove(place);
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
