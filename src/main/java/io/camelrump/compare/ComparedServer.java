package io.camelrump.compare;

import io.camelrump.TargetClosedException;
import io.camelrump.TransientTargetException;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.keys.MassDeletionGuard;
import io.camelrump.redis.ClusterTopology;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.Functions;
import io.camelrump.run.PageData;
import io.camelrump.run.Receipt;
import io.camelrump.run.RetryWindow;
import io.camelrump.run.Run;
import io.camelrump.run.ScanEpoch;
import io.camelrump.run.SourceIdentity;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server, or the cluster, that pages are compared with, over cut connections, restarts, failovers and slots that
 * move.
 *
 * <p>What was said is about these processes: if one is another after a reconnect, or another one's successor, the scan
 * restarts. A slot that goes from one to another takes its keys along, and changes nothing. Not thread-safe.
 */
public final class ComparedServer implements ComparedSide {
    private static final Logger LOG = LoggerFactory.getLogger(ComparedServer.class);

    private final ServerAddress address;
    private final ComparePlan plan;
    private final Set<Run> runs = Collections.newSetFromMap(new WeakHashMap<>());

    /** Which scan of a run may delete. */
    private final Map<Run, ScanEpoch> deleting = new WeakHashMap<>();

    private final Map<Run, Functions> functionsCompared = new WeakHashMap<>();
    private final Map<Run, OriginServer> origins = new WeakHashMap<>();
    /** By the address of the master; of a server that stands alone, which sentinels may move, by none. */
    private final Map<String, String> runIds = new HashMap<>();

    private volatile @Nullable ComparedMasters masters;
    private @Nullable ClusterTopology topology;
    private final RetryWindow retries;

    @Override
    public String answerer() {
        return plan.answerer();
    }

    public ComparedServer(ServerAddress address, ComparePlan plan) {
        this.address = address;
        this.plan = plan;
        this.retries = new RetryWindow("Comparison", plan.server().getRetryFor());
    }

    /** Connects; a server that cannot be read at all is refused here, one that is away is waited for. */
    @Override
    public void open() throws InterruptedException {
        retries.atStart(address, this::connected);
    }

    /** Whether this page may be repaired or deleted from, and not only compared. */
    @Override
    public boolean mayWrite(PageData page) {
        boolean writes = plan.comparison().isRepair() || plan.target().isPrune();
        return writes && page.origin().attempt() >= plan.comparison().getRounds() - 1;
    }

    /**
     * Asks for what the comparison of a page needs, while others are compared before it. Where that fails, it is left
     * to {@link #compare}, which asks again.
     */
    @Override
    public void begin(PageData page, Receipt receipt) {
        ComparedMasters open = masters;
        if (open == null) {
            return;
        }
        try {
            open.begin(page, receipt);
        } catch (IOException | RuntimeException e) {
            LOG.debug("not asked ahead", e);
            close();
        }
    }

    /** Compares what is due of this page, and reports it to the reader. */
    @Override
    public void compare(PageData page, Receipt receipt) throws TransientTargetException, TargetClosedException {
        runs.add(receipt.run());
        boolean again = true;
        while (true) {
            try {
                boolean mayDelete = Objects.equals(deleting.get(receipt.run()), receipt.epoch());
                compareFunctions(receipt.run());
                connected().compare(page, receipt, mayDelete, origin(receipt.run()));
                retries.succeeded();
                return;
            } catch (IOException e) {
                throw failure(ErrorText.failure(address, e));
            } catch (IndexOutOfBoundsException | ClassCastException | NumberFormatException e) {
                close();
                // the same replies would come again
                throw new TargetClosedException(
                        "Comparison: " + address + ", or what it is compared with, sent what is not understood ("
                                + ErrorText.unexpected(e) + ").");
            } catch (RedisException e) {
                if (!e.isRedirection() || !again) {
                    throw failure(e);
                }
                if (masters != null
                        && topology == null
                        && !origin(receipt.run()).isCluster()) {
                    close();
                    throw new TargetClosedException("Comparison: " + e.getMessage()
                            + " It is a cluster node: set mode=cluster (--from-mode, --to-mode).");
                }
                // who has the slot now is known at once, unless it still migrates
                again = false;
                close();
            }
        }
    }

    /** Compares the functions that came with this scan of the source, once. */
    private void compareFunctions(Run run) throws IOException, TargetClosedException {
        Functions functions = run.targets().functions();
        if (functions == null || plan.lookup() || functionsCompared.get(run) == functions) {
            return;
        }
        for (MasterConnections.Master master : connected().drained().all()) {
            new FunctionsComparer(functions, plan, run).compare(master.connection());
        }
        functionsCompared.put(run, functions);
        run.targets().functionsArrived();
    }

    /**
     * Asks the server at the end of a run whether it is still the one that was compared with.
     *
     * <p>If keys must be deleted, their number is known only then: if it is within bounds, the scan restarts to look at
     * them once more and to delete them.
     */
    @Override
    public boolean confirm(Run run) throws TransientTargetException, TargetClosedException {
        ScanEpoch epoch = run.epoch();
        try {
            if (topology != null) {
                // a master may have been replaced while nothing was asked of it
                close();
            }
            connected().drained().ping();
            boolean kept = connected().keepTime(run);
            retries.succeeded();
            return kept && run.epoch().equals(epoch) && !isToDelete(run, epoch);
        } catch (IOException e) {
            throw failure(ErrorText.failure(address, e));
        } catch (RedisException e) {
            throw failure(e);
        }
    }

    private boolean isToDelete(Run run, ScanEpoch epoch) throws IOException {
        long keys = run.report().comparison().pendingDeletes();
        if (keys == 0 || Objects.equals(deleting.get(run), epoch)) {
            return false;
        }
        String objection = objection(run, keys);
        if (objection == null) {
            LOG.info("Only the target has {} keys: they are checked once more, then deleted", keys);
            deleting.put(run, run.scanAgain());
        } else {
            run.fail(objection);
        }
        return true;
    }

    /** Why that many keys are not deleted without a further flag; null if they may be. */
    private @Nullable String objection(Run run, long keys) throws IOException {
        SourceIdentity read = run.sources().last();
        if (plan.target().isAllowMassDelete() || read == null) {
            return null;
        }
        DatabaseMapping own =
                plan.lookup() ? plan.origins().databases() : read.databases().reversed();
        long here = connected().masters().keys(own);
        long there = origin(run).masters(run).keys(read.databases());
        return plan.lookup()
                ? MassDeletionGuard.objection(keys, there, here)
                : MassDeletionGuard.objection(keys, here, there);
    }

    private OriginServer origin(Run run) {
        return origins.computeIfAbsent(run, unseen -> new OriginServer());
    }

    /** Bytes that the present connections have taken, as a repair sends many. */
    @Override
    public long bytesSent() {
        ComparedMasters open = masters;
        return open == null ? 0 : open.masters().bytesSent();
    }

    /** Servers that are compared with now, as far as they are connected; any thread may ask. */
    public List<ServerAddress> addresses() {
        ComparedMasters open = masters;
        return open == null ? List.of() : open.masters().addresses();
    }

    private ComparedMasters connected() throws IOException {
        ComparedMasters open = masters;
        if (open != null) {
            return open;
        }
        MasterConnections fresh = MasterConnections.open(address, plan.server().getMode(), topology);
        try {
            open = new ComparedMasters(fresh, plan);
            String change = change(fresh);
            if (change != null) {
                runs.forEach(run -> run.restart(change));
            }
            masters = open;
            return open;
        } finally {
            if (masters == null) {
                fresh.close();
            }
        }
    }

    /** Takes note of who they are; says who is another one than before, and null if none is. */
    private @Nullable String change(MasterConnections fresh) {
        ClusterTopology before = topology;
        ClusterTopology now = fresh.topology();
        String change = null;
        if (now != null && before != null) {
            for (ClusterTopology.Shard shard : now.shards()) {
                ClusterTopology.Shard lost = now.replacedBy(shard, before);
                change = lost == null ? change : "Server " + shard.master() + " is master instead of " + lost.master();
            }
        }
        for (MasterConnections.Master master : fresh.all()) {
            String place = master.connection().address().toString();
            String runId = master.info().runId();
            String then = runId == null ? null : runIds.put(now == null ? "" : place, runId);
            if (then != null && !then.equals(runId)) {
                change = "Server " + place + " is another process than before";
            }
        }
        topology = now;
        return change;
    }

    /** The failure for the route: transient while a retry may help, permanent when all retries are spent. */
    private TransientTargetException failure(RedisException e) throws TargetClosedException {
        close();
        return retries.failed(e, runs);
    }

    @Override
    public void close() {
        ComparedMasters open = masters;
        masters = null;
        if (open != null) {
            open.close();
        }
        origins.values().forEach(OriginServer::close);
    }
}
