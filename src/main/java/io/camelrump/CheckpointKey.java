package io.camelrump;

import io.camelrump.checkpoint.CheckpointInUseException;
import io.camelrump.redis.KeyConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the checkpoint of a run in a key of the target, a cluster too, for where no disk outlives the process. The key
 * begins like a temporary one, so that it is neither compared nor pruned; a second key locks it, and expires half a
 * minute after its run was killed.
 */
public final class CheckpointKey extends ServiceSupport implements StateRepository<String, String> {
    private static final String PREFIX = "rump:tmp:checkpoint:";
    private static final String LOCK_MILLIS = "30000";

    /** The locks that runs of this process hold: those need no wait to be known as alive. */
    private static final Set<String> HELD = ConcurrentHashMap.newKeySet();

    private final ServerAddress target;
    private final String name;
    private final String token = UUID.randomUUID().toString();
    private final KeyConnection keys;

    /**
     * @param target server and database
     * @param name tells several checkpoints apart
     */
    public CheckpointKey(ServerAddress target, String name) {
        this.target = target;
        this.name = name(name);
        this.keys = new KeyConnection(target);
    }

    /** The key of a checkpoint of this name. */
    public static String name(String name) {
        return PREFIX + name;
    }

    @Override
    protected void doStart() {
        if (!lock()) {
            long expiry = expiry();
            // what did not start is not stopped
            keys.close();
            throw new CheckpointInUseException(
                    "Another run uses the checkpoint " + name + " at " + target
                            + ": wait for its end (30 s if it was killed), or name another one.",
                    expiry);
        }
        HELD.add(token);
        keys.learnNodes();
    }

    /** How long the lock of another run lasts if it is not renewed. */
    private long expiry() {
        String lock = name + ":lock";
        boolean alive = keys.call("GET", lock) instanceof byte[] holder
                && HELD.contains(new String(holder, StandardCharsets.US_ASCII));
        if (alive) {
            return 0;
        }
        try {
            return keys.call("PTTL", lock) instanceof Long millis ? Math.max(1, millis) : 1;
        } catch (RedisException e) {
            if (!e.isPermanent()) {
                throw e;
            }
            // a user without this right waits for the whole time
            return Long.parseLong(LOCK_MILLIS);
        }
    }

    /** Takes the lock, or keeps it for longer. */
    private boolean lock() {
        String lock = name + ":lock";
        Object taken = keys.call("SET", lock, token, "NX", "PX", LOCK_MILLIS);
        if ("OK".equals(taken)) {
            return true;
        }
        return isOurs(lock) && Objects.equals(keys.call("PEXPIRE", lock, LOCK_MILLIS), 1L);
    }

    private boolean isOurs(String lock) {
        return keys.call("GET", lock) instanceof byte[] holder
                && new String(holder, StandardCharsets.US_ASCII).equals(token);
    }

    @Override
    protected void doStop() {
        HELD.remove(token);
        String lock = name + ":lock";
        try {
            if (keys.isOpen() && isOurs(lock)) {
                keys.call("DEL", lock);
            }
        } catch (RuntimeException e) {
            // it expires
        }
        keys.close();
    }

    @Override
    public @Nullable String getState(String key) {
        return keys.call("GET", name) instanceof byte[] text ? new String(text, StandardCharsets.UTF_8) : null;
    }

    /** @param value an empty one deletes the key */
    @Override
    public void setState(String key, String value) {
        if (!lock()) {
            throw RedisException.permanentError(
                    "The checkpoint " + name + " at " + target + " was taken over by another run.");
        }
        if (value.isEmpty()) {
            keys.call("DEL", name);
        } else {
            keys.call("SET", name, value);
        }
    }

    @Override
    public String toString() {
        return name + " at " + target;
    }
}
