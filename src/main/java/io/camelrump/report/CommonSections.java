package io.camelrump.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Parts of a report that several documents have. */
final class CommonSections {
    /** Rows of a table: more would be no report. */
    static final int MOST_ROWS = 200;

    private CommonSections() {}

    /** When it was, and how long it took. */
    static Section times(JsonNode document) {
        return times(document, "Summary");
    }

    static Section times(JsonNode document, String title) {
        JsonNode startedAt = document.path("startedAt");
        double seconds = document.path("seconds").asDouble();
        return new Section(title)
                .fact("Started", Texts.moment(startedAt))
                .fact("Ended", Texts.moment(startedAt, seconds))
                .fact("Took", Texts.seconds(document.path("seconds")));
    }

    /** The phases of a run, and what it did over time. */
    static List<Section> course(JsonNode series) {
        return course(new SeriesColumns(series));
    }

    static List<Section> course(SeriesColumns columns) {
        return List.of(phases(columns.phases()), charts(columns));
    }

    private static Section charts(SeriesColumns columns) {
        Section section = new Section("Course");
        double[] seconds = columns.seconds();
        if (seconds.length == 0) {
            return section;
        }
        List<LineChart.Line> keys = lines(columns, "keysReadPerSecond", "read", "keysWrittenPerSecond", "written");
        add(new LineChart("Keys per second", seconds, keys, Texts::wholeOrPart), section);
        List<LineChart.Line> bytes = lines(columns, "bytesReadPerSecond", "read", "bytesWrittenPerSecond", "written");
        add(new LineChart("Bytes per second", seconds, bytes, Texts::axisBytes), section);
        if (columns.has("lagSeconds")) {
            add(
                    new LineChart("Lag", seconds, lines(columns, "lagSeconds", "oldest change"), Texts::axisSeconds),
                    section);
        }
        if (columns.has("waiting")) {
            add(
                    new LineChart(
                            "Keys that wait", seconds, lines(columns, "waiting", "changed keys"), Texts::wholeOrPart),
                    section);
        }
        List<LineChart.Line> latency =
                lines(columns, "sourceMillis", "PING of the source", "targetMillis", "batch of the target");
        if (!latency.isEmpty()) {
            add(new LineChart("Latency", seconds, latency, Texts::axisMillis), section);
        }
        return section;
    }

    private static void add(LineChart chart, Section section) {
        section.pictures().add(chart.picture());
    }

    /** @param namesAndTexts of columns, and what their lines are called; those in which nothing is are left out */
    private static List<LineChart.Line> lines(SeriesColumns columns, String... namesAndTexts) {
        List<LineChart.Line> lines = new ArrayList<>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            if (columns.has(namesAndTexts[i])) {
                lines.add(new LineChart.Line(namesAndTexts[i + 1], columns.column(namesAndTexts[i])));
            }
        }
        return lines;
    }

    private static Section phases(List<SeriesColumns.Phase> phases) {
        Section section = new Section("Phases");
        if (!phases.isEmpty()) {
            double end = phases.get(phases.size() - 1).until();
            section.pictures().add(new PhaseBar(phases, end).picture());
            TableOf table = new TableOf("", "Phase", "#From", "#For");
            phases.forEach(
                    phase -> table.row(phase.name(), Texts.seconds(phase.from()), Texts.seconds(phase.seconds())));
            table.addTo(section);
        }
        return section;
    }

    /** @param all how many there were */
    static Section refusals(String title, JsonNode refusals, JsonNode all) {
        Section section = new Section(title);
        TableOf table = new TableOf("", "=Key", "Cause");
        int shown = Math.min(MOST_ROWS, refusals.size());
        for (int i = 0; i < shown; i++) {
            table.row(
                    refusals.path(i).path("key").asText(),
                    refusals.path(i).path("cause").asText());
        }
        table.addTo(section, more(all.asLong() - shown));
        return section;
    }

    static String more(long rows) {
        return rows > 0 ? "And " + Texts.count(rows) + " more: --failed-keys FILE writes them all." : "";
    }

    static Section notes(JsonNode notes) {
        Section section = new Section("Notes");
        notes.forEach(note -> section.say(note.asText()));
        return section;
    }

    /** Who took part, and by which flags. */
    static List<Section> setting(JsonNode document) {
        Section servers = new Section("Servers");
        TableOf table = new TableOf("", "Side", "=Address", "Server", "Mode");
        for (String side : List.of("source", "target")) {
            document.path("servers")
                    .path(side)
                    .forEach(server -> table.row(
                            side,
                            server.path("address").asText(),
                            Texts.orUnknown(server.path("version")),
                            Texts.orUnknown(server.path("mode"))));
        }
        table.addTo(servers);
        Section flags = new Section("Flags");
        TableOf given = new TableOf("", "=Flag", "=Value");
        document.path("flags")
                .forEach(flag ->
                        given.row(flag.path("name").asText(), flag.path("value").asText()));
        given.addTo(flags);
        if (given.isEmpty() && document.has("flags")) {
            flags.say("None but the addresses: all else was as by default.");
        }
        return List.of(servers, flags);
    }
}
