package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.camelrump.fixtures.FaultRun;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.PrometheusServer;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
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
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        HttpServer http = serving(meters);
        try (Jedis other = source.jedis();
                Migration run = Migration.from(source)
                        .to(target)
                        .with("rump.source.live", true)
                        .with("rump.source.latency-guard", "on")
                        .with("rump.target.max-keys-per-second", 10_000)
                        .with("rump.source.max-keys-per-second", 10_000)
                        .with("rump.source.max-bytes-per-second", 10_000_000)
                        .bind("meters", meters)
                        .start();
                PrometheusServer prometheus = new PrometheusServer(
                        folder, "127.0.0.1:" + http.getAddress().getPort(), "/metrics")) {
            assertThat(run.ledger().state()).isEqualTo(RunState.RUNNING);
            List<String> expressions = expressions();
            assertThat(expressions).hasSizeGreaterThan(25);

            await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
                other.set("changed", "value");
                assertThat(expressions)
                        .filteredOn(each -> prometheus.query(each).isEmpty())
                        .isEmpty();
            });
        } finally {
            http.stop(0);
        }
    }

    private static HttpServer serving(PrometheusMeterRegistry meters) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(RedisServer.HOST, 0), 0);
        http.createContext("/metrics", exchange -> {
            byte[] body = meters.scrape().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        http.start();
        return http;
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
