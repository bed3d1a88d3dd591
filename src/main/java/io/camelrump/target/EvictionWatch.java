package io.camelrump.target;

import io.camelrump.TargetClosedException;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerInfo;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Ends a run at the first key that its target evicted: more may follow, and nothing shows which it was. */
final class EvictionWatch {
    private static final long BETWEEN_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** A look ends a pipeline, so it is to take a small share of the time, however far the target is. */
    private static final int PAUSE_FOR_LOOK = 20;

    private final TargetIdentity identity;
    private final boolean writesNothing;
    private long nextAt = System.nanoTime() + BETWEEN_NANOS;

    EvictionWatch(TargetIdentity identity, boolean writesNothing) {
        this.identity = identity;
        this.writesNothing = writesNothing;
    }

    /** Whether the target may have evicted a key since the last look. */
    boolean isDue() {
        return !writesNothing
                && System.nanoTime() - nextAt >= 0
                && identity.info().evicts();
    }

    /** No reply may be due. */
    void look(ServerAddress target, RedisConnection open) throws IOException, TargetClosedException {
        long started = System.nanoTime();
        ServerInfo stats = open.info("stats");
        long now = System.nanoTime();
        nextAt = now + Math.max(BETWEEN_NANOS, PAUSE_FOR_LOOK * (now - started));
        refuse(target, stats);
    }

    /** At the end of a run, and where the target is left. */
    void refuse(ServerAddress target, ServerInfo now) throws TargetClosedException {
        long evicted = writesNothing ? 0 : identity.evictedSince(now);
        if (evicted > 0) {
            throw new TargetClosedException("Target " + target + " evicted " + evicted
                    + " keys during the run: it has "
                    + Math.max(now.maxMemory(), identity.info().maxMemory())
                    + " bytes and needs more, or maxmemory-policy noeviction.");
        }
    }
}
