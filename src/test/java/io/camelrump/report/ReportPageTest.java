package io.camelrump.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The page about a document, also about one that a person has edited. */
class ReportPageTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HOSTILE = "\"</code><script>alert('1')</script>&\"";

    private static JsonNode parse(String json) throws Exception {
        return JSON.readTree(json.replace('\'', '"'));
    }

    @Test
    void textFromServersAndKeysIsEscapedWhereverItStands() throws Exception {
        JsonNode document = parse("""
                {'command': 'migrate', 'result': 'X', 'exitCode': 1, 'exitName': 'X', 'error': 'X', 'version': 'X', 'from': 'X',
                 'to': 'X', 'startedAt': 'X', 'seconds': 2, 'checkpoint': 'X',
                 'servers': {'source': [{'address': 'X', 'version': 'X', 'mode': 'X'}], 'target': []},
                 'flags': [{'name': 'X', 'value': 'X'}], 'counts': {'read': 'X', 'refused': 1},
                 'series': {'seconds': [1, 2], 'keysReadPerSecond': [3, 'X'], 'phases': [{'phase': 'X', 'fromSeconds': 0}]},
                 'live': {'convergedAsOf': 'X', 'pauseSeconds': 'X', 'reportedBy': 'X', 'leftBehind': {'clients': ['X']}},
                 'refusals': [{'key': 'X', 'cause': 'X'}], 'notes': ['X'],
                 'comparison': {'command': 'compare', 'result': 'X', 'error': 'X', 'differing': 1, 'causes': {'missing': 'X'},
                                'differences': [{'key': 'X', 'database': 'X', 'cause': 'X', 'detail': 'X'}],
                                'refusals': [{'key': 'X', 'cause': 'X'}]},
                 'wayBack': {'result': 'X', 'notes': ['X']}}""");
        replaceTexts(document);

        String page = ReportPage.html(document);

        assertThat(page).doesNotContain("<script", "</code><s", "alert('1')");
        assertThat(page).contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;");
    }

    private static void replaceTexts(JsonNode node) {
        if (node instanceof ObjectNode object) {
            Map<String, JsonNode> fields = new TreeMap<>();
            object.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
            fields.forEach((name, value) -> {
                if (value.asText().equals("X")) {
                    object.put(name, HOSTILE);
                }
                replaceTexts(value);
            });
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                if (array.get(i).asText().equals("X")) {
                    array.set(i, HOSTILE);
                }
                replaceTexts(array.get(i));
            }
        }
    }

    @Test
    void aDocumentThatLacksAlmostEverythingHasAPage() throws Exception {
        assertThat(ReportPage.html(parse("{'command': 'migrate', 'result': 'FAILED'}")))
                .contains("The run failed")
                .doesNotContain("null", "NaN");
    }

    @Test
    void aSeriesThatMakesNoSenseBreaksNothing() throws Exception {
        assertThat(ReportPage.html(parse("""
                {'command': 'migrate', 'result': 'COMPLETE', 'exitCode': 0,
                 'series': {'seconds': [5, 'x', -3, 1e300], 'keysReadPerSecond': [1, -1, 1e308, null, 7], 'waiting': {},
                            'phases': [{'phase': 'copying', 'fromSeconds': 9}, {'phase': 3}, 'x']}}"""))).contains("Course").doesNotContain("NaN", "Infinity");
    }

    @Test
    void theWayBackHasItsOwnHeadings() throws Exception {
        String page = ReportPage.html(parse("""
                {'command': 'migrate', 'result': 'CONVERGED', 'exitCode': 0, 'counts': {'read': 4, 'restored': 4},
                 'live': {'waiting': 0}, 'notes': ['n'],
                 'wayBack': {'result': 'RELEASED', 'seconds': 3, 'counts': {'read': 2, 'restored': 2}, 'live': {'waiting': 1},
                             'series': {'seconds': [3], 'keysReadPerSecond': [1],
                                        'phases': [{'phase': 'way-back', 'fromSeconds': 0}]}, 'notes': ['m']}}"""));

        assertThat(page)
                .contains(
                        "<h2>Way back</h2>",
                        "<h2>Phases of the way back</h2>",
                        "<h2>Keys by outcome of the way back</h2>")
                .contains("RELEASED", ">way-back</text>")
                .containsOnlyOnce("<h2>Keys by outcome</h2>")
                .containsOnlyOnce("<h2>Notes</h2>");
    }

    @Test
    void aPageNeedsNoOtherFileAndNoScript() throws Exception {
        String page = ReportPage.html(parse("{'command': 'migrate', 'result': 'COMPLETE', 'exitCode': 0}"));

        assertThat(page)
                .startsWith("<!doctype html>")
                .doesNotContain("http:", "https:", "src=", "href=", "url(", "@import", "<script");
    }

    @Test
    void documentsOfOthersAreRefused() throws Exception {
        for (String other :
                new String[] {"{}", "[]", "3", "{'command': 'status', 'result': 'x'}", "{'command': 'check'}"}) {
            assertThat(ReportPage.objection(parse(other))).isNotNull();
        }
        assertThat(ReportPage.objection(parse("{'command': 'check', 'result': 'READY'}")))
                .isNull();
    }
}
