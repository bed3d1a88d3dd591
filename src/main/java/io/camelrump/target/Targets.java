package io.camelrump.target;

import io.camelrump.ServerMode;
import io.camelrump.TargetClosedException;
import io.camelrump.TransientTargetException;
import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.keys.NameHashes;
import io.camelrump.redis.ClusterTopology;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ScanReply;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.Slot;
import io.camelrump.run.PageData;
import io.camelrump.run.Patience;
import io.camelrump.run.Receipt;
import io.camelrump.run.Run;
import io.camelrump.run.TargetNames;
import io.camelrump.values.TemporaryKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The places that a producer writes to: one for each database of a server, or one for each master of a cluster.
 *
 * <p>Knows which keys go where, and follows the slots of a cluster. Guarded by the producer's lock, but for {@link #all}.
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
     * By the number of the database; those of a cluster by the id of the node, which stays the same over a change of address,
     * or by the address where it has told none.
     */
    private final ConcurrentNavigableMap<String, Target> targets = new ConcurrentSkipListMap<>();
    /** Shared by the masters of a cluster, as slots move from one to another. */
    private final LastReadWins order = new LastReadWins();

    private final TemporaryKeys temporaries = new TemporaryKeys();
    /** Runs that go on here, and where earlier ones had ended. */
    private final Map<Run, Checkpoint> resumed = new WeakHashMap<>();

    /** Owners of a cluster's slots; null for a standalone server. */
    private @Nullable SlotOwners owners;
    /** The masters in the order of the shards. */
    private List<Target> masters = List.of();
    /** Keys that the masters of a cluster held. */
    private InitialKeys initial = new InitialKeys();
    /** Whether every master was asked what it holds, so that keys may be written. */
    private boolean lookedAt;

    private final Patience placing;
    private final Patience naming;

    public Targets(ServerAddress address, WritePlan plan) {
        this.address = address;
        this.plan = plan;
        this.placing = new Patience("Target", plan.server().getRetryFor());
        this.naming = new Patience("Target", plan.server().getRetryFor());
    }

    /** Connects; targets that cannot be written at all are refused here. */
    public void open() {
        targets.clear();
        initial = new InitialKeys();
        lookedAt = false;
        ClusterTopology topology = plan.server().getMode() == ServerMode.STANDALONE ? null : askAtStart();
        owners = topology == null
                ? null
                : new SlotOwners(address, topology, plan.server().getRetryFor());
        if (owners == null) {
            database(DatabaseMapping.AS_PRODUCER_SAYS).open();
            return;
        }
        if (address.database() != 0) {
            throw RedisException.lasting(
                    address + " is a cluster, which has no database " + address.database() + ": leave it out.");
        }
        learn(owners.shards());
        masters.forEach(Target::open);
        LOG.info("Target {} is a cluster of {} masters", address, masters.size());
    }

    private @Nullable ClusterTopology askAtStart() {
        try (RedisConnection seed = RedisConnection.open(address.withDatabase(0))) {
            return plan.server().getMode() == ServerMode.CLUSTER || seed.info().isCluster()
                    ? ClusterTopology.of(seed)
                    : null;
        } catch (IOException e) {
            throw ErrorText.failure(address, e);
        } catch (RedisException e) {
            if (plan.server().getMode() == ServerMode.CLUSTER || !e.isServerNotReady()) {
                throw e;
            }
            // it says so again when it is opened, and is waited for
            return null;
        }
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

    /** Some master may be gone, or may own other slots: they are asked for before the next keys are sent. */
    public void suspect() {
        if (owners != null) {
            owners.suspect();
        }
    }

    // --- which keys go where ---

    /** The pages by where they go, in their order. */
    public List<Share> split(List<PageData> pages) throws TransientTargetException, TargetClosedException {
        Map<Target, List<PageData>> shares = new LinkedHashMap<>();
        SlotOwners known = owners;
        if (known == null) {
            for (PageData page : pages) {
                shares.computeIfAbsent(database(page.targetDatabase()), target -> new ArrayList<>())
                        .add(page);
            }
        } else {
            refreshIfSuspect();
            for (PageData page : pages) {
                split(page, known, shares);
            }
            placing.succeeded();
        }
        return shares.entrySet().stream()
                .map(share -> new Share(share.getKey(), share.getValue()))
                .toList();
    }

    private void split(PageData page, SlotOwners known, Map<Target, List<PageData>> shares)
            throws TransientTargetException, TargetClosedException {
        if (page.targetDatabase() > 0) {
            throw new TargetClosedException("Target " + address + " is a cluster, which has no database "
                    + page.targetDatabase() + ": map it to 0 by mapDb (--map-db), or copy one database alone.");
        }
        int[] places = new int[page.size()];
        int[] keys = new int[masters.size()];
        for (int i = 0; i < places.length; i++) {
            int slot = Slot.of(
                    page.keys().array(), page.keys().offset(i), page.keys().length(i));
            places[i] = known.place(slot);
            if (places[i] < 0) {
                known.suspect();
                throw placing.failed(
                        RedisException.passing("no master of " + address + " has slot " + slot + ".", null), runs());
            }
            keys[places[i]]++;
        }
        for (int shard = 0; shard < keys.length; shard++) {
            if (keys[shard] > 0 || page.size() == 0) {
                int place = shard;
                PageData part = keys[shard] == page.size()
                        ? page
                        : page.select(IntStream.range(0, places.length)
                                .filter(i -> places[i] == place)
                                .toArray());
                shares.computeIfAbsent(masters.get(shard), target -> new ArrayList<>())
                        .add(part);
            }
        }
    }

    private Target database(int number) {
        int known = number == DatabaseMapping.AS_PRODUCER_SAYS ? address.database() : number;
        return targets.computeIfAbsent(
                String.valueOf(known),
                none -> new Target(
                        address.withDatabase(known), plan, plan.server().getMode() == ServerMode.STANDALONE));
    }

    private Target master(ClusterTopology.Node node) {
        ServerAddress place = address.at(node.host(), node.port());
        String name = node.id().isEmpty() ? place.toString() : node.id();
        Target known = targets.get(name);
        if (known == null) {
            // it may be known by its address alone, from when slots were migrating to it
            Target told = targets.remove(place.toString());
            known = told == null ? node(place) : told;
            targets.put(name, known);
        }
        known.server().movedTo(place);
        return known;
    }

    private Target node(ServerAddress place) {
        InitialKeys.Place own = lookedAt ? initial.join() : initial.expect();
        return new Target(place, plan, initial, own, order, temporaries);
    }

    /**
     * The node that another one named in {@code ASK slot host:port}; it is written to while a slot moves there.
     *
     * @param by the one that named it
     */
    public Target asked(String node, Target by) {
        ServerAddress place = address.at(node);
        Target known = targets.values().stream()
                .filter(target -> target.address().equals(place))
                .findFirst()
                .orElse(null);
        if (known == null) {
            known = node(place);
            known.server().borrow(by.server());
            targets.put(place.toString(), known);
            if (owners != null) {
                owners.goElsewhere();
            }
        }
        return known;
    }

    // --- what a run begins with at a cluster, also at masters that get no key ---

    /** Whether every master is ready for the runs of these pages. */
    public boolean areBegun(List<PageData> pages) {
        return owners == null
                || runs(pages).allMatch(run -> targets.values().stream().allMatch(target -> target.isBegun(run)));
    }

    /** Makes the masters of a cluster ready for the runs of these pages; no reply may be due. */
    public void begin(List<PageData> pages)
            throws TransientTargetException, TargetClosedException, InterruptedException {
        for (Run run : runs(pages).toList()) {
            begin(run);
        }
    }

    /** Makes the masters of a cluster ready for this run; no reply may be due. */
    public void begin(Run run) throws TransientTargetException, TargetClosedException, InterruptedException {
        if (owners == null) {
            return;
        }
        lookAtAll();
        resume(run);
        for (Target target : targets.values()) {
            if (!target.isBegun(run)) {
                target.begin(run);
            }
        }
    }

    /** Asks again what a master holds that was not ready at the start: until that is known no key can be told apart. */
    private void lookAtAll() throws TransientTargetException, TargetClosedException, InterruptedException {
        if (!lookedAt) {
            for (Target target : targets.values()) {
                target.lookAt();
            }
            lookedAt = true;
        }
    }

    private static Stream<Run> runs(List<PageData> pages) {
        return pages.stream()
                .map(PageData::receipt)
                .filter(Objects::nonNull)
                .map(Receipt::run)
                .distinct();
    }

    /** Each master that an earlier run wrote to must exist still; one that joined since learns whose its keys are. */
    private void resume(Run run) throws TargetClosedException {
        Checkpoint from = run.resumed();
        if (from == null || resumed.get(run) == from) {
            return;
        }
        Map<String, Checkpoint.TargetState> ours = new TreeMap<>(from.targets());
        ours.keySet().retainAll(targets.values().stream().map(Target::toString).toList());
        Set<String> missing = new TreeSet<>(from.targets().keySet());
        run.witnesses().forEach(witness -> missing.removeAll(witness.places()));
        if (!missing.isEmpty() && run.hasAllWitnesses()) {
            throw TargetRuns.canNotGoOn(
                    address,
                    "the checkpoint is of other targets, as these are no masters of it: " + String.join(", ", missing));
        }
        if (!ours.isEmpty()) {
            boolean wereNone = ours.values().stream().allMatch(Checkpoint.TargetState::wasEmpty);
            for (Target target : targets.values()) {
                Checkpoint.TargetState before = ours.get(target.toString());
                target.initial().resume(wereNone, before == null ? new NameHashes() : before.names());
            }
        }
        resumed.put(run, from);
    }

    // --- slots that move, and masters that are replaced ---

    private void refreshIfSuspect() throws TransientTargetException, TargetClosedException {
        if (owners != null && owners.isStale()) {
            refresh();
        }
    }

    /**
     * Asks who owns the slots now. All that was confirmed is void where a replica has taken over, and where a master has left
     * that lost keys, or cannot be asked.
     */
    public void refresh() throws TransientTargetException, TargetClosedException {
        SlotOwners known = owners;
        if (known == null) {
            return;
        }
        Set<Run> runs = runs();
        String taken =
                known.refresh(targets.values().stream().map(Target::address).toList(), runs);
        learn(known.shards());
        String loss = forgetFormer(taken);
        if (loss != null) {
            runs.forEach(run -> run.restart(loss));
        }
    }

    private void learn(List<ClusterTopology.Shard> shards) {
        List<Target> found = new ArrayList<>();
        for (ClusterTopology.Shard shard : shards) {
            Target master = master(shard.master());
            master.server().owns(shard.slots().nextSetBit(0));
            found.add(master);
        }
        masters = List.copyOf(found);
    }

    /**
     * Takes leave of the masters that have no slots any more.
     *
     * @param loss why all that was confirmed is void already, so that none has to be asked; null if it is not
     * @return why it is now; null if it is not
     */
    private @Nullable String forgetFormer(@Nullable String loss) throws TargetClosedException {
        String first = loss;
        for (Map.Entry<String, Target> target : targets.entrySet()) {
            // one without slots from the start may be about to get some
            if (target.getValue().server().ownsSlots() && !masters.contains(target.getValue())) {
                first = first == null ? target.getValue().objectionToLeave() : first;
                target.getValue().server().leave();
                target.getValue().initial().leave();
                targets.remove(target.getKey());
            }
        }
        return first;
    }

    /** Asks who owns the slots at the end of a run. */
    public void refreshAgreed() throws TransientTargetException, TargetClosedException {
        refresh();
        if (owners != null) {
            owners.requireAgreement(runs());
        }
    }

    // --- names, for deletes ---

    /** Whether a key that only this database of the target has is left there; one that was not written to is all its own. */
    public boolean leave(int database, byte[] name) {
        int number = database == DatabaseMapping.AS_PRODUCER_SAYS ? address.database() : database;
        Target target = owners == null
                ? targets.get(String.valueOf(number))
                : all().stream().findFirst().orElse(null);
        return target == null ? !plan.target().isPrune() : target.deletions().leave(name);
    }

    /** Some names of a database, or of a cluster: its masters follow one another. No reply may be due. */
    public TargetNames names(TargetNames.Position from) throws TransientTargetException, TargetClosedException {
        try {
            TargetNames names = owners == null ? namesOfDatabase(from) : namesOfCluster(from, owners);
            naming.succeeded();
            return names;
        } catch (IOException e) {
            suspect();
            throw naming.failed(ErrorText.failure(address, e), runs());
        } catch (RedisException e) {
            suspect();
            throw naming.failed(e, runs());
        }
    }

    private TargetNames namesOfDatabase(TargetNames.Position from) throws IOException {
        ScanReply reply = database(from.database()).names(from.cursor());
        return new TargetNames(
                reply.keys(),
                reply.cursor() == 0 ? null : new TargetNames.Position(from.database(), "", reply.cursor(), 0));
    }

    private TargetNames namesOfCluster(TargetNames.Position from, SlotOwners known)
            throws IOException, TransientTargetException, TargetClosedException {
        refreshIfSuspect();
        boolean begins = from.master().isEmpty();
        String name = begins && !targets.isEmpty() ? targets.firstKey() : from.master();
        Target master = targets.get(name);
        if (master == null || !begins && from.owners() != known.number()) {
            return TargetNames.anew(from.database());
        }
        int number = known.number();
        ScanReply reply = master.names(from.cursor());
        String next = reply.cursor() == 0 ? targets.higherKey(name) : name;
        if (next == null) {
            // slots may have gone to a master that had been asked already from one that had not
            refresh();
            return number == known.number() ? new TargetNames(reply.keys(), null) : TargetNames.anew(from.database());
        }
        return new TargetNames(reply.keys(), new TargetNames.Position(from.database(), next, reply.cursor(), number));
    }
}
