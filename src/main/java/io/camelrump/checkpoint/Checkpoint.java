package io.camelrump.checkpoint;

import io.camelrump.Counts;
import io.camelrump.Refusal;
import io.camelrump.keys.NameHashes;
import io.camelrump.redis.ServerAddress;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a run needs to go on after it was ended: how far everything had arrived, and of which servers that is true.
 *
 * @param sources how far each was read: one that stands alone, or the nodes of a cluster
 * @param selection the options that say what is read and where it goes
 * @param targets by name and address
 * @param live whether changes were followed
 */
public record Checkpoint(
        List<SourceState> sources,
        Map<String, String> selection,
        Counts counts,
        List<Refusal> refusals,
        Map<String, TargetState> targets,
        boolean live) {
    private static final String VERSION = "1";
    private static final String HEADER = "# rump checkpoint\n";
    /** Versions without the header began with their counts. */
    private static final Pattern WITHOUT_HEADER = Pattern.compile("counts=(\\d+ ){6,}(?s:.*)");
    /** Bytes by which a checkpoint is told from any other file. */
    public static final int HEAD = 64;

    /**
     * How far a server was read.
     *
     * @param node of the cluster; empty where it stands alone
     * @param runId of its process; empty where it hides it
     * @param seen keys at a cursor, by which a server that hides its run_id is recognised
     * @param slots whose keys are read of the node; none where it stands alone
     * @param position every key before it has its outcome
     */
    public record SourceState(String node, String runId, String seen, BitSet slots, ScanPosition position) {
        public SourceState {
            slots = (BitSet) slots.clone();
        }

        @Override
        public BitSet slots() {
            return (BitSet) slots.clone();
        }

        private void encode(String prefix, Map<String, String> values) {
            values.put(prefix + "source", runId);
            values.put(prefix + "source.seen", seen);
            values.put(prefix + "database", Integer.toString(position.database()));
            values.put(prefix + "cursor", Long.toUnsignedString(position.cursor()));
            values.put(prefix + "ended", Boolean.toString(position.ended()));
            if (!node.isEmpty()) {
                values.put(prefix + "id", node);
                values.put(prefix + "slots", HexFormat.of().formatHex(slots.toByteArray()));
            }
        }

        private static SourceState decode(String prefix, Properties values) {
            boolean alone = prefix.isEmpty();
            return new SourceState(
                    alone ? "" : value(values, prefix + "id"),
                    value(values, prefix + "source"),
                    value(values, prefix + "source.seen"),
                    BitSet.valueOf(HexFormat.of().parseHex(alone ? "" : value(values, prefix + "slots"))),
                    new ScanPosition(
                            Integer.parseInt(value(values, prefix + "database")),
                            Long.parseUnsignedLong(value(values, prefix + "cursor")),
                            Boolean.parseBoolean(value(values, prefix + "ended"))));
        }
    }

    /**
     * A target that confirmed keys.
     *
     * @param runId of its process; empty where it hides it
     * @param wasEmpty whether it held no key when the run began
     * @param evicted keys that it had thrown away by then
     * @param names of the keys that it held then, and that are not the source's by now; they go on changing. Null if they
     *     are not known
     */
    public record TargetState(
            String runId,
            boolean wasEmpty,
            long evicted,
            @Nullable NameHashes names) {
        private static final int WITH_NAMES = 4;

        public String encode() {
            // a value may end with a space, but cannot begin with one
            String text = evicted + " " + wasEmpty + " " + runId;
            return names == null ? text : text + " " + names.encode();
        }

        public static TargetState decode(String text) {
            String[] parts = text.split(" ", -1);
            return new TargetState(
                    parts[2],
                    Boolean.parseBoolean(parts[1]),
                    Long.parseLong(parts[0]),
                    parts.length < WITH_NAMES ? null : NameHashes.decode(parts[3]));
        }
    }

    public Checkpoint {
        sources = List.copyOf(sources);
        selection = Map.copyOf(selection);
        refusals = List.copyOf(refusals);
        targets = Map.copyOf(targets);
    }

    /** This checkpoint with the known state of the targets. */
    public Checkpoint with(Map<String, TargetState> known) {
        return new Checkpoint(sources, selection, counts, refusals, known, live);
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
        return head.isEmpty()
                || head.startsWith(HEADER)
                || WITHOUT_HEADER.matcher(head).matches();
    }

    /** As text, one value a line. */
    public String encode() {
        Map<String, String> values = new TreeMap<>();
        values.put("version", VERSION);
        for (int i = 0; i < sources.size(); i++) {
            SourceState state = sources.get(i);
            state.encode(state.node().isEmpty() ? "" : "node." + i + ".", values);
        }
        values.put("live", Boolean.toString(live));
        selection.forEach((name, value) -> values.put("selection." + name, hex(value)));
        targets.forEach((name, state) -> values.put("target." + hex(name), state.encode()));
        values.put(
                "counts",
                counts.read() + " " + counts.restored() + " " + counts.kept() + " " + counts.vanished() + " "
                        + counts.filtered() + " " + counts.deleted() + " " + counts.handedOn() + " " + counts.refused()
                        + " " + counts.bytes()
                        + " " + counts.reread() + " " + counts.restarts());
        for (int i = 0; i < refusals.size(); i++) {
            Refusal refusal = refusals.get(i);
            values.put(
                    "refused." + i, hex(refusal.cause()) + " " + HexFormat.of().formatHex(refusal.key()));
        }
        return values.entrySet().stream()
                .map(value -> value.getKey() + "=" + value.getValue())
                .collect(Collectors.joining("\n", HEADER, "\n"));
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static Checkpoint decode(String text) {
        Properties values = new Properties();
        try {
            values.load(new StringReader(text));
        } catch (IOException e) {
            throw new IllegalArgumentException("it cannot be read", e);
        }
        if (!VERSION.equals(values.getProperty("version"))) {
            throw new IllegalArgumentException("it is no checkpoint of this version of rump");
        }
        try {
            return decode(values);
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IllegalArgumentException("it is damaged", e);
        }
    }

    private static Checkpoint decode(Properties values) {
        Map<String, String> selection = new TreeMap<>();
        Map<String, TargetState> targets = new TreeMap<>();
        List<Refusal> refusals = new ArrayList<>();
        for (String name : values.stringPropertyNames()) {
            String value = values.getProperty(name);
            if (name.startsWith("selection.")) {
                selection.put(name.substring("selection.".length()), unhex(value));
            } else if (name.startsWith("target.")) {
                targets.put(unhex(name.substring("target.".length())), TargetState.decode(value));
            } else if (name.startsWith("refused.")) {
                String[] parts = value.split(" ", -1);
                refusals.add(new Refusal(HexFormat.of().parseHex(parts[1]), unhex(parts[0])));
            }
        }
        String[] counts = value(values, "counts").split(" ");
        long[] n = new long[counts.length];
        for (int i = 0; i < n.length; i++) {
            n[i] = Long.parseLong(counts[i]);
        }
        return new Checkpoint(
                sources(values),
                selection,
                new Counts(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], (int) n[10]),
                refusals,
                targets,
                Boolean.parseBoolean(value(values, "live")));
    }

    private static List<SourceState> sources(Properties values) {
        if (values.containsKey("source")) {
            return List.of(SourceState.decode("", values));
        }
        List<SourceState> nodes = new ArrayList<>();
        for (int i = 0; i == 0 || values.containsKey("node." + i + ".id"); i++) {
            nodes.add(SourceState.decode("node." + i + ".", values));
        }
        return nodes;
    }

    private static String value(Properties values, String name) {
        String value = values.getProperty(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
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

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String unhex(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
    }
}
