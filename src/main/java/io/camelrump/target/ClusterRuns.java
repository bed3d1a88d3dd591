package io.camelrump.target;

import io.camelrump.TargetClosedException;
import io.camelrump.TransientTargetException;
import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.keys.NameHashes;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.PageData;
import io.camelrump.run.Receipt;
import io.camelrump.run.Run;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.WeakHashMap;
import java.util.stream.Stream;

/** Begins runs at every master of a cluster, also at masters that get no key. Guarded by the producer's lock. */
final class ClusterRuns {
    private final ServerAddress address;
    private final Collection<Target> masters;
    /** Runs that were resumed here, each with the checkpoint of the run before. */
    private final Map<Run, Checkpoint> resumed = new WeakHashMap<>();

    private boolean lookedAt;

    /**
     * @param address of the cluster
     * @param masters a view of those that are known
     */
    ClusterRuns(ServerAddress address, Collection<Target> masters) {
        this.address = address;
        this.masters = masters;
    }

    /** Notes that the producer was started anew, and knows of no master what it holds. */
    void startAnew() {
        lookedAt = false;
    }

    /** Whether every master was asked what it holds, so that keys may be written. */
    boolean areLookedAt() {
        return lookedAt;
    }

    /** Whether every master is ready for the runs of these pages. */
    boolean areBegun(List<PageData> pages) {
        return runs(pages).allMatch(run -> masters.stream().allMatch(target -> target.isBegun(run)));
    }

    /** Makes the masters ready for this run; no reply may be due. */
    void begin(Run run) throws TransientTargetException, TargetClosedException, InterruptedException {
        lookAtAll();
        resume(run);
        for (Target target : masters) {
            if (!target.isBegun(run)) {
                target.begin(run);
            }
        }
    }

    /** Asks again what a master holds that was not ready at the start: until that is known no key can be told apart. */
    private void lookAtAll() throws TransientTargetException, TargetClosedException, InterruptedException {
        if (!lookedAt) {
            for (Target target : masters) {
                target.lookAt();
            }
            lookedAt = true;
        }
    }

    static Stream<Run> runs(List<PageData> pages) {
        return pages.stream()
                .map(PageData::receipt)
                .filter(Objects::nonNull)
                .map(Receipt::run)
                .distinct();
    }

    /** Each master that an earlier run wrote to must exist still; one that joined since learns whose its keys are. */
    private void resume(Run run) throws TargetClosedException {
        Checkpoint from = run.targets().resumed();
        if (from == null || resumed.get(run) == from) {
            return;
        }
        Map<String, Checkpoint.TargetState> ours = new TreeMap<>(from.targets());
        ours.keySet().retainAll(masters.stream().map(Target::toString).toList());
        Set<String> missing = new TreeSet<>(from.targets().keySet());
        run.targets().participants().forEach(target -> missing.removeAll(target.places()));
        if (!missing.isEmpty() && run.targets().areAllHere()) {
            throw TargetRuns.cannotResume(
                    run,
                    address,
                    "the checkpoint is of other targets, as these are no masters of it: " + String.join(", ", missing));
        }
        if (!ours.isEmpty()) {
            boolean wereNone = ours.values().stream().allMatch(Checkpoint.TargetState::wasEmpty);
            for (Target target : masters) {
                Checkpoint.TargetState before = ours.get(target.toString());
                target.initial().resume(wereNone, before == null ? new NameHashes() : before.names());
            }
        }
        resumed.put(run, from);
    }
}
