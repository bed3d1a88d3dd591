package io.camelrump.throttle;

import io.camelrump.redis.ServerAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The guards of the servers that are read: as all of them are read by turns, the one that is hurt most sets the step.
 *
 * <p>One thread must call {@link #probe} again and again.
 */
public final class LatencyGuards implements RateLimiter.Steps, AutoCloseable {
    private final Function<ServerAddress, LatencyGuard> made;
    /** By the text of the address: to compare the records themselves takes ten milliseconds of a start to link. */
    private final Map<String, LatencyGuard> guards = new ConcurrentHashMap<>();
    /** A copy for readers that ask many thousand times per second. */
    private volatile List<LatencyGuard> all = List.of();

    private volatile boolean ended;

    /** @param made makes the guard of a server */
    public LatencyGuards(Function<ServerAddress, LatencyGuard> made) {
        this.made = made;
    }

    /** One round trip to each of these, and what follows from it. */
    public void probe(Collection<ServerAddress> servers) {
        List<String> names = servers.stream().map(ServerAddress::toString).toList();
        guards.keySet().stream().filter(name -> !names.contains(name)).forEach(this::dismiss);
        for (ServerAddress server : servers) {
            if (!ended) {
                guard(server).probe();
            }
        }
        if (ended) {
            close();
        }
    }

    private LatencyGuard guard(ServerAddress server) {
        LatencyGuard known = guards.get(server.toString());
        if (known != null) {
            return known;
        }
        LatencyGuard guard = made.apply(server);
        guards.put(server.toString(), guard);
        all = List.copyOf(guards.values());
        return guard;
    }

    private void dismiss(String name) {
        LatencyGuard guard = guards.remove(name);
        all = List.copyOf(guards.values());
        if (guard != null) {
            guard.close();
        }
    }

    @Override
    public int keys() {
        int keys = AdaptiveStep.WHOLE;
        for (LatencyGuard guard : all) {
            keys = Math.min(keys, guard.step().keys());
        }
        return keys;
    }

    @Override
    public long pauseNanos() {
        long pause = 0;
        for (LatencyGuard guard : all) {
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
