package io.camelrump.live;

import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.RetryWindow;
import io.camelrump.run.Run;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners of a source: one, or that of each master of a cluster. A barrier is one in the history of each of them.
 *
 * <p>{@link #tick} may be called by another thread than the rest.
 */
public final class ChangeListeners implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeListeners.class);

    private final ChangeLog changes;
    /** Each listener occupies a thread while it runs. */
    private final Executor threads;

    private final Map<ServerAddress, ChangeListener> listeners = new ConcurrentHashMap<>();

    public ChangeListeners(ChangeLog changes, Executor threads) {
        this.changes = changes;
        this.threads = threads;
    }

    /**
     * Begins to follow: every change of these servers from now on is reported.
     *
     * @param run that waits for them
     * @param retryFor how long a server that cannot answer is asked again
     * @return false if one of them does not offer it; then none is followed
     */
    public boolean open(Collection<ServerAddress> servers, Run run, Duration retryFor) throws InterruptedException {
        Map<ServerAddress, ChangeListener> opened = new LinkedHashMap<>();
        boolean all = false;
        try {
            for (ServerAddress server : servers) {
                ChangeListener listener = new ChangeListener(server, changes);
                opened.put(server, listener);
                if (!isOffered(server, listener, run, new RetryWindow("Source", retryFor))) {
                    return false;
                }
            }
            all = true;
        } finally {
            if (!all) {
                opened.values().forEach(ChangeListener::close);
            }
        }
        // not before it is known of all: where one reports nothing, the others are not followed either
        opened.forEach((server, listener) -> {
            listener.begin();
            start(server, listener);
        });
        return true;
    }

    /** Whether the server offers tracking: one that cannot answer now says nothing of that, and is asked again. */
    private static boolean isOffered(ServerAddress server, ChangeListener listener, Run run, RetryWindow retries)
            throws InterruptedException {
        while (true) {
            try {
                boolean offered = listener.open();
                retries.succeeded();
                return offered;
            } catch (IOException e) {
                retries.awaitRetry(ErrorText.failure(server, e), run);
            } catch (RedisException e) {
                retries.awaitRetry(e, run);
            }
        }
    }

    /** Follows these servers, and no longer those that are not among them. */
    public void follow(Collection<ServerAddress> servers) {
        for (ServerAddress former : new HashSet<>(listeners.keySet())) {
            if (!servers.contains(former)) {
                ChangeListener listener = listeners.remove(former);
                if (listener != null) {
                    LOG.info("{} is no longer a master with slots: its changes are not followed", former);
                    listener.close();
                    changes.gaps().dismissed(listener);
                }
            }
        }
        for (ServerAddress server : servers) {
            if (!listeners.containsKey(server)) {
                begin(server);
            }
        }
    }

    private void begin(ServerAddress server) {
        ChangeListener listener = new ChangeListener(server, changes);
        try {
            if (!listener.open()) {
                LOG.warn("Source {} does not offer CLIENT TRACKING: changes are found by repeated scans", server);
            }
        } catch (IOException | RedisException e) {
            LOG.warn("Source {} sends no change notifications yet: {}", server, e.getMessage());
        }
        listener.begin();
        start(server, listener);
    }

    private void start(ServerAddress server, ChangeListener listener) {
        listeners.put(server, listener);
        threads.execute(listener::follow);
    }

    public void tick() {
        listeners.values().forEach(ChangeListener::tick);
    }

    /** Lets changes be gathered, or has each marked as soon as it is reported. */
    void gather(boolean wanted) {
        listeners.values().forEach(listener -> listener.gather(wanted));
    }

    /** A point in the history of each server: {@link #isPast} when all changes before it are marked. */
    Map<ChangeListener, Long> barrier() {
        Map<ChangeListener, Long> barrier = new HashMap<>();
        listeners.values().forEach(listener -> barrier.put(listener, listener.barrier()));
        return barrier;
    }

    /** A server that is followed no longer has given its keys to others, where they are read again. */
    boolean isPast(Map<ChangeListener, Long> barrier) {
        return barrier.entrySet().stream()
                .allMatch(point -> !listeners.containsValue(point.getKey())
                        || point.getKey().isPast(point.getValue()));
    }

    @Override
    public void close() {
        listeners.values().forEach(ChangeListener::close);
    }
}
