package io.camelrump.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The page about one run. */
public final class ReportPage {
    private static final String TEMPLATE = "report.mustache";

    /**
     * All that the template names.
     *
     * @param verdict good, fair or bad
     * @param error why it failed or is incomplete; empty if it is neither
     */
    private record Page(
            String kind,
            String from,
            String to,
            String result,
            String verdict,
            String sentence,
            String error,
            List<Section> sections,
            String version) {}

    private ReportPage() {}

    /** Why there is no report of this document; null if there is one. */
    public static @Nullable String objection(JsonNode document) {
        String command = document.path("command").asText();
        boolean known = List.of("migrate", "compare", "check").contains(command);
        return known && document.path("result").isTextual() ? null : "it is no document that --json has written";
    }

    /**
     * The page as HTML.
     *
     * @param document one that {@code --json} has written, of this version or an earlier one: what it lacks is left out
     */
    public static String html(JsonNode document) {
        Page page = new Page(
                kind(document),
                Texts.orUnknown(document.path("from")),
                Texts.orUnknown(document.path("to")),
                Verdict.shown(document),
                Verdict.of(document).name().toLowerCase(Locale.ROOT),
                Verdict.sentence(document),
                Texts.text(document.path("error")),
                sections(document),
                Texts.text(document.path("version")));
        try (InputStream template = Objects.requireNonNull(ReportPage.class.getResourceAsStream(TEMPLATE));
                Reader text = new InputStreamReader(template, StandardCharsets.UTF_8)) {
            return Mustache.compiler()
                    .escapeHTML(true)
                    .emptyStringIsFalse(true)
                    .compile(text)
                    .execute(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String kind(JsonNode document) {
        return switch (document.path("command").asText()) {
            case "compare" -> "Comparison";
            case "check" -> "Check";
            default -> document.path("live").isObject() ? "Live migration" : "Migration";
        };
    }

    private static List<Section> sections(JsonNode document) {
        return switch (document.path("command").asText()) {
            case "compare" -> new ComparisonSections(document).whole();
            case "check" -> new CheckSections(document).whole();
            default -> new MigrationSections(document).whole();
        };
    }
}
