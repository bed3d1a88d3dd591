package io.camelrump;

import io.camelrump.redis.ServerAddress;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a run needs to go on after it was ended: how far everything had arrived, and of which servers that is true.
 *
 * @param runId of the source's process; empty where it hides it
 * @param seen keys at a cursor, by which a source that hides its run_id is told
 * @param selection the options that say what is read and where it goes
 * @param position every key before it has its outcome
 * @param targets by name and address
 * @param live whether changes were followed
 */
record Checkpoint(
        String runId,
        String seen,
        Map<String, String> selection,
        ScanPosition position,
        Counts counts,
        List<Refusal> refusals,
        Map<String, TargetState> targets,
        boolean live) {
    private static final String VERSION = "1";

    /**
     * A target that confirmed keys.
     *
     * @param runId of its process; empty where it hides it
     * @param wasEmpty whether it held no key when the run began
     * @param evicted keys that it had thrown away by then
     */
    record TargetState(String runId, boolean wasEmpty, long evicted) {
        String encode() {
            // a value may end with a space, but can not begin with one
            return evicted + " " + wasEmpty + " " + runId;
        }

        static TargetState decode(String text) {
            String[] parts = text.split(" ", -1);
            return new TargetState(parts[2], Boolean.parseBoolean(parts[1]), Long.parseLong(parts[0]));
        }
    }

    Checkpoint {
        selection = Map.copyOf(selection);
        refusals = List.copyOf(refusals);
        targets = Map.copyOf(targets);
    }

    /** The same with what is known of the targets. */
    Checkpoint with(Map<String, TargetState> known) {
        return new Checkpoint(runId, seen, selection, position, counts, refusals, known, live);
    }

    /** Whether a database of this server held keys of its own when the run began. */
    boolean beganFilledAt(ServerAddress target) {
        String server = target.withDatabase(0).toString();
        return targets.entrySet().stream()
                .filter(known -> known.getKey().equals(server) || known.getKey().startsWith(server + "/"))
                .anyMatch(known -> !known.getValue().wasEmpty());
    }

    /** As text, one value a line. */
    String encode() {
        Map<String, String> values = new TreeMap<>();
        values.put("version", VERSION);
        values.put("source", runId);
        values.put("source.seen", seen);
        values.put("database", Integer.toString(position.database()));
        values.put("cursor", Long.toUnsignedString(position.cursor()));
        values.put("ended", Boolean.toString(position.ended()));
        values.put("live", Boolean.toString(live));
        selection.forEach((name, value) -> values.put("selection." + name, hex(value)));
        targets.forEach((name, state) -> values.put("target." + hex(name), state.encode()));
        values.put(
                "counts",
                counts.read() + " " + counts.restored() + " " + counts.kept() + " " + counts.vanished() + " "
                        + counts.filtered() + " " + counts.deleted() + " " + counts.refused() + " " + counts.bytes()
                        + " " + counts.reread() + " " + counts.restarts());
        for (int i = 0; i < refusals.size(); i++) {
            Refusal refusal = refusals.get(i);
            values.put(
                    "refused." + i, hex(refusal.cause()) + " " + HexFormat.of().formatHex(refusal.key()));
        }
        return values.entrySet().stream()
                .map(value -> value.getKey() + "=" + value.getValue())
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static Checkpoint decode(String text) {
        Properties values = new Properties();
        try {
            values.load(new StringReader(text));
        } catch (IOException e) {
            throw new IllegalArgumentException("it can not be read", e);
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
                value(values, "source"),
                value(values, "source.seen"),
                selection,
                new ScanPosition(
                        Integer.parseInt(value(values, "database")),
                        Long.parseUnsignedLong(value(values, "cursor")),
                        Boolean.parseBoolean(value(values, "ended"))),
                new Counts(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], (int) n[9]),
                refusals,
                targets,
                Boolean.parseBoolean(value(values, "live")));
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
    String otherSelection(Map<String, String> now) {
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
