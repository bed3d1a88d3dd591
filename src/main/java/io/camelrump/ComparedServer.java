package io.camelrump;

import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerInfo;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server that pages are compared with, over cut connections and restarts.
 *
 * <p>What was said is about this process of the server: if it is another one after a reconnect, the scan starts again.
 * Not thread-safe.
 */
final class ComparedServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ComparedServer.class);

    private final ServerAddress address;
    private final ServerMode mode;
    private final CompareOptions options;
    private final Set<Ledger> runs = Collections.newSetFromMap(new WeakHashMap<>());

    /** Which scan of a run may delete. */
    private final Map<Ledger, Integer> deleting = new WeakHashMap<>();

    private volatile @Nullable Comparer comparer;
    private @Nullable String runId;
    private long failingSince;

    ComparedServer(ServerAddress address, ServerMode mode, CompareOptions options) {
        this.address = address;
        this.mode = mode;
        this.options = options;
    }

    /** Connects; a server that can not be read at all is refused here, one that is not ready yet may be so later. */
    void open() {
        try {
            connected();
        } catch (IOException e) {
            throw ErrorText.failure(address, e);
        } catch (RedisException e) {
            if (!e.isServerNotReady()) {
                throw e;
            }
            LOG.warn("Comparison: {}", e.getMessage());
        }
    }

    /** Compares what is due of this page, and tells its reader. */
    void compare(Page page, Receipt receipt) throws TransientTargetException, TargetClosedException {
        runs.add(receipt.ledger());
        try {
            Comparer open = connected();
            open.compare(page, receipt, Objects.equals(deleting.get(receipt.ledger()), receipt.start()));
            failingSince = 0;
        } catch (IOException e) {
            throw failure(ErrorText.failure(address, e));
        } catch (RedisException e) {
            throw failure(e);
        }
    }

    /**
     * Asks the server at the end of a run whether it is still the one that was compared with.
     *
     * <p>Where keys are to be deleted, their number is known only then: if it is none to be afraid of, the scan starts
     * again to look at them once more and to delete them.
     */
    boolean confirm(Ledger ledger) throws TransientTargetException, TargetClosedException {
        int start = ledger.start();
        try {
            connected().ping();
            return ledger.start() == start && !isToDelete(ledger, start);
        } catch (IOException e) {
            throw failure(ErrorText.failure(address, e));
        } catch (RedisException e) {
            throw failure(e);
        }
    }

    private boolean isToDelete(Ledger ledger, int start) throws IOException {
        long keys = ledger.held();
        if (keys == 0 || Objects.equals(deleting.get(ledger), start)) {
            return false;
        }
        String objection = connected().objection(ledger, keys);
        if (objection == null) {
            LOG.info("Only the target has {} keys: they are looked at once more, and deleted", keys);
            deleting.put(ledger, ledger.scanAgain());
        } else {
            ledger.fail(objection);
        }
        return true;
    }

    /** Bytes that the present connection has taken, as a repair sends many. */
    long bytesSent() {
        Comparer open = comparer;
        return open == null ? 0 : open.bytesSent();
    }

    private Comparer connected() throws IOException {
        Comparer open = comparer;
        if (open != null) {
            return open;
        }
        RedisConnection fresh = RedisConnection.open(address);
        try {
            ServerInfo now = fresh.info();
            mode.requireAlone(address, now);
            open = new Comparer(fresh, options);
            if (runId != null && now.runId() != null && !runId.equals(now.runId())) {
                runs.forEach(run -> run.restart("Server " + address + " is another process than before"));
            }
            runId = now.runId();
            comparer = open;
            return open;
        } finally {
            if (comparer == null) {
                fresh.close();
            }
        }
    }

    /** What the route is to be told: that a retry may help, or, when all retries were spent, that none will. */
    private TransientTargetException failure(RedisException e) throws TargetClosedException {
        close();
        if (e.isLasting()) {
            throw new TargetClosedException("Comparison: " + e.getMessage());
        }
        long now = System.nanoTime();
        long seconds = options.retryFor().toSeconds();
        if (failingSince == 0) {
            failingSince = now;
            LOG.warn("Comparison: {} Trying again for up to {} s", e.getMessage(), seconds);
        }
        if (now - failingSince >= options.retryFor().toNanos()) {
            throw new TargetClosedException("Comparison: " + e.getMessage() + " Gave up after " + seconds + " s.");
        }
        runs.forEach(Ledger::signOfLife);
        return new TransientTargetException("Comparison: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        Comparer open = comparer;
        comparer = null;
        if (open != null) {
            open.close();
        }
    }
}
