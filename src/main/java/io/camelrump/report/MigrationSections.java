package io.camelrump.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The report of a migration. */
record MigrationSections(JsonNode document) {
    /** The outcomes of keys, with what each means. */
    private static final List<List<String>> OUTCOMES = List.of(
            List.of("restored", "Written to the target, which said so."),
            List.of("kept", "The target's own values, which stay by --on-conflict."),
            List.of("vanished", "Gone at the source, or expired, before they were written."),
            List.of("filtered", "Left out by a filter."),
            List.of("deleted", "Gone at the source, and deleted at the target."),
            List.of("handedOn", "Taken by a transport: no target has answered for them."),
            List.of("refused", "Not copied, each with its cause below."),
            List.of("inFlight", "Read and without an outcome when the run ended: they did not arrive."));

    List<Section> whole() {
        JsonNode live = document.path("live");
        List<Section> sections = new ArrayList<>();
        sections.add(summary(live));
        sections.addAll(CommonSections.course(document.path("series")));
        sections.add(outcomes("Keys by outcome", document.path("counts")));
        sections.add(cutover(live));
        sections.add(CommonSections.refusals(
                "Refused keys",
                document.path("refusals"),
                document.path("counts").path("refused")));
        JsonNode comparison = document.path("comparison");
        if (comparison.isObject()) {
            sections.addAll(new ComparisonSections(comparison).within());
        }
        wayBack(document.path("wayBack"), sections);
        sections.add(CommonSections.notes(document.path("notes")));
        sections.addAll(CommonSections.setting(document));
        sections.removeIf(Section::isEmpty);
        return sections;
    }

    private Section summary(JsonNode live) {
        JsonNode counts = document.path("counts");
        Section section = CommonSections.times(document)
                .fact(
                        "Keys",
                        Texts.count(counts.path("read").asLong()
                                - counts.path("inFlight").asLong()))
                .fact("Payload", Texts.bytes(counts.path("bytes")))
                .fact("Mean rate", rate())
                .fact("Keys of the run that was resumed", Texts.positive(document.path("earlierKeys")))
                .fact("Read again", Texts.positive(counts.path("reread")))
                .fact("Scans that began anew", Texts.positive(counts.path("restarts")))
                .fact("Can be resumed from", Texts.text(document.path("checkpoint")));
        JsonNode guard = document.path("latencyGuard");
        return section.fact("Slowest PING of the source", Texts.millis(guard.path("worstMillis")))
                .fact("Read in short turns to spare others", Texts.positiveSeconds(guard.path("slowedSeconds")))
                .fact("Converged as of", Texts.moment(live.path("convergedAsOf")))
                .fact("Writes paused for", Texts.seconds(live.path("pauseSeconds")));
    }

    private String rate() {
        JsonNode keys = document.path("keysPerSecond");
        return keys.isNumber()
                ? Texts.count(keys) + " keys/s, " + Texts.bytes(document.path("bytesPerSecond")) + "/s"
                : "";
    }

    private static Section outcomes(String title, JsonNode counts) {
        Section section = new Section(title);
        long read = counts.path("read").asLong();
        TableOf table = new TableOf("", "Outcome", "#Keys", "#Share", "Meaning");
        for (List<String> outcome : OUTCOMES) {
            long keys = counts.path(outcome.get(0)).asLong();
            boolean rare = List.of("handedOn", "inFlight").contains(outcome.get(0));
            if (keys > 0 || !rare && counts.isObject()) {
                table.row(
                        word(outcome.get(0)),
                        Texts.count(keys),
                        read == 0 ? "" : Texts.percent((double) keys / read),
                        outcome.get(1));
            }
        }
        table.addTo(section);
        return section;
    }

    private static String word(String field) {
        return switch (field) {
            case "handedOn" -> "handed on";
            case "inFlight" -> "in flight";
            default -> field;
        };
    }

    private static Section cutover(JsonNode live) {
        Section section = new Section("Changes and cutover");
        if (!live.isObject()) {
            return section;
        }
        section.fact("Converged as of", orNever(Texts.moment(live.path("convergedAsOf"))))
                .fact("Writes at the source paused for", orNever(Texts.seconds(live.path("pauseSeconds"))))
                .fact("Of it until converged", Texts.seconds(live.path("pauseToConvergedSeconds")))
                .fact("Clients that waited for the end of the pause", Texts.count(live.path("waitingClients")))
                .fact("Connections closed that waited to write", Texts.count(live.path("closedClients")))
                .fact("Verified beside the writers", keys(live.path("verifiedKeys")))
                .fact("Compared at the cutover", keys(live.path("comparedAtCutover")))
                .fact("Changes reported by", Texts.text(live.path("reportedBy")))
                .fact("Keys that still waited", Texts.count(live.path("waiting")))
                .fact("Lag at the end", Texts.seconds(live.path("lagSeconds")))
                .fact("Interruptions of the reports", Texts.count(live.path("gaps")))
                .fact("Scans because of them", Texts.count(live.path("scans")))
                .fact("Databases emptied at once", Texts.positive(live.path("flushes")))
                .fact("Deletes held back", Texts.positive(live.path("held")))
                .fact("Deletes not followed", Texts.positive(live.path("withheld")));
        leftBehind(live.path("leftBehind"), section);
        return section;
    }

    private static void leftBehind(JsonNode left, Section section) {
        if (!left.isObject()) {
            return;
        }
        section.fact("Subscribers left at the source", Texts.orUnknown(left.path("subscribers")))
                .fact("Clients left in blocking commands", Texts.orUnknown(left.path("blockedClients")))
                .fact("Scripts that the target lacks", Texts.orUnknown(left.path("missingScripts")));
        TableOf clients = new TableOf("Some of these clients", "=Client");
        left.path("clients").forEach(client -> clients.row(client.asText()));
        clients.addTo(section);
    }

    private static String orNever(String text) {
        return text.isEmpty() ? "never" : text;
    }

    private static String keys(JsonNode count) {
        return count.isNumber() ? Texts.count(count) + " keys" : "";
    }

    /** The way back has parts that its migration has too. */
    private static void wayBack(JsonNode back, List<Section> sections) {
        if (!back.isObject()) {
            return;
        }
        sections.add(CommonSections.times(back, "Way back")
                .say("From the cutover on, changes at the target were written to the source.")
                .fact("Result", Texts.text(back.path("result"))));
        List<Section> parts = new ArrayList<>(CommonSections.course(back.path("series")));
        parts.add(outcomes("Keys by outcome", back.path("counts")));
        parts.add(cutover(back.path("live")));
        parts.add(CommonSections.refusals(
                "Refused keys", back.path("refusals"), back.path("counts").path("refused")));
        parts.add(CommonSections.notes(back.path("notes")));
        parts.forEach(part -> sections.add(part.titled(part.title() + " of the way back")));
    }
}
