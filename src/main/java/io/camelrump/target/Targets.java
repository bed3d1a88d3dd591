package io.camelrump.target;

import io.camelrump.ServerMode;
import io.camelrump.TargetClosedException;
import io.camelrump.TransientTargetException;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.PageData;
import io.camelrump.run.RetryWindow;
import io.camelrump.run.Run;
import io.camelrump.run.TargetNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The places that a producer writes to: one for each database of a server, or one for each master of a cluster.
 *
 * <p>Knows which keys go where, and follows the slots of a cluster. Guarded by the producer's lock, but for
 * {@link #all}.
 *
 * @see <a href="https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/">Redis Cluster
 *     specification</a>
 */
public final class Targets {
    private static final Logger LOG = LoggerFactory.getLogger(Targets.class);

    /** Pages for one target. */
    public record Share(Target target, List<PageData> pages) {}

    private final ServerAddress address;
    private final WritePlan plan;
    /**
     * By the number of the database; those of a cluster by the id of the node, which stays the same over a change of
     * address, or by the address where it has named none.
     */
    private final ConcurrentNavigableMap<String, Target> targets = new ConcurrentSkipListMap<>();
    /** Owners of a cluster's slots; null for a standalone server. */
    private @Nullable SlotOwners owners;

    private final ClusterRuns ofCluster;
    private final ClusterMasters masters;
    private final ShardRouter router;
    private final TargetKeys keys;
    private final SwapCheck swap;

    public Targets(ServerAddress address, WritePlan plan) {
        this.address = address;
        this.plan = plan;
        this.ofCluster = new ClusterRuns(address, targets.values());
        this.masters = new ClusterMasters(address, plan, targets, ofCluster::areLookedAt);
        this.router = new ShardRouter(address, plan.server().getRetryFor());
        this.keys = new TargetKeys(address, this, targets, plan.server().getRetryFor());
        this.swap = new SwapCheck(address, plan);
    }

    /** Connects; targets that cannot be written at all are refused here, and those that are away are waited for. */
    public void open() throws InterruptedException {
        new RetryWindow("Target", plan.server().getRetryFor()).atStart(address, this::connect);
    }

    private boolean connect() throws IOException {
        targets.values().forEach(Target::close);
        targets.clear();
        masters.startAnew();
        ofCluster.startAnew();
        owners = plan.server().getMode() == ServerMode.STANDALONE ? null : SlotOwners.atStart(address, plan.server());
        if (owners == null) {
            database(DatabaseMapping.AS_PRODUCER_SAYS).open();
            return true;
        }
        if (address.database() != 0) {
            throw RedisException.permanentError(
                    address + " is a cluster, which has no database " + address.database() + ": leave it out.");
        }
        masters.learn(owners.shards());
        for (Target master : masters.inOrder()) {
            master.open();
        }
        LOG.info(
                "Target {} is a cluster of {} masters",
                address,
                masters.inOrder().size());
        return true;
    }

    /** All that were written to. Any thread may ask. */
    public Collection<Target> all() {
        return targets.values();
    }

    /** Runs that any of the targets takes part in. */
    public Set<Run> runs() {
        return targets.values().stream()
                .flatMap(target -> target.runs().stream())
                .collect(Collectors.toSet());
    }

    /** Whether they are several databases of one server. Any thread may ask. */
    boolean areOfOneServer() {
        return !ofCluster() && targets.size() > 1;
    }

    private boolean ofCluster() {
        return targets.values().stream().anyMatch(target -> target.server().ownsSlots());
    }

    /** Some master may be gone, or may own other slots: they are asked for before the next keys are sent. */
    public void suspect() {
        if (owners != null) {
            owners.suspect();
        }
    }

    // --- which keys go where ---

    /** The pages by where they go, in their order. */
    public List<Share> split(List<PageData> pages) throws TransientTargetException, TargetClosedException {
        SlotOwners known = owners;
        if (known != null) {
            refreshIfSuspect();
            return router.split(pages, known, masters.inOrder(), this::runs);
        }
        Map<Target, List<PageData>> shares = new LinkedHashMap<>();
        for (PageData page : pages) {
            shares.computeIfAbsent(database(page.targetDatabase()), target -> new ArrayList<>())
                    .add(page);
        }
        return ShardRouter.shares(shares);
    }

    Target database(int number) {
        int known = number == DatabaseMapping.AS_PRODUCER_SAYS ? address.database() : number;
        return targets.computeIfAbsent(
                String.valueOf(known),
                none -> new Target(
                        address.withDatabase(known), plan, plan.server().getMode() == ServerMode.STANDALONE));
    }

    /**
     * The node that another one named in {@code ASK slot host:port}; it is written to while a slot moves there.
     *
     * @param by the one that named it
     */
    Target asked(String node, Target by) {
        ServerAddress place = address.at(node);
        Target known = targets.values().stream()
                .filter(target -> target.address().equals(place))
                .findFirst()
                .orElse(null);
        if (known == null) {
            known = masters.importing(place, by);
            if (owners != null) {
                owners.goElsewhere();
            }
        }
        return known;
    }

    // --- what a run begins with ---

    /** Whether every master is ready for the runs of these pages. */
    public boolean areBegun(List<PageData> pages) {
        return owners == null || ofCluster.areBegun(pages);
    }

    /** Looks whether the runs of these pages may begin, as {@link #begin(Run)} does. */
    public void begin(List<PageData> pages)
            throws TransientTargetException, TargetClosedException, InterruptedException {
        for (Run run : ClusterRuns.runs(pages).toList()) {
            begin(run);
        }
    }

    /** Looks whether this run may begin, and makes the masters of a cluster ready for it; no reply may be due. */
    public void begin(Run run) throws TransientTargetException, TargetClosedException, InterruptedException {
        swap.refuse(run, all(), owners != null);
        if (owners != null) {
            ofCluster.begin(run);
        }
    }

    // --- slots that move, and masters that are replaced ---

    /** Asks who owns the slots if there is a sign that it may be others than before. */
    public void refreshIfSuspect() throws TransientTargetException, TargetClosedException {
        if (owners != null && owners.isStale()) {
            refresh();
        }
    }

    /**
     * Asks who owns the slots now. All that was confirmed is void where a replica has taken over, and where a master
     * has left that lost keys, or cannot be asked.
     */
    public void refresh() throws TransientTargetException, TargetClosedException {
        SlotOwners known = owners;
        if (known == null) {
            return;
        }
        Set<Run> runs = runs();
        String taken =
                known.refresh(targets.values().stream().map(Target::address).toList(), runs);
        masters.learn(known.shards());
        String loss = masters.forgetFormer(taken);
        if (loss != null) {
            runs.forEach(run -> run.restart(loss));
        }
    }

    /** Asks who owns the slots at the end of a run. */
    public void refreshAgreed() throws TransientTargetException, TargetClosedException {
        refresh();
        if (owners != null) {
            owners.requireAgreement(runs());
        }
    }

    // --- names, for deletes ---

    /**
     * Whether a key that only this database of the target has is left there; one that was not written to is all its
     * own.
     */
    public boolean leave(int database, byte[] name) {
        int number = database == DatabaseMapping.AS_PRODUCER_SAYS ? address.database() : database;
        Target target = owners == null
                ? targets.get(String.valueOf(number))
                : all().stream().findFirst().orElse(null);
        return target == null ? !plan.target().isPrune() : target.deletions().leave(name);
    }

    /** Some names of a database, or of a cluster: its masters follow one another. No reply may be due. */
    public TargetNames names(TargetNames.Position from) throws TransientTargetException, TargetClosedException {
        return keys.names(from, owners);
    }
}
