package io.camelrump.target;

import io.camelrump.TargetClosedException;
import io.camelrump.TransientTargetException;
import io.camelrump.redis.ForeignTracking;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.TrackingConnection;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.DisputedKeys;
import io.camelrump.run.Run;
import io.camelrump.values.TemporaryKeys;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What others write at the targets of one producer while a live run verifies its changes: such keys are unverified, and
 * where something may have been missed, all that was compared is void.
 */
public final class ForeignWrites implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ForeignWrites.class);

    /** Watches of one target that may break in a row: nothing would ever be drained where each of them does. */
    private static final int MOST_BROKEN = 5;

    private final Targets targets;
    private final Executor threads;
    private final Set<Run> runs = ConcurrentHashMap.newKeySet();
    private final Map<Target, ForeignWatch> watches = new ConcurrentHashMap<>();
    /** Counts of the same targets. */
    private final Map<Target, UnreportedCommands> unreported = new ConcurrentHashMap<>();

    /** Watches that broke since a target was heard last. */
    private final Map<Target, Integer> broken = new ConcurrentHashMap<>();

    private final ForeignWatch.Heard heard = new ForeignWatch.Heard() {
        @Override
        public void reported(ForeignWatch.Report what, List<byte[]> keys) {
            List<byte[]> others =
                    keys.stream().filter(key -> !TemporaryKeys.isTemporary(key)).toList();
            runs.forEach(run -> enter(what, others, run.changes()));
        }

        @Override
        public void missed(String why) {
            runs.forEach(run -> run.changes().verification().isVoid(why));
        }
    };

    private static void enter(ForeignWatch.Report what, List<byte[]> keys, ChangeLog changes) {
        DisputedKeys disputed = changes.withheld().disputed();
        switch (what) {
            case WRITTEN -> disputed.written(keys);
            // whoever came last, both sides shall have the same
            case CONTENDED -> disputed.contended(keys).forEach(changes::mark);
            case GONE -> {}
        }
        changes.verification().wereOverwritten(keys, what != ForeignWatch.Report.GONE);
    }

    /** @param threads of which one listens to each target */
    public ForeignWrites(Targets targets, Executor threads) {
        this.targets = targets;
        this.threads = threads;
    }

    /** Whether some target must be {@link #watch asked} to report, for this run too. Any one thread at a time. */
    public boolean isDue(Run run) {
        boolean due = runs.add(run);
        for (Target target : targets.all()) {
            ForeignWatch watch = watches.get(target);
            if (watch == null || !watch.isOf(target.server().current()) || watch.isOffered() && isHardToTell()) {
                due = true;
            } else {
                watch.tick();
            }
        }
        return due || watches.size() != targets.all().size();
    }

    /** The connections to several databases of one server would report each other's writes. */
    private boolean isHardToTell() {
        return targets.areOfOneServer();
    }

    /** Has each target report from here on what others write; no reply may be due. */
    public void watch() throws TransientTargetException, TargetClosedException, InterruptedException {
        boolean areDisputed =
                runs.stream().anyMatch(run -> run.sources().equalStart().isExpected());
        if (areDisputed) {
            targets.all().forEach(target -> target.own().keep());
        }
        for (Map.Entry<Target, ForeignWatch> known : watches.entrySet()) {
            ForeignWatch watch = known.getValue();
            boolean stays = targets.all().contains(known.getKey())
                    && watch.isOf(known.getKey().server().current())
                    && !(watch.isOffered() && isHardToTell());
            if (!stays) {
                watch.close();
                broken.merge(known.getKey(), 1, Integer::sum);
                watches.remove(known.getKey());
                unreported.remove(known.getKey());
            }
        }
        for (Target target : targets.all()) {
            if (!watches.containsKey(target)) {
                watches.put(target, target.server().connected(current -> watch(target, current)));
            }
        }
    }

    private ForeignWatch watch(Target target, RedisConnection current) throws IOException {
        boolean lasts = broken.getOrDefault(target, 0) < MOST_BROKEN;
        TrackingConnection listening = isHardToTell() || !lasts ? null : ForeignTracking.open(current);
        ForeignWatch watch = new ForeignWatch(current, listening, target.own(), heard);
        UnreportedCommands others = UnreportedCommands.from(current);
        unreported.put(target, others);
        boolean seesAll = watch.isOffered() && others.areCounted();
        runs.forEach(run -> run.changes().verification().isWatched(target.toString(), seesAll));
        if (watch.isOffered()) {
            threads.execute(watch);
            LOG.info(
                    "Target {} reports what others write there{}",
                    target,
                    seesAll
                            ? ""
                            : ", but for SWAPDB and consumer groups, whose calls its user may not see (ACL rule +info):"
                                    + " only a comparison finds them");
        } else {
            LOG.info(
                    "Target {} does not report what others write there ({}): only a comparison finds it",
                    target,
                    !lasts
                            ? "the last " + MOST_BROKEN + " connections that listened to it broke"
                            : isHardToTell()
                                    ? "several databases of one server are written to"
                                    : "Redis 6.0 and newer do, with the ACL rules +client|tracking and +client|id");
        }
        heard.missed("target " + target + " did not report before what others write there");
        return watch;
    }

    /**
     * Whether all that others have written by now is entered; no reply may be due. Where a target reports nothing there
     * is nothing to wait for.
     */
    public boolean hear() throws TransientTargetException, TargetClosedException, InterruptedException {
        watch();
        boolean all = true;
        for (Map.Entry<Target, ForeignWatch> known : watches.entrySet()) {
            ForeignWatch watch = known.getValue();
            if (watch.isOffered()) {
                // a connection that broke unnoticed reported nothing since
                UnreportedCommands.Found found = known.getKey().server().connected(current -> {
                    current.probe("PING");
                    return unreported.get(known.getKey()).look(current);
                });
                enter(known.getKey(), found);
                boolean heardAll = watch.isOf(known.getKey().server().current()) && watch.awaits(watch.ping());
                if (heardAll) {
                    broken.remove(known.getKey());
                }
                all &= heardAll;
            }
        }
        return all;
    }

    private void enter(Target target, UnreportedCommands.Found found) {
        switch (found) {
            case NOTHING -> {}
            case GROUPS_USED -> runs.forEach(run -> run.changes().verification().groupsWereUsed());
            case DATABASES_SWAPPED -> heard.missed("databases of target " + target + " were swapped");
        }
    }

    @Override
    public void close() {
        watches.values().forEach(ForeignWatch::close);
        watches.clear();
        heard.missed("the route that writes to the target was stopped");
        runs.clear();
    }
}
