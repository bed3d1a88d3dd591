package io.camelrump.target;

import io.camelrump.ConflictPolicy;
import io.camelrump.TargetClosedException;
import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerClock;
import io.camelrump.run.ClockSteps;
import io.camelrump.run.Functions;
import io.camelrump.run.Run;
import io.camelrump.run.SourceIdentity;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The runs that a target takes part in, and what each begins with there: it is refused where it would do harm, and functions
 * arrive before the first key.
 *
 * <p>Not thread-safe.
 */
final class TargetRuns {
    private final WritePlan plan;
    private final TargetIdentity identity;
    private final boolean ofCluster;
    private final Set<Run> runs = Collections.newSetFromMap(new WeakHashMap<>());
    /** Runs that may write here, each with the sources that were found to be another server. */
    private final Map<Run, WeakReference<List<SourceIdentity>>> checked = new WeakHashMap<>();

    /** Runs that have been here since this producer was started. */
    private final Set<Run> met = Collections.newSetFromMap(new WeakHashMap<>());

    private @Nullable Functions restored;

    TargetRuns(WritePlan plan, TargetIdentity identity, boolean ofCluster) {
        this.plan = plan;
        this.identity = identity;
        this.ofCluster = ofCluster;
    }

    Set<Run> all() {
        return Set.copyOf(runs);
    }

    void join(Run run) {
        if (runs.add(run) && plan.target().getOnConflict() == ConflictPolicy.KEEP) {
            run.keeps();
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
    void begin(RedisConnection open, ServerAddress target, String delete) throws IOException, TargetClosedException {
        for (Run run : new ArrayList<>(runs)) {
            refuseSameData(run, open, target, delete);
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
        for (Run run : plan.target().isTtl() && !plan.target().isDryRun() ? runs : Set.<Run>of()) {
            boolean stepped = run.clockSteps().measured("target " + target, before, now);
            // a live run goes on, and sends what it finds to differ
            kept &= !stepped || run.changes() != null;
        }
        return kept;
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
        runs.forEach(run -> run.left(target.toString()));
    }

    private boolean isChecked(Run run) {
        WeakReference<List<SourceIdentity>> sources = checked.get(run);
        return sources != null && sources.refersTo(run.sources());
    }

    private void refuseSameData(Run run, RedisConnection open, ServerAddress target, String delete)
            throws IOException, TargetClosedException {
        List<SourceIdentity> sources = run.sources();
        if (sources.isEmpty() || isChecked(run)) {
            return;
        }
        for (SourceIdentity source : sources) {
            String reason = CircularCopyCheck.check(
                    source, open, identity.info(), plan.target().isDryRun());
            if (reason != null) {
                throw new TargetClosedException(reason);
            }
        }
        goOn(run, target);
        if (met.add(run) && run.resumed() == null) {
            goOnAfterStop(run, target);
        }
        if (run.changes() != null) {
            requireRights(open, delete);
        }
        if (run.changes() != null && !plan.target().isPrune()) {
            identity.initial().remember(open);
        }
        run.found(target.toString(), identity.state());
        checked.put(run, new WeakReference<>(sources));
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
        List<@Nullable Object> replies = open.callAll(probes);
        for (int i = 0; i < replies.size(); i++) {
            if (replies.get(i) instanceof ErrorReply error && error.deniesCommand()) {
                throw ErrorText.refusal(open.address(), probes.get(i).get(0), error);
            }
        }
    }

    /** A key that changes is written again and again, and could not be told from a foreign one. */
    private void refuseToKeepInLiveRun(ServerAddress target) throws TargetClosedException {
        if (!plan.replaces(identity) && runs.stream().anyMatch(run -> run.changes() != null)) {
            throw new TargetClosedException("Target " + target + " holds keys already, so a live run cannot go with"
                    + " onConflict=" + policy() + ": empty it, or set onConflict=replace.");
        }
    }

    /** Its own keys are sent again with other expiries, by which they would be taken for foreign ones. */
    private void refuseToKeepAfterStep(ServerAddress target) throws TargetClosedException {
        if (!plan.replaces(identity)
                && plan.target().isTtl()
                && runs.stream().anyMatch(run -> run.clockSteps().count() > 0)) {
            throw new TargetClosedException("A clock was set during the run, and at target " + target
                    + ", which held keys before, onConflict=" + policy()
                    + " cannot tell those written by then from foreign"
                    + " ones to send their expiries again: see to the clocks, and compare with repair.");
        }
    }

    private String policy() {
        return plan.target().getOnConflict().name().toLowerCase(Locale.ROOT);
    }

    private boolean hasFunctionsOf(Run run) {
        Functions functions = run.functions();
        return functions == null || functions == restored;
    }

    private void restoreFunctions(Run run, RedisConnection open, ServerAddress target)
            throws IOException, TargetClosedException {
        Functions functions = run.functions();
        if (functions != null && !hasFunctionsOf(run)) {
            if (!plan.target().isDryRun()) {
                functions.restore(
                        open,
                        plan.target().getOnConflict(),
                        run.loadedLibraries(),
                        () -> run.found(target.toString(), identity.state()));
            }
            restored = functions;
            run.functionsArrived();
        }
    }

    // --- where an earlier run wrote here ---

    /** Requires the server that confirmed the keys of the earlier run. */
    private void goOn(Run run, ServerAddress target) throws TargetClosedException {
        Checkpoint from = run.resumed();
        if (from == null) {
            return;
        }
        Checkpoint.TargetState before = from.targets().get(target.toString());
        if (before == null) {
            requireUnwritten(from, target);
            return;
        }
        String objection = identity.objection(before);
        if (objection != null) {
            throw canNotGoOn(target, objection);
        }
        identity.resume(before);
        if (!plan.replaces(identity)) {
            throw new TargetClosedException(
                    "Target " + target + " was not empty when the run began, so it cannot go on with onConflict="
                            + policy() + ": its own keys cannot be told from foreign ones.");
        }
    }

    /** A route that wrote here was stopped or replaced while the run went on: what the target held before that is known. */
    private void goOnAfterStop(Run run, ServerAddress target) {
        Checkpoint.TargetState before = run.targets().states().get(target.toString());
        if (before != null && identity.objection(before) == null) {
            identity.resume(before);
        }
    }

    /** Another database of a server that was written to may be new, and so may be a master of a cluster. */
    private void requireUnwritten(Checkpoint from, ServerAddress target) throws TargetClosedException {
        String server = target.withDatabase(0).toString();
        boolean known = from.targets().keySet().stream()
                .anyMatch(other -> other.equals(server) || other.startsWith(server + "/"));
        if (!ofCluster && !known && !from.targets().isEmpty()) {
            throw canNotGoOn(
                    target,
                    "the checkpoint is of other targets: "
                            + String.join(", ", from.targets().keySet()));
        }
    }

    static TargetClosedException canNotGoOn(ServerAddress target, String objection) {
        return new TargetClosedException(
                "Target " + target + " cannot go on: " + objection + ". Start over with restartScan (--restart-scan).");
    }
}
