package io.camelrump.redis;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** How many connections this process has opened to a server, and has open; so that others can be told from them. */
public final class OwnConnections {
    private static final Map<String, OwnConnections> BY_SERVER = new ConcurrentHashMap<>();

    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong closed = new AtomicLong();

    private volatile boolean loggedIn;

    private OwnConnections() {}

    /** Connections to the server at this address, whatever the database. */
    public static OwnConnections to(ServerAddress address) {
        return BY_SERVER.computeIfAbsent(address.withDatabase(0).toString(), server -> new OwnConnections());
    }

    void opened() {
        opened.incrementAndGet();
    }

    void closed() {
        closed.incrementAndGet();
    }

    void loggedIn() {
        loggedIn = true;
    }

    /** Whether a log-in there has ever succeeded. */
    boolean haveLoggedIn() {
        return loggedIn;
    }

    /** Since the start of this process. */
    public long everOpened() {
        return opened.get();
    }

    public long open() {
        return opened.get() - closed.get();
    }
}
