package io.camelrump;

import io.camelrump.redis.ServerAddress;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The guards of the servers that are read: as all of them are read by turns, the one that is hurt most sets the step.
 *
 * <p>{@link #probe} is to be called again and again by one thread.
 */
final class LatencyGuards implements Pace.Steps, AutoCloseable {
    private final Function<ServerAddress, LatencyGuard> made;
    private final Map<ServerAddress, LatencyGuard> guards = new ConcurrentHashMap<>();
    private volatile boolean ended;

    /** @param made makes the guard of a server */
    LatencyGuards(Function<ServerAddress, LatencyGuard> made) {
        this.made = made;
    }

    /** One round trip to each of these, and what follows from it. */
    void probe(Collection<ServerAddress> servers) {
        guards.keySet().stream().filter(server -> !servers.contains(server)).forEach(this::dismiss);
        for (ServerAddress server : servers) {
            if (!ended) {
                guards.computeIfAbsent(server, made).probe();
            }
        }
        if (ended) {
            close();
        }
    }

    private void dismiss(ServerAddress server) {
        LatencyGuard guard = guards.remove(server);
        if (guard != null) {
            guard.close();
        }
    }

    @Override
    public int keys() {
        int keys = Step.WHOLE;
        for (LatencyGuard guard : guards.values()) {
            keys = Math.min(keys, guard.step().keys());
        }
        return keys;
    }

    @Override
    public long pauseNanos() {
        long pause = 0;
        for (LatencyGuard guard : guards.values()) {
            pause = Math.max(pause, guard.step().pauseNanos());
        }
        return pause;
    }

    @Override
    public void close() {
        ended = true;
        guards.keySet().forEach(this::dismiss);
    }
}
