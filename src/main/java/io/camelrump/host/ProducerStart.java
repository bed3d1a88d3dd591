package io.camelrump.host;

import io.camelrump.TargetClosedException;
import io.camelrump.exchanges.Receipts;
import io.camelrump.redis.RedisException;
import io.camelrump.run.PageData;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Opens the server of one producer: at its start, or where its route waits to be started, when that is due.
 *
 * <p>All methods may be called from any thread.
 */
public final class ProducerStart {
    /** Connects to the server, and begins to take exchanges. */
    public interface Opening {
        void open() throws Exception;
    }

    private final WaitingProducers waiting;
    private final Opening opening;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile String routeId = "";
    /** Whether it has started, and is not open yet. */
    private volatile boolean due;

    /** @param waiting those of its context */
    public ProducerStart(WaitingProducers waiting, Opening opening) {
        this.waiting = waiting;
        this.opening = opening;
    }

    /** Id of the route that the producer is a part of; empty where it is part of none. */
    public String routeId() {
        return routeId;
    }

    /** @param id null where Camel does not know the route: it starts with the context then */
    public void routeId(@Nullable String id) {
        routeId = id == null ? "" : id;
    }

    /** Opens it now, unless its route waits. */
    public void start() throws Exception {
        if (waiting.waits(routeId)) {
            due = true;
            waiting.add(this);
        } else {
            opening.open();
        }
    }

    /** Opens it, unless it is open already. */
    void open() throws Exception {
        lock.lockInterruptibly();
        try {
            if (due) {
                opening.open();
                due = false;
                waiting.remove(this);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Opens it for its first pages. As it has tried for as long as {@code retryFor}, a failure ends their runs.
     *
     * @throws TargetClosedException if the server cannot be reached, or does not fit
     */
    public void openFor(List<PageData> pages) throws Exception {
        if (!due) {
            return;
        }
        // those without books and keys report the end of a run, which may have failed for want of this server
        if (pages.stream().anyMatch(page -> page.receipt() != null || page.size() > 0)) {
            try {
                open();
            } catch (RedisException e) {
                TargetClosedException closed = new TargetClosedException(e.getMessage());
                Receipts.fail(pages, closed);
                throw closed;
            }
        }
    }

    /** Forgets that it is due. */
    public void stop() {
        due = false;
        waiting.remove(this);
    }
}
