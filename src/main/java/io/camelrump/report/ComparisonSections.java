package io.camelrump.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The report of a comparison, by itself or after a migration. */
record ComparisonSections(JsonNode document) {
    private static final List<List<String>> CAUSES = List.of(
            List.of("missing", "The source alone has them."),
            List.of("extra", "The target alone has them."),
            List.of("type", "Of another type at the target."),
            List.of("value", "Of another value at the target."),
            List.of("expiry", "They expire at another time at the target."));

    List<Section> whole() {
        List<Section> sections = new ArrayList<>();
        sections.add(facts(CommonSections.times(document)));
        sections.addAll(CommonSections.course(new SeriesColumns(document.path("series"), "comparing")));
        sections.addAll(details());
        sections.addAll(CommonSections.setting(document));
        sections.removeIf(Section::isEmpty);
        return sections;
    }

    /** As a part of the report of the migration before it. */
    List<Section> within() {
        List<Section> sections = new ArrayList<>();
        sections.add(facts(CommonSections.times(document, "Comparison")
                .fact("Result", Verdict.shown(document))
                .fact("Cause", Texts.text(document.path("error")))));
        sections.addAll(details());
        return sections;
    }

    private Section facts(Section section) {
        return section.fact("Keys of the source compared", Texts.count(document.path("compared")))
                .fact("Names of the target looked up", Texts.count(document.path("lookedUp")))
                .fact("Differing", Texts.count(document.path("differing")))
                .fact("Copied again", positive("repaired"))
                .fact("Deleted at the target", positive("deleted"))
                .fact("Could not be read", positive("unreadable"))
                .fact("The target's own, which stay", positive("kept"))
                .fact("Equal but for what an option lets go", positive("reduced"))
                .fact("Undecided", positive("undecided"));
    }

    private String positive(String field) {
        return Texts.positive(document.path(field));
    }

    private List<Section> details() {
        Section differences = new Section("Differences");
        if (document.path("differing").asLong() > 0) {
            TableOf causes = new TableOf("By cause", "Cause", "#Keys", "Meaning");
            for (List<String> cause : CAUSES) {
                causes.row(cause.get(0), Texts.count(document.path("causes").path(cause.get(0))), cause.get(1));
            }
            causes.addTo(differences);
        }
        keys(differences);
        return List.of(
                differences,
                CommonSections.refusals(
                        "Keys that could not be read", document.path("refusals"), document.path("unreadable")));
    }

    private void keys(Section section) {
        JsonNode differences = document.path("differences");
        TableOf table = new TableOf("Keys", "=Key", "#Database", "Cause", "Detail");
        int shown = Math.min(CommonSections.MOST_ROWS, differences.size());
        for (int i = 0; i < shown; i++) {
            JsonNode difference = differences.path(i);
            table.row(
                    difference.path("key").asText(),
                    Texts.count(difference.path("database")),
                    difference.path("cause").asText(),
                    difference.path("detail").asText());
        }
        table.addTo(section, CommonSections.more(document.path("differing").asLong() - shown));
    }
}
