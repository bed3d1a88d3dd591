package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page that shows a run, in a real browser, against runs of each kind. */
@Tag("long")
class UiPageIT extends UiPageFixture {
    @Test
    void aCopyIsShownWithTheCountsThatItHas() throws Exception {
        try (RumpProcess run = migrate(SLOW)) {
            browser.awaitText("#phase", "Copying");
            await().atMost(PATIENCE).until(() -> shown("restored") > 0);

            assertThat(browser.text("#course")).contains("Time left", "200 keys/s", "2,000");
            assertThat(browser.evaluate("document.querySelectorAll('#charts canvas').length")
                            .asInt())
                    .isEqualTo(2);
            assertThat(browser.text("#ready")).isEmpty();
            assertThat(browser.evaluate("document.querySelector('#cutover').disabled")
                            .asBoolean())
                    .isTrue();
            assertThat(browser.evaluate("location.hash").asText()).isEmpty();
            assertThat(browser.complaints()).isEmpty();
            answer("limit");
            browser.awaitText("#phase", "Ended");
            assertThat(run.exitCode()).isZero();
            assertThat(shown("restored")).isEqualTo(KEYS);
            assertThat(browser.text("#state")).isEqualTo("Complete");
            browser.awaitText("#connection", "The run is over");
        }
    }

    @Test
    void withoutTheTokenThePageShowsNothingAndAsksForIt() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "a-token-of-a-person-0123\n");
        try (RumpProcess run = RumpProcess.between(
                PAIR.source(), PAIR.target(), List.of(), "--ui=0", "--control-token-file=" + token, SLOW)) {
            run.awaitOutput("Watch this run at");
            Matcher address = Pattern.compile("Watch this run at (\\S+/ui)\\b").matcher(run.err());
            assertThat(address.find()).isTrue();
            browser.open(address.group(1));
            browser.awaitText("#login", "Token of the run");
            assertThat(browser.text("#run")).isEmpty();

            logIn("another-token-0123456");
            browser.awaitText("#login-error", "not that of the run");
            logIn("a-token-of-a-person-0123");

            browser.awaitText("#connection", "Live");
            browser.awaitText("#phase", "Copying");
            assertThat(run.output()).doesNotContain("a-token-of-a-person-0123");
        }
    }

    private static void logIn(String token) {
        browser.enter("#token", token);
        browser.click("#login button");
    }

    @Test
    void aSilentRunIsSaidToGiveNoAnswerUntilItDoesAgain() throws Exception {
        try (RumpProcess run = migrate("--live")) {
            run.signal("STOP");
            browser.awaitText("#connection", "No answer");
            run.signal("CONT");
            browser.awaitText("#connection", "Live");
        }
    }

    @Test
    void anEditedRouteIsShownAsItIs() throws Exception {
        Files.createDirectory(folder.resolve("routes"));
        Files.writeString(
                folder.resolve("routes/migrate.camel.yaml"),
                Files.readString(Path.of("routes/migrate.camel.yaml"))
                        .replace(
                                "        - to: { id: queue-page,", """
                                - choice:
                                    id: by-size
                                    when:
                                      - id: pages-with-keys
                                        expression: { simple: { expression: "${body.size} > 0" } }
                                        steps: [ { log: { id: log-page, message: "read ${body.size} keys", loggingLevel: DEBUG } } ]
                                    otherwise:
                                      steps: [ { log: { id: log-end, message: "no more", loggingLevel: DEBUG } } ]
                                - to: { id: queue-page,""".indent(8).stripTrailing()));
        try (RumpProcess run = open(RumpProcess.launched(
                folder, Map.of("RUMP_FROM", PAIR.from(), "RUMP_TO", PAIR.to()), "--ui=0", "--queue-pages=1", SLOW))) {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(listed())
                    .contains(
                            "Route read-source (edited, in routes/migrate.camel.yaml) from rump:source",
                            "pages-with-keys, when ${body.size} > 0: ")
                    .doesNotContain("log-page, log: 0 messages"));
            assertThat(browser.text("#diagram")).contains("edited: migrate.camel.yaml", "log-page");
            assertThat(run.hasEnded()).isFalse();
            picture("edited");
        }
    }

    @ParameterizedTest
    @CsvSource({"light, 1280", "dark, 1280", "light, 360", "dark, 360"})
    void everybodyCanReadThePage(String scheme, int width) throws Exception {
        browser.prefer(scheme);
        browser.resize(width, 800);
        try (RumpProcess run = migrate("--live", "--max-keys-per-second=1000")) {
            browser.awaitText("#ready", "It can cut over now");

            assertThat(browser.violations()).isEmpty();
            picture("live-" + scheme + "-" + width);
            assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                    .isLessThanOrEqualTo(width);
            browser.click("#limit");
            assertThat(browser.violations()).isEmpty();
            picture("question-" + scheme + "-" + width);
            assertThat(browser.complaints()).isEmpty();
            assertThat(run.hasEnded()).isFalse();
        }
    }

    @Test
    void aComparisonIsShownWithItsFindings() throws Exception {
        try (RumpProcess copy = RumpProcess.between(PAIR.source(), PAIR.target(), List.of())) {
            assertThat(copy.exitCode()).isZero();
        }
        PAIR.atTarget().set("only:target", "1");
        PAIR.atSource().set("only:source", "1");
        List<String> flags = new ArrayList<>(List.of("compare", "--ui=0", "--rounds=1", "--max-keys-per-second=500"));
        flags.addAll(RumpProcess.fromTo(PAIR.source(), PAIR.target()));
        try (RumpProcess run = open(RumpProcess.launched(folder, Map.of(), flags.toArray(String[]::new)))) {
            browser.awaitText("#phase", "Comparing");
            browser.awaitText("#comparison", "Missing\n1");
            picture("comparison");
            assertThat(listed()).contains("Route compare-with-target (built in) from seda:pages-to-compare");

            browser.awaitText("#comparison", "Extra\n1");
            assertThat(run.exitCode()).isEqualTo(5);
        }
    }

    @Test
    void theComparisonAfterAMigrationIsShownInItsPlace() throws Exception {
        try (RumpProcess run = migrate("--verify", "--max-keys-per-second=500")) {
            browser.awaitText("#phase", "Copying");

            browser.awaitText("#phase", "Comparing");
            assertThat(browser.text("#comparison")).contains("Differing keys\n0");
            assertThat(run.exitCode()).isZero();
        }
    }

    @Test
    void aTargetClusterHasABarForEachOfItsNodes() throws Exception {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), 3, 0);
        try (RumpProcess run = open(RumpProcess.between(
                PAIR.source(), cluster.masters().get(0), List.of(), "--ui=0", "--batch-keys=50", SLOW))) {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                            browser.evaluate("document.querySelectorAll('#target-nodes progress').length")
                                    .asInt())
                    .isEqualTo(3));
            for (var master : cluster.masters()) {
                assertThat(browser.text("#target-nodes")).contains("127.0.0.1:" + master.port());
            }
            assertThat(browser.evaluate("[...document.querySelectorAll('#target-nodes progress')]"
                                    + ".reduce((sum, bar) => sum + bar.value, 0)")
                            .asDouble())
                    .isBetween(0.999, 1.001);
            assertThat(browser.violations()).isEmpty();
            picture("target-cluster");
            assertThat(run.hasEnded()).isFalse();
        }
    }

    @Test
    void aClusterHasABarForEachOfItsNodes() throws Exception {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), 3, 0);
        try (var client = cluster.client()) {
            for (int i = 0; i < KEYS; i++) {
                client.set("key:" + i, "value");
            }
        }
        try (RumpProcess run = open(RumpProcess.between(
                cluster.masters().get(0), PAIR.target(), List.of(), "--ui=0", SLOW, "--scan-count=10"))) {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                            browser.evaluate("[...document.querySelectorAll('#nodes progress')].length")
                                    .asInt())
                    .isEqualTo(3));
            for (var master : cluster.masters()) {
                assertThat(browser.text("#nodes")).contains("127.0.0.1:" + master.port());
            }
            assertThat(browser.violations()).isEmpty();
            await().until(() -> shown("restored") > 0);
            picture("cluster");
            assertThat(run.hasEnded()).isFalse();
        }
    }
}
