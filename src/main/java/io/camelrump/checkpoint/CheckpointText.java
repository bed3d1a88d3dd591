package io.camelrump.checkpoint;

import io.camelrump.Counts;
import io.camelrump.Refusal;
import io.camelrump.checkpoint.Checkpoint.SourceState;
import io.camelrump.checkpoint.Checkpoint.TargetState;
import io.camelrump.keys.NameHashes;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.ServerClock;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Text form of a {@link Checkpoint}: one value a line, as in a properties file. */
final class CheckpointText {
    private static final String VERSION = "1";
    static final String HEADER = "# rump checkpoint\n";
    /** Versions without the header began with their counts. */
    private static final Pattern WITHOUT_HEADER = Pattern.compile("counts=(?:\\d++ ){6,}+(?s:.*)");

    private static final int WITH_NAMES = 4;

    private CheckpointText() {}

    static boolean begins(String head) {
        return head.isEmpty()
                || head.startsWith(HEADER)
                || WITHOUT_HEADER.matcher(head).matches();
    }

    static String encode(Checkpoint checkpoint) {
        Map<String, String> values = new TreeMap<>();
        values.put("version", VERSION);
        List<SourceState> sources = checkpoint.sources();
        for (int i = 0; i < sources.size(); i++) {
            SourceState state = sources.get(i);
            encode(state, state.node().isEmpty() ? "" : "node." + i + ".", values);
        }
        values.put("live", Boolean.toString(checkpoint.live()));
        values.put("cutover", Boolean.toString(checkpoint.cutover()));
        checkpoint.selection().forEach((name, value) -> values.put("selection." + name, hex(value)));
        checkpoint.targets().forEach((name, state) -> values.put("target." + hex(name), encode(state)));
        checkpoint
                .libraries()
                .forEach((name, digests) ->
                        values.put("library." + hex(name), String.join(" ", new TreeSet<>(digests))));
        checkpoint
                .clocks()
                .forEach((name, clock) ->
                        values.put("clock." + hex(name), clock.offsetMicros() + " " + clock.uncertaintyMicros()));
        checkpoint.held().encode(values);
        values.put("counts", encode(checkpoint.counts()));
        for (int i = 0; i < checkpoint.refusals().size(); i++) {
            Refusal refusal = checkpoint.refusals().get(i);
            values.put(
                    "refused." + i, hex(refusal.cause()) + " " + HexFormat.of().formatHex(refusal.key()));
        }
        return values.entrySet().stream()
                .map(value -> value.getKey() + "=" + value.getValue())
                .collect(Collectors.joining("\n", HEADER, "\n"));
    }

    private static String encode(Counts counts) {
        return counts.read() + " " + counts.restored() + " " + counts.kept() + " " + counts.vanished() + " "
                + counts.filtered() + " " + counts.deleted() + " " + counts.handedOn() + " " + counts.refused() + " "
                + counts.bytes() + " " + counts.reread() + " " + counts.restarts();
    }

    private static void encode(SourceState state, String prefix, Map<String, String> values) {
        values.put(prefix + "source", state.runId());
        values.put(prefix + "source.seen", state.seen());
        encode(state.position(), prefix, values);
        ScanPosition measured = state.measured();
        if (measured != null) {
            encode(measured, prefix + "measured.", values);
        }
        if (!state.node().isEmpty()) {
            values.put(prefix + "id", state.node());
            values.put(prefix + "slots", HexFormat.of().formatHex(state.slots().toByteArray()));
        }
    }

    private static void encode(ScanPosition position, String prefix, Map<String, String> values) {
        values.put(prefix + "database", Integer.toString(position.database()));
        values.put(prefix + "cursor", position.cursor().encode());
        values.put(prefix + "ended", Boolean.toString(position.ended()));
    }

    private static String encode(TargetState state) {
        // a value may end with a space, but cannot begin with one
        String text = state.evicted() + " " + state.wasEmpty() + " " + state.runId();
        NameHashes names = state.names();
        return names == null ? text : text + " " + names.encode();
    }

    static Checkpoint decode(String text) {
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
        Map<String, Set<String>> libraries = new TreeMap<>();
        Map<String, ServerClock> clocks = new TreeMap<>();
        List<Refusal> refusals = new ArrayList<>();
        for (String name : values.stringPropertyNames()) {
            String value = values.getProperty(name);
            if (name.startsWith("selection.")) {
                selection.put(name.substring("selection.".length()), unhex(value));
            } else if (name.startsWith("target.")) {
                targets.put(unhex(name.substring("target.".length())), targetState(value));
            } else if (name.startsWith("library.")) {
                libraries.put(unhex(name.substring("library.".length())), Set.of(value.split(" ")));
            } else if (name.startsWith("clock.")) {
                clocks.put(unhex(name.substring("clock.".length())), clock(value));
            } else if (name.startsWith("refused.")) {
                String[] parts = value.split(" ", -1);
                refusals.add(new Refusal(HexFormat.of().parseHex(parts[1]), unhex(parts[0])));
            }
        }
        return new Checkpoint(
                sources(values),
                selection,
                counts(value(values, "counts")),
                refusals,
                targets,
                libraries,
                clocks,
                Boolean.parseBoolean(value(values, "live")),
                Boolean.parseBoolean(values.getProperty("cutover")),
                HeldKeys.decode(values));
    }

    private static Counts counts(String text) {
        String[] counts = text.split(" ");
        long[] n = new long[counts.length];
        for (int i = 0; i < n.length; i++) {
            n[i] = Long.parseLong(counts[i]);
        }
        return new Counts(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], (int) n[10]);
    }

    private static ServerClock clock(String text) {
        String[] parts = text.split(" ");
        return new ServerClock(Long.parseLong(parts[0]), 0, true, Long.parseLong(parts[1]));
    }

    private static TargetState targetState(String text) {
        String[] parts = text.split(" ", -1);
        return new TargetState(
                parts[2],
                Boolean.parseBoolean(parts[1]),
                Long.parseLong(parts[0]),
                parts.length < WITH_NAMES ? null : NameHashes.decode(parts[3]));
    }

    private static List<SourceState> sources(Properties values) {
        if (values.containsKey("source")) {
            return List.of(sourceState("", values));
        }
        List<SourceState> nodes = new ArrayList<>();
        for (int i = 0; i == 0 || values.containsKey("node." + i + ".id"); i++) {
            nodes.add(sourceState("node." + i + ".", values));
        }
        return nodes;
    }

    private static SourceState sourceState(String prefix, Properties values) {
        boolean alone = prefix.isEmpty();
        return new SourceState(
                alone ? "" : value(values, prefix + "id"),
                value(values, prefix + "source"),
                value(values, prefix + "source.seen"),
                BitSet.valueOf(HexFormat.of().parseHex(alone ? "" : value(values, prefix + "slots"))),
                position(prefix, values),
                values.containsKey(prefix + "measured.cursor") ? position(prefix + "measured.", values) : null);
    }

    private static ScanPosition position(String prefix, Properties values) {
        return new ScanPosition(
                Integer.parseInt(value(values, prefix + "database")),
                Cursor.decode(value(values, prefix + "cursor")),
                Boolean.parseBoolean(value(values, prefix + "ended")));
    }

    private static String value(Properties values, String name) {
        String value = values.getProperty(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String unhex(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
    }
}
