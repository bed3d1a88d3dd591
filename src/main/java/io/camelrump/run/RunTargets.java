package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.Counts;
import io.camelrump.checkpoint.Checkpoint;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Targets of a run: the producers that take part, the servers that they found or lost, what an earlier run knew of
 * those, and whether the source's functions have arrived there.
 *
 * <p>All methods may be called from any thread, and return at once.
 */
public final class RunTargets {
    private final int expected;
    private final RunLock lock;

    @GuardedBy("lock")
    private final Set<Participant> participants = new LinkedHashSet<>();

    @GuardedBy("lock")
    private final Map<String, Checkpoint.TargetState> states = new TreeMap<>();

    @GuardedBy("lock")
    private @Nullable Checkpoint resumed;

    @GuardedBy("lock")
    private boolean mayStartOver;

    @GuardedBy("lock")
    private boolean checkpointRefused;

    /** Whether a target has been looked at in this run. */
    @GuardedBy("lock")
    private boolean found;

    @GuardedBy("lock")
    private Runnable listener = () -> {};

    @GuardedBy("lock")
    private @Nullable Functions functions;

    @GuardedBy("lock")
    private boolean functionsArrived = true;

    /** Whether all that the targets held when the run began came from its source. */
    @GuardedBy("lock")
    private boolean equal;

    /** Set by routes, and asked for each batch. */
    private volatile boolean keysApart;

    private volatile boolean keysMoved;

    private final LoadedLibraries loadedLibraries = new LoadedLibraries();

    /** @param expected number of targets that each key is meant for */
    RunTargets(int expected, RunLock lock) {
        this.expected = expected;
        this.lock = lock;
    }

    // --- producers ---

    /** Makes a producer take part: at the end it is asked whether its target is still the same. */
    public void join(Participant participant) {
        lock.locked(() -> participants.add(participant));
    }

    /** Producers that take part, in the order in which they came; those at the end that are asked last. */
    public List<Participant> participants() {
        return lock.locked(() -> participants.stream()
                .sorted(Comparator.comparing(Participant::isAskedLast))
                .toList());
    }

    /** Whether as many producers take part as there are targets. */
    public boolean areAllHere() {
        return lock.locked(() -> participants.size() >= expected);
    }

    /** Another producer of this run that writes to one of these databases too; null if none does. */
    @Nullable
    public Participant rival(Participant participant, Collection<String> places) {
        return lock.<@Nullable Participant>locked(() -> participants.stream()
                .filter(other -> other != participant && !Collections.disjoint(other.places(), places))
                .findFirst()
                .orElse(null));
    }

    /** A route takes pages apart, so that any step may rename a key. */
    public void takeKeysApart() {
        if (!keysApart) {
            keysApart = true;
        }
    }

    public boolean areKeysApart() {
        return keysApart;
    }

    /** A step has given a key a name, or a database, by rules that nobody else knows. */
    public void moveKeys() {
        if (!keysMoved) {
            keysMoved = true;
        }
    }

    public boolean areKeysMoved() {
        return keysMoved;
    }

    // --- servers ---

    /** Targets by their names, as they were found. */
    public Map<String, Checkpoint.TargetState> states() {
        return lock.locked(() -> Map.copyOf(states));
    }

    /** Whether targets hold keys of this run from before, and none has been asked yet who it is. */
    public boolean isAnyWanted() {
        return lock.locked(() -> (equal || resumed != null && !resumed.targets().isEmpty()) && !found);
    }

    /** All that the targets hold now came from the source. */
    public void areEqual(boolean all) {
        lock.locked(() -> equal = all);
    }

    @Nullable
    public Checkpoint resumed() {
        return lock.<@Nullable Checkpoint>locked(() -> resumed);
    }

    /** Counts of the earlier run that this one resumes, which the report includes; all 0 if it began anew. */
    public Counts earlierCounts() {
        return lock.locked(() -> resumed == null ? Counts.NONE : resumed.counts());
    }

    void resume(@Nullable Checkpoint checkpoint) {
        lock.change(() -> {
            resumed = checkpoint;
            checkpointRefused = false;
            found = false;
            states.clear();
            if (checkpoint != null) {
                states.putAll(checkpoint.targets());
                loadedLibraries.resume(checkpoint.libraries());
            }
        });
    }

    /** Sets whether the scan restarts where the earlier one cannot be resumed; else it fails there. */
    public void mayStartOver(boolean may) {
        lock.locked(() -> mayStartOver = may);
    }

    public boolean mayStartOver() {
        return lock.locked(() -> mayStartOver);
    }

    /** Enters that the checkpoint does not fit this run, which fails therefore: only a scan from the start helps. */
    public void refuseCheckpoint() {
        lock.locked(() -> checkpointRefused = true);
    }

    /** Whether the run failed because its checkpoint does not fit, so that no later run can resume it either. */
    public boolean isCheckpointRefused() {
        return lock.locked(() -> checkpointRefused);
    }

    /** Forgets the earlier run, as the scan restarts. */
    void restarted() {
        lock.change(() -> resumed = null);
    }

    /** Runs {@code whenFound} when a target is about to be written for the first time. */
    void onFound(Runnable whenFound) {
        lock.change(() -> listener = whenFound);
    }

    public void found(String target, Checkpoint.TargetState known) {
        Runnable whenFound = lock.locked(() -> {
            states.put(target, known);
            found = true;
            return listener;
        });
        whenFound.run();
    }

    public void left(String target) {
        lock.locked(() -> states.remove(target));
    }

    public LoadedLibraries loadedLibraries() {
        return loadedLibraries;
    }

    // --- functions, which a target gets before its first key ---

    @Nullable
    public Functions functions() {
        return lock.<@Nullable Functions>locked(() -> functions);
    }

    /** The source's functions, which a target must have before its first key. */
    public void functions(@Nullable Functions ofSource) {
        functions(ofSource, ofSource == null || ofSource.libraries().isEmpty());
    }

    /** @param arrived whether the targets have them */
    public void functions(@Nullable Functions ofSource, boolean arrived) {
        lock.change(() -> {
            functions = ofSource;
            functionsArrived = arrived;
        });
    }

    /** Enters that the source's functions are others by now, some of which may be gone. */
    public void functionsChanged(Functions ofSource) {
        functions(ofSource, false);
    }

    public void functionsArrived() {
        lock.change(() -> functionsArrived = true);
    }

    /** Whether the source has functions to copy, and no target has said yet that it has them. */
    public boolean wantsFunctions() {
        return lock.locked(() -> !functionsArrived);
    }

    /** Why a run is not complete without its functions; null if they have arrived. */
    @Nullable
    String missingFunctions() {
        return wantsFunctions() ? "the functions of the source did not arrive: no rump: producer took them" : null;
    }
}
