package io.camelrump;

import io.camelrump.checkpoint.CheckpointInUseException;
import io.camelrump.redis.ClusterTopology;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the checkpoint of a run in a key of the target, a cluster too, for where no disk outlives the process. The key
 * begins like a temporary one, so that it is neither compared nor pruned; a second key locks it, and expires half a
 * minute after its run was killed.
 */
public final class CheckpointKey extends ServiceSupport implements StateRepository<String, String> {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointKey.class);
    private static final String PREFIX = "rump:tmp:checkpoint:";
    private static final String LOCK_MILLIS = "30000";
    private static final int MOST_MOVES = 3;

    /** The locks that runs of this process hold: those need no wait to be known as alive. */
    private static final Set<String> HELD = ConcurrentHashMap.newKeySet();

    private final ServerAddress target;
    private final String name;
    private final String token = UUID.randomUUID().toString();
    /** To the target, and to the nodes of a cluster that have the keys; the one that answered last comes last. */
    private final Map<ServerAddress, RedisConnection> connections = new LinkedHashMap<>();
    /** The last known nodes of a cluster: the one that was named may be gone. */
    private List<ServerAddress> nodes = List.of();

    /**
     * @param target server and database
     * @param name tells several checkpoints apart
     */
    public CheckpointKey(ServerAddress target, String name) {
        this.target = target;
        this.name = PREFIX + name;
    }

    @Override
    protected void doStart() {
        if (!lock()) {
            long expiry = expiry();
            // what did not start is not stopped
            disconnect();
            throw new CheckpointInUseException(
                    "Another run uses the checkpoint " + name + " at " + target
                            + ": wait for its end (30 s if it was killed), or name another one.",
                    expiry);
        }
        HELD.add(token);
        learnNodes();
    }

    /** How long the lock of another run lasts if it is not renewed. */
    private long expiry() {
        String lock = name + ":lock";
        boolean alive = call("GET", lock) instanceof byte[] holder
                && HELD.contains(new String(holder, StandardCharsets.US_ASCII));
        if (alive) {
            return 0;
        }
        try {
            return call("PTTL", lock) instanceof Long millis ? Math.max(1, millis) : 1;
        } catch (RedisException e) {
            if (!e.isPermanent()) {
                throw e;
            }
            // a user without this right waits for the whole time
            return Long.parseLong(LOCK_MILLIS);
        }
    }

    private void learnNodes() {
        RedisConnection open = connections.get(target);
        try {
            if (open != null && open.info().isCluster()) {
                nodes = ClusterTopology.of(open).shards().stream()
                        .flatMap(shard -> Stream.concat(Stream.of(shard.master()), shard.replicas().stream()))
                        .map(node -> target.at(node.host(), node.port()))
                        .toList();
            }
        } catch (IOException | RedisException e) {
            LOG.debug("{} names no other nodes", target, e);
        }
    }

    /** Takes the lock, or keeps it for longer. */
    private boolean lock() {
        String lock = name + ":lock";
        Object taken = call("SET", lock, token, "NX", "PX", LOCK_MILLIS);
        if ("OK".equals(taken)) {
            return true;
        }
        return isOurs(lock) && Objects.equals(call("PEXPIRE", lock, LOCK_MILLIS), 1L);
    }

    private boolean isOurs(String lock) {
        return call("GET", lock) instanceof byte[] holder
                && new String(holder, StandardCharsets.US_ASCII).equals(token);
    }

    @Override
    protected void doStop() {
        HELD.remove(token);
        String lock = name + ":lock";
        try {
            if (!connections.isEmpty() && isOurs(lock)) {
                call("DEL", lock);
            }
        } catch (RuntimeException e) {
            // it expires
        }
        disconnect();
    }

    private void disconnect() {
        connections.values().forEach(RedisConnection::close);
        connections.clear();
    }

    @Override
    public @Nullable String getState(String key) {
        return call("GET", name) instanceof byte[] text ? new String(text, StandardCharsets.UTF_8) : null;
    }

    /** @param value an empty one deletes the key */
    @Override
    public void setState(String key, String value) {
        if (!lock()) {
            throw RedisException.permanentError(
                    "The checkpoint " + name + " at " + target + " was taken over by another run.");
        }
        if (value.isEmpty()) {
            call("DEL", name);
        } else {
            call("SET", name, value);
        }
    }

    /** Asks any server that is connected, then the target, then its other nodes, until one answers. */
    private @Nullable Object call(String... words) {
        List<ServerAddress> connected = new ArrayList<>(connections.keySet());
        Collections.reverse(connected);
        Set<ServerAddress> places = new LinkedHashSet<>(connected);
        places.add(target);
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
    public String toString() {
        return name + " at " + target;
    }
}
