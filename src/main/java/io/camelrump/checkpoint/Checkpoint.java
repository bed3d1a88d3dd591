package io.camelrump.checkpoint;

import io.camelrump.Counts;
import io.camelrump.Refusal;
import io.camelrump.keys.NameHashes;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerClock;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a run needs to go on after it was ended: how far everything had arrived, and of which servers that is true.
 *
 * @param sources how far each was read: one that stands alone, or the nodes of a cluster
 * @param selection the options that say what is read and where it goes
 * @param targets by name and address
 * @param libraries digests of the code of each function library that was loaded into a target, by its name
 * @param clocks last measurements of the servers that report their time, by their names in messages
 * @param live whether changes were followed
 * @param cutover whether a cutover had begun, which another run begins only when a person asks for it
 * @param held keys that a way back does not copy
 */
public record Checkpoint(
        List<SourceState> sources,
        Map<String, String> selection,
        Counts counts,
        List<Refusal> refusals,
        Map<String, TargetState> targets,
        Map<String, Set<String>> libraries,
        Map<String, ServerClock> clocks,
        boolean live,
        boolean cutover,
        HeldKeys held) {
    /** Bytes by which a checkpoint is told from any other file. */
    public static final int HEAD = 64;

    /** Name among the selection by which a way back is told from a migration. */
    public static final String WAY_BACK = "wayBack";

    /**
     * How far a server was read.
     *
     * @param node of the cluster; empty where it stands alone
     * @param runId of its process; empty where it hides it
     * @param seen keys at a cursor, by which a server that hides its run_id is recognised
     * @param slots whose keys are read of the node; none where it stands alone
     * @param position every key before it has its outcome
     * @param measured every key before it had its outcome when all clocks were measured last; null if that is not known
     */
    public record SourceState(
            String node,
            String runId,
            String seen,
            BitSet slots,
            ScanPosition position,
            @Nullable ScanPosition measured) {
        public SourceState {
            slots = (BitSet) slots.clone();
        }

        @Override
        public BitSet slots() {
            return (BitSet) slots.clone();
        }
    }

    /**
     * A target that confirmed keys.
     *
     * @param runId of its process; empty where it hides it
     * @param wasEmpty whether it held no key when the run began
     * @param evicted keys that it had evicted by then
     * @param names of the keys that it held then, and that are not the source's by now; they go on changing. Null if
     *     they are not known
     */
    public record TargetState(
            String runId,
            boolean wasEmpty,
            long evicted,
            @Nullable NameHashes names) {}

    public Checkpoint {
        sources = List.copyOf(sources);
        selection = Map.copyOf(selection);
        refusals = List.copyOf(refusals);
        targets = Map.copyOf(targets);
        libraries = Map.copyOf(libraries);
        clocks = Map.copyOf(clocks);
    }

    /** One of a run that copies all keys. */
    public Checkpoint(
            List<SourceState> sources,
            Map<String, String> selection,
            Counts counts,
            List<Refusal> refusals,
            Map<String, TargetState> targets,
            Map<String, Set<String>> libraries,
            Map<String, ServerClock> clocks,
            boolean live,
            boolean cutover) {
        this(sources, selection, counts, refusals, targets, libraries, clocks, live, cutover, HeldKeys.NONE);
    }

    /** This checkpoint with the known state of the targets, and the function libraries that were loaded there. */
    public Checkpoint with(Map<String, TargetState> known, Map<String, Set<String>> loaded) {
        return new Checkpoint(sources, selection, counts, refusals, known, loaded, clocks, live, cutover, held);
    }

    /** Whether a database of this server held keys of its own when the run began. */
    public boolean beganFilledAt(ServerAddress target) {
        String server = target.withDatabase(0).toString();
        return targets.entrySet().stream()
                .filter(known -> known.getKey().equals(server) || known.getKey().startsWith(server + "/"))
                .anyMatch(known -> !known.getValue().wasEmpty());
    }

    /** Whether a text with these first characters is a checkpoint, of any version and damaged or not, or empty. */
    public static boolean isCheckpoint(String head) {
        return CheckpointText.begins(head);
    }

    /** As text, one value a line. */
    public String encode() {
        return CheckpointText.encode(this);
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static Checkpoint decode(String text) {
        return CheckpointText.decode(text);
    }

    /** Which option differs from those of this run; null if none does. */
    @Nullable
    public String otherSelection(Map<String, String> now) {
        Map<String, String> all = new TreeMap<>(selection);
        all.putAll(now);
        return all.keySet().stream()
                .filter(name -> !Objects.equals(selection.get(name), now.get(name)))
                .map(name -> name + " was " + selection.get(name) + " and is " + now.get(name))
                .findFirst()
                .orElse(null);
    }
}
