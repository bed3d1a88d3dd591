package io.camelrump.target;

import io.camelrump.ConflictPolicy;
import io.camelrump.TargetClosedException;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerClock;
import io.camelrump.run.ClockSteps;
import io.camelrump.run.Functions;
import io.camelrump.run.PageData;
import io.camelrump.run.Run;
import io.camelrump.run.SourceIdentity;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The runs that a target takes part in, and what each begins with there: it is refused where it would do harm, and
 * functions arrive before the first key.
 *
 * <p>Not thread-safe.
 */
final class TargetRuns {
    private final WritePlan plan;
    private final TargetIdentity identity;
    private final TargetResume earlier;
    private final Set<Run> runs = Collections.newSetFromMap(new WeakHashMap<>());
    /** Runs that may write here, each with the sources that were found to be another server. */
    private final Map<Run, WeakReference<List<SourceIdentity>>> checked = new WeakHashMap<>();

    /** Runs that have been here since this producer was started. */
    private final Set<Run> met = Collections.newSetFromMap(new WeakHashMap<>());

    private @Nullable Functions restored;

    TargetRuns(WritePlan plan, TargetIdentity identity, boolean ofCluster) {
        this.plan = plan;
        this.identity = identity;
        this.earlier = new TargetResume(plan, identity, ofCluster);
    }

    Set<Run> all() {
        return Set.copyOf(runs);
    }

    /** The runs of these pages write here too. */
    void join(List<PageData> pages) {
        for (PageData page : pages) {
            if (page.receipt() != null) {
                join(page.receipt().run());
            }
        }
    }

    void join(Run run) {
        if (runs.add(run) && plan.target().getOnConflict() == ConflictPolicy.KEEP) {
            run.report().keeps();
        }
    }

    /** Whether {@link #begin} has found no objection to this run. */
    boolean isBegun(Run run) {
        return isChecked(run) && hasFunctionsOf(run);
    }

    /**
     * Makes ready for all runs; no reply may be due.
     *
     * @param delete the command by which keys are deleted there
     */
    void begin(RedisConnection open, ServerAddress target, String delete, ServerClock clock)
            throws IOException, TargetClosedException {
        for (Run run : new ArrayList<>(runs)) {
            if (refuseSameData(run, open, target, delete) && keepsTime()) {
                run.clockSteps().begun(name(target), clock, true);
            }
        }
        refuseToKeepInLiveRun(target);
        refuseToKeepAfterStep(target);
        for (Run run : new ArrayList<>(runs)) {
            restoreFunctions(run, open, target);
        }
    }

    /** Whether a run wants the clock of the target measured again. */
    boolean isToMeasure(ServerClock clock) {
        for (Run run : runs) {
            if (run.clockSteps().isDue(clock)) {
                return true;
            }
        }
        return runs.isEmpty() && clock.isOlderThan(ClockSteps.USUAL_INTERVAL);
    }

    /** The clock was measured again; false if it was set, and a run has to read keys again for that. */
    boolean keepTime(ServerAddress target, ServerClock before, ServerClock now) {
        boolean kept = true;
        for (Run run : keepsTime() ? runs : Set.<Run>of()) {
            boolean stepped = run.clockSteps().measured(name(target), before, now);
            // a live run goes on, and sends what it finds to differ
            kept &= !stepped || run.isLive();
        }
        return kept;
    }

    private boolean keepsTime() {
        return plan.target().isTtl() && !plan.target().isDryRun();
    }

    private static String name(ServerAddress target) {
        return "target " + target;
    }

    /** The target is another process: what all of these wrote is void, and they begin once more. */
    void restart(String reason) {
        checked.clear();
        restored = null;
        runs.forEach(run -> run.restart(reason));
    }

    /** The target left the cluster or changed address. Runs re-check it before writing to it again. */
    void left(ServerAddress target) {
        checked.clear();
        runs.forEach(run -> run.targets().left(target.toString()));
    }

    private boolean isChecked(Run run) {
        WeakReference<List<SourceIdentity>> sources = checked.get(run);
        return sources != null && sources.refersTo(run.sources().all());
    }

    /** Whether the run is met for the first time here. */
    private boolean refuseSameData(Run run, RedisConnection open, ServerAddress target, String delete)
            throws IOException, TargetClosedException {
        List<SourceIdentity> sources = run.sources().all();
        if (sources.isEmpty() || isChecked(run)) {
            return false;
        }
        for (SourceIdentity source : sources) {
            String reason = source.isServer()
                    ? CircularCopyCheck.check(
                            source, open, identity.info(), plan.target().isDryRun())
                    : null;
            if (reason != null) {
                throw new TargetClosedException(reason);
            }
        }
        earlier.resumeRun(run, target);
        if (met.add(run) && run.targets().resumed() == null) {
            earlier.resumeAfterStop(run, target);
        }
        if (run.isLive()) {
            requireRights(open, delete);
        }
        if (run.sources().equalStart().isExpected()) {
            identity.ownsAll();
        } else if (run.isLive() && !plan.target().isPrune()) {
            identity.initial().remember(open);
        }
        run.targets().found(target.toString(), identity.state());
        checked.put(run, new WeakReference<>(sources));
        return true;
    }

    /** Tries, before the first key of a live run, the rights that it needs later. */
    private void requireRights(RedisConnection open, String delete) throws IOException {
        String nowhere = open.nowhere();
        List<List<String>> probes = new ArrayList<>();
        probes.add(List.of("SCAN", "0", "COUNT", "1"));
        if (!plan.target().isDryRun()) {
            probes.add(List.of(delete, nowhere));
        }
        if (!plan.target().isPrune() && !identity.initial().wereNone()) {
            probes.add(List.of("EXISTS", nowhere));
        }
        List<@Nullable Object> replies = open.probeAll(probes);
        for (int i = 0; i < replies.size(); i++) {
            if (replies.get(i) instanceof ErrorReply error && error.deniesCommand()) {
                throw ErrorText.refusal(open.address(), probes.get(i).get(0), error);
            }
        }
    }

    /** A key that changes is written again and again, and could not be told from a foreign one. */
    private void refuseToKeepInLiveRun(ServerAddress target) throws TargetClosedException {
        if (!plan.replaces(identity) && runs.stream().anyMatch(run -> run.isLive())) {
            throw new TargetClosedException("Target " + target + " holds keys already, so a live run cannot go with"
                    + " onConflict=" + plan.policy() + ": empty it, or set onConflict=replace.");
        }
    }

    /** Its own keys are sent again with other expiries, by which they would be taken for foreign ones. */
    private void refuseToKeepAfterStep(ServerAddress target) throws TargetClosedException {
        if (!plan.replaces(identity)
                && plan.target().isTtl()
                && runs.stream().anyMatch(run -> run.clockSteps().count() > 0)) {
            throw new TargetClosedException("A clock was set during the run, and at target " + target
                    + ", which held keys before, onConflict=" + plan.policy()
                    + " cannot tell those written by then from foreign"
                    + " ones to send their expiries again: see to the clocks, and compare with repair.");
        }
    }

    private boolean hasFunctionsOf(Run run) {
        Functions functions = run.targets().functions();
        return functions == null || functions == restored;
    }

    private void restoreFunctions(Run run, RedisConnection open, ServerAddress target)
            throws IOException, TargetClosedException {
        Functions functions = run.targets().functions();
        if (functions != null && !hasFunctionsOf(run)) {
            if (!plan.target().isDryRun() && !run.sources().equalStart().areThere(functions)) {
                functions.restore(
                        open, plan.target().getOnConflict(), run.targets().loadedLibraries(), () -> run.targets()
                                .found(target.toString(), identity.state()));
            }
            restored = functions;
            run.targets().functionsArrived();
        }
    }

    static TargetClosedException cannotResume(Run run, ServerAddress target, String objection) {
        run.targets().refuseCheckpoint();
        return new TargetClosedException("Target " + target + " cannot be resumed: " + objection
                + ". Start over with restartScan (--restart-scan).");
    }
}
