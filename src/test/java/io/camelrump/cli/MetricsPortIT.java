package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.Manifest;
import io.camelrump.fixtures.MeterNames;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;

/** Metrics and health of a run of the command, as Prometheus and a platform read them over HTTP while it works. */
class MetricsPortIT {
    private static final int KEYS = 2_000;
    private static final String SLOW = "--max-keys-per-second=100";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern ANNOUNCED =
            Pattern.compile("Metrics: (http://127\\.0\\.0\\.1:\\d+)/observe/metrics, health: \\1/observe/health");

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private RedisServer source;
    private RedisServer target;
    private Jedis atSource;
    private String url;

    @BeforeEach
    void fill() {
        source = servers.start();
        target = servers.start();
        atSource = source.jedis();
        SampleData.fillMixed(atSource, KEYS);
    }

    @AfterEach
    void close() {
        atSource.close();
    }

    private RumpProcess start(String... flags) {
        return startTo(RumpProcess.uri(target), flags);
    }

    private RumpProcess startTo(String to, String... flags) {
        RumpProcess run = RumpProcess.between(source, to, List.of(), flags);
        run.awaitOutput("/observe/health");
        Matcher announced = ANNOUNCED.matcher(run.err());
        assertThat(announced.find()).as(run.err()).isTrue();
        url = announced.group(1);
        return run;
    }

    private HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(20));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private String metrics() throws IOException, InterruptedException {
        HttpResponse<String> response = get("/observe/metrics");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
        return response.body();
    }

    /** The value of the one series that has this name and these tags. */
    private double value(String series) throws IOException, InterruptedException {
        Matcher line = Pattern.compile("(?m)^" + series.replace("{", "\\{.*").replace("}", ".*\\}") + " (\\S+)$")
                .matcher(metrics());
        assertThat(line.find()).as(series).isTrue();
        return Double.parseDouble(line.group(1));
    }

    @Test
    void metersAreReadWhileARunWorks() throws Exception {
        try (RumpProcess run = start("--metrics-port=0", SLOW)) {
            double before = value("camel_rump_keys_total{outcome=\"restored\"}");

            await().atMost(PATIENCE).untilAsserted(() -> {
                // the source's round trip is measured while it has other clients
                atSource.ping();
                assertThat(MeterNames.in(metrics())).isEqualTo(MeterNames.ALL);
                assertThat(value("camel_rump_keys_total{outcome=\"restored\"}")).isGreaterThan(before);
            });
            assertThat(value("camel_rump_state{state=\"running\"}")).isEqualTo(1);
            assertThat(value("camel_rump_source_keys{}")).isEqualTo(KEYS);
            run.signal("TERM");
            assertThat(run.exitCode()).isEqualTo(143);
        }
    }

    @Test
    void healthFollowsTheTargetAndSaysWhyARunIsNotReady() throws Exception {
        target = servers.start(RedisServers.usual(), "--requirepass", "s3cret-of-it");
        try (FaultyProxy proxy = new FaultyProxy(target);
                RumpProcess run = startTo(
                        "redis://:s3cret-of-it@127.0.0.1:" + proxy.port(),
                        "--metrics-port=0",
                        "--live",
                        "--latency-guard=off")) {
            awaitHealth(200, "UP", "consumer:read-source");

            proxy.refuse();
            proxy.cut();
            awaitHealth(503, "DOWN", "127.0.0.1:" + proxy.port(), "\"restored\"");
            Manifest manifest = Manifest.of("command");
            assertThat(manifest.arguments()).contains("--metrics-port=9876", "--bind=0.0.0.0");
            assertThat(get(manifest.liveness()).statusCode()).isEqualTo(200);
            assertThat(get(manifest.readiness()).statusCode()).isEqualTo(503);
            assertThat(get("/observe/health?data=true").body() + metrics()).doesNotContain("s3cret");

            proxy.heal();
            awaitHealth(200, "UP", "consumer:read-source");
            assertThat(run.hasEnded()).isFalse();
        }
    }

    private void awaitHealth(int code, String status, String... data) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            // what has to be written shows whether it can be
            atSource.incr("counter");
            HttpResponse<String> response = get("/observe/health?data=true");
            assertThat(response.statusCode()).as(response.body()).isEqualTo(code);
            JsonNode health = new ObjectMapper().readTree(response.body());
            assertThat(health.path("status").asText()).isEqualTo(status);
            assertThat(response.body()).contains(data);
        });
    }

    @Test
    void onePortServesTheControlRoutesTooAndTheyAloneTakeTheToken() throws Exception {
        try (RumpProcess run = start("--metrics-port=0", "--control-port=0", SLOW)) {
            Matcher steered = Pattern.compile("--control (\\S+) --control-token-file (\\S+)")
                    .matcher(run.err());
            assertThat(steered.find()).isTrue();
            assertThat(steered.group(1)).isEqualTo(url);

            assertThat(get("/status").statusCode()).isEqualTo(401);
            assertThat(metrics()).contains("camel_rump_keys_total");
            awaitHealth(200, "UP", "consumer:read-source");
            assertThat(CommandRun.of("status", "--control=" + url, "--control-token-file=" + steered.group(2))
                            .out())
                    .contains("copying");
            run.signal("TERM");
            assertThat(run.exitCode()).isEqualTo(143);
        }
    }

    @Test
    void controlAndMetricsMayHaveAPortEach() throws Exception {
        int free = freePort();
        try (RumpProcess run = start("--metrics-port=0", "--control-port=" + free, SLOW)) {
            assertThat(url).doesNotEndWith(":" + free);
            assertThat(metrics()).contains("camel_rump_keys_total");
            assertThat(get("/status").statusCode()).isEqualTo(404);

            url = "http://127.0.0.1:" + free;
            assertThat(get("/status").statusCode()).isEqualTo(401);
            assertThat(get("/observe/metrics").statusCode()).isEqualTo(404);
            assertThat(run.hasEnded()).isFalse();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(RedisServer.HOST))) {
            return socket.getLocalPort();
        }
    }

    @Test
    void otherAddressesAreServedByNameOnly() throws Exception {
        // all of 127.0.0.0/8 is this machine
        String other = "127.0.0.2";
        try (RumpProcess run = start("--metrics-port=0", SLOW)) {
            int port = URI.create(url).getPort();
            assertThat(connects(other, port)).isFalse();
            assertThat(run.hasEnded()).isFalse();
        }
        target = servers.start();
        try (RumpProcess run = start("--metrics-port=0", "--bind=0.0.0.0", SLOW)) {
            assertThat(run.err()).contains("at all addresses of this machine");
            url = url.replace(RedisServer.HOST, other);
            assertThat(metrics()).contains("camel_rump_keys_total");
        }
    }

    private static boolean connects(String host, int port) {
        try (Socket socket = new Socket(host, port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aComparisonIsWatchedToo() throws Exception {
        try (RumpProcess copy = RumpProcess.between(source, target, List.of(), "--latency-guard=off")) {
            assertThat(copy.exitCode()).isZero();
        }
        atSource.set("mixed:1", "differs");
        List<String> line = new ArrayList<>(List.of("compare", "--metrics-port=0", SLOW, "--rounds=1"));
        line.addAll(RumpProcess.fromTo(source, target));
        try (RumpProcess run = RumpProcess.launched(RumpProcess.DISTRIBUTION, Map.of(), line.toArray(String[]::new))) {
            run.awaitOutput("/observe/health");
            Matcher announced = ANNOUNCED.matcher(run.err());
            assertThat(announced.find()).isTrue();
            url = announced.group(1);

            await().atMost(PATIENCE).untilAsserted(() -> assertThat(value("camel_rump_read_keys_total{}"))
                    .isPositive());
            assertThat(metrics()).contains("camel_rump_differing_keys");
        }
    }

    @Test
    void aWayBackIsWatchedInThePlaceOfItsMigration() throws Exception {
        try (RumpProcess run =
                        start("--metrics-port=0", "--live", "--way-back", "--pause-writes=1s", "--latency-guard=off");
                Jedis atTarget = target.jedis()) {
            run.awaitOutput("Verified beside the writers");
            assertThat(value("camel_rump_phase{phase=\"following\"}")).isEqualTo(1);
            run.signal("USR1");
            run.awaitOutput("The way back begins: ");

            await().atMost(PATIENCE).untilAsserted(() -> {
                atTarget.incr("late");
                assertThat(value("camel_rump_phase{phase=\"way-back\"}")).isEqualTo(1);
                assertThat(value("camel_rump_keys_total{outcome=\"restored\"}")).isBetween(1.0, KEYS / 2.0);
            });
            HttpResponse<String> health = get("/observe/health");
            assertThat(health.statusCode()).as(health.body()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--metrics-port=70000 | --metrics-port 70000 is no port",
                "--bind=0.0.0.0 | --bind is about --metrics-port",
                "--metrics-port=0 --bind=no.such.host.invalid | --bind no.such.host.invalid is not known",
                "--metrics-port=0 --bind=192.0.2.1 | --bind 192.0.2.1 is no address of this machine",
                "--metrics-port=0 --control-port=0 --bind=0.0.0.0 | give --control-port another number"
            })
    void wrongFlagsAreRefused(String flags, String objection) {
        CommandRun run = CommandRun.of(
                RumpProcess.fromTo(source, target, flags.split(" ")).toArray(String[]::new));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(objection);
    }

    @Test
    void aPortThatIsTakenIsRefusedBeforeTheFirstKey() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName(RedisServer.HOST))) {
            String flag = "--metrics-port=" + taken.getLocalPort();
            CommandRun run =
                    CommandRun.of(RumpProcess.fromTo(source, target, flag).toArray(String[]::new));

            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err())
                    .contains("--metrics-port " + taken.getLocalPort() + " cannot be opened (Address already in use)");
        }
        try (Jedis atTarget = target.jedis()) {
            assertThat(atTarget.dbSize()).isZero();
        }
    }
}
