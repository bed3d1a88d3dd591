package io.camelrump.throttle;

import io.camelrump.redis.ServerAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/**
 * The guards of the servers that are read, one for each.
 *
 * <p>One thread must call {@link #probe} again and again.
 */
public final class LatencyGuards implements AutoCloseable {
    private final BiFunction<ServerAddress, WorkBudget, LatencyGuard> made;
    /** By the text of the address: to compare the records themselves takes ten milliseconds of a start to link. */
    private final Map<String, LatencyGuard> guards = new ConcurrentHashMap<>();

    private volatile boolean ended;

    /** @param made makes the guard of a server */
    public LatencyGuards(BiFunction<ServerAddress, WorkBudget, LatencyGuard> made) {
        this.made = made;
    }

    /** One round trip to each of these, and what follows from it. */
    public void probe(Collection<ServerAddress> servers) {
        Set<String> names = new HashSet<>();
        servers.forEach(server -> names.add(server.toString()));
        for (String name : guards.keySet()) {
            if (!names.contains(name)) {
                dismiss(name);
            }
        }
        for (ServerAddress server : servers) {
            if (!ended) {
                guards.computeIfAbsent(server.toString(), name -> made.apply(server, WorkBudget.of(server)))
                        .probe();
            }
        }
        if (ended) {
            close();
        }
    }

    private void dismiss(String name) {
        LatencyGuard guard = guards.remove(name);
        if (guard != null) {
            guard.close();
        }
    }

    @Override
    public void close() {
        ended = true;
        guards.keySet().forEach(this::dismiss);
    }
}
