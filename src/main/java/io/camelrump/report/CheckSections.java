package io.camelrump.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The report of a check. */
record CheckSections(JsonNode document) {
    List<Section> whole() {
        Section findings = new Section("Findings");
        TableOf table = new TableOf("", "Verdict", "About", "Found", "To do");
        document.path("findings")
                .forEach(finding -> table.row(
                        finding.path("verdict").asText().toLowerCase(Locale.ROOT),
                        finding.path("name").asText(),
                        finding.path("found").asText(),
                        finding.path("toDo").asText()));
        table.addTo(findings);
        List<Section> sections = new ArrayList<>(List.of(CommonSections.times(document), findings));
        sections.addAll(CommonSections.setting(document));
        sections.removeIf(Section::isEmpty);
        return sections;
    }
}
