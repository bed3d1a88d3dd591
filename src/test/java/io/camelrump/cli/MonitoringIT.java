package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.fixtures.FaultRun;
import io.camelrump.fixtures.PrometheusServer;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Alert rules and dashboard, by a real Prometheus that scrapes a real run. */
@EnabledIfEnvironmentVariable(named = PrometheusServer.FOLDER, matches = ".+")
class MonitoringIT {
    private static final Path DASHBOARD = Path.of("src/main/monitoring/dashboard.json");
    private static final String ALERTS = "src/main/monitoring/alerts.yaml";

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    @Test
    void eachAlertFiresWhenItShouldAndNotBefore() throws Exception {
        assertThat(PrometheusServer.objections("check", "rules", ALERTS)).isEmpty();
        assertThat(PrometheusServer.objections("test", "rules", "src/test/monitoring/alerts-test.yaml"))
                .isEmpty();
    }

    @Test
    void eachPanelAndEachAlertFindsItsMetersInARunThatIsScraped() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        FaultRun.fill(source, 2_000);
        try (Jedis other = source.jedis();
                RumpProcess run = RumpProcess.between(
                        source,
                        target,
                        List.of(),
                        "--live",
                        "--metrics-port=0",
                        "--max-keys-per-second=10000",
                        "--max-bytes-per-second=10mb")) {
            run.awaitOutput("/observe/metrics");
            Matcher announced =
                    Pattern.compile("Metrics: http://(\\S+)(/observe/metrics)").matcher(run.err());
            assertThat(announced.find()).isTrue();
            List<String> expressions = expressions();
            assertThat(expressions).hasSizeGreaterThan(25);
            try (PrometheusServer prometheus = new PrometheusServer(folder, announced.group(1), announced.group(2))) {
                await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
                    other.set("changed", "value");
                    assertThat(expressions)
                            .filteredOn(each -> prometheus.query(each).isEmpty())
                            .isEmpty();
                });
            }
        }
    }

    /** What the dashboard asks, and the meters that the alerts are about. */
    private static List<String> expressions() throws IOException {
        List<String> expressions = new ArrayList<>();
        for (JsonNode panel : new ObjectMapper().readTree(DASHBOARD.toFile()).path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                expressions.add(target.path("expr")
                        .asText()
                        .replace("$migration", ".*")
                        .replace("$instance", ".*")
                        .replace("$__rate_interval", "10s"));
            }
        }
        Pattern.compile("camel_rump_\\w+")
                .matcher(Files.readString(Path.of(ALERTS)))
                .results()
                .map(MatchResult::group)
                .forEach(expressions::add);
        return expressions;
    }
}
