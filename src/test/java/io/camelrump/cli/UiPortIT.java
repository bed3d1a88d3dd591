package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import io.camelrump.fixtures.StatusSchema;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The files and data of the page that shows a run, as HTTP brings them, and who may have them. */
class UiPortIT {
    private static final int KEYS = 2_000;
    private static final String SLOW = "--max-keys-per-second=200";
    private static final Pattern WATCHED =
            Pattern.compile("Watch this run at (http://127\\.0\\.0\\.1:(\\d+))/ui#token=(\\S+)");

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private String url;
    private int port;
    private String token;

    @BeforeEach
    void fill() {
        SampleData.fillMixed(PAIR.atSource(), KEYS);
    }

    private RumpProcess start(String... flags) {
        String[] all = Stream.concat(Stream.of("--ui=0"), Stream.of(flags)).toArray(String[]::new);
        RumpProcess run = RumpProcess.between(PAIR.source(), PAIR.target(), List.of(), all);
        run.awaitOutput("/ui#token=");
        Matcher watched = WATCHED.matcher(run.err());
        assertThat(watched.find()).as(run.err()).isTrue();
        url = watched.group(1);
        port = Integer.parseInt(watched.group(2));
        token = watched.group(3);
        return run;
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(url + path));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(to(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Sends it with the token. */
    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(
                request.header("Authorization", "Bearer " + token).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path) throws IOException, InterruptedException {
        return send(to(path).POST(HttpRequest.BodyPublishers.noBody()));
    }

    private InputStream stream() throws IOException, InterruptedException {
        HttpResponse<InputStream> response = client.send(
                to("/status/stream").header("Authorization", "Bearer " + token).build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/x-ndjson");
        return response.body();
    }

    private static BufferedReader lines(InputStream stream) {
        return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    @Test
    void anybodyHereHasThePageWhichLoadsNothingFromElsewhere() throws Exception {
        Map<String, String> files = Map.of(
                "/ui", "text/html",
                "/ui/page.js", "text/javascript",
                "/ui/page.css", "text/css",
                "/ui/icon.svg", "image/svg+xml",
                "/ui/uPlot.iife.min.js", "text/javascript");
        try (RumpProcess run = start(SLOW)) {
            for (var expected : files.entrySet()) {
                HttpResponse<String> file = get(expected.getKey());

                assertThat(file.statusCode()).as(expected.getKey()).isEqualTo(200);
                assertThat(file.headers().firstValue("content-type").orElseThrow())
                        .startsWith(expected.getValue());
                assertThat(file.headers().firstValue("content-security-policy").orElseThrow())
                        .contains("default-src 'none'", "script-src 'self';", "frame-ancestors 'none'")
                        .doesNotContain("unsafe");
                assertThat(file.headers().firstValue("x-content-type-options")).hasValue("nosniff");
                assertThat(file.body()).doesNotContain(token, PAIR.from());
            }
            for (String path : List.of(
                    "/ui/RunPage.class", "/ui/none.js", "/ui/..%2fcli%2fprocess%2fbuild.properties", "/ui/.js")) {
                assertThat(get(path).statusCode()).as(path).isEqualTo(404);
            }
            assertThat(run.hasEnded()).isFalse();
        }
    }

    @Test
    void thereIsNoDataWithoutTheTokenOrForAPageOfAnotherSite() throws Exception {
        try (RumpProcess run = start(SLOW)) {
            for (String path : List.of("/status/stream", "/status/series", "/status")) {
                HttpResponse<String> refused = get(path);
                assertThat(refused.statusCode()).as(path).isEqualTo(401);
                assertThat(refused.body()).doesNotContain("keys");
                String known = "Authorization: Bearer " + token;
                assertThat(raw(path, known, "Host: example.com:" + port)).startsWith("HTTP/1.1 403");
                assertThat(raw(path, known, "Host: 127.0.0.1:" + port, "Origin: http://example.com"))
                        .startsWith("HTTP/1.1 403");
            }
            assertThat(raw("/ui", "Host: example.com:" + port)).startsWith("HTTP/1.1 403");
            assertThat(raw("/ui", "Host: localhost:" + port)).startsWith("HTTP/1.1 200");
            assertThat(run.hasEnded()).isFalse();
        }
    }

    /** Headers as no HTTP client lets a program choose them. */
    private String raw(String path, String... headers) throws IOException {
        try (Socket socket = new Socket(RedisServer.HOST, port)) {
            socket.setSoTimeout(20_000);
            String request =
                    "GET " + path + " HTTP/1.1\r\nConnection: close\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(new DataInputStream(socket.getInputStream()).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aLineComesEachSecondWithTheStatusAndTheRoutes() throws Exception {
        try (RumpProcess run = start(SLOW);
                BufferedReader lines = lines(stream())) {
            JsonNode first = new ObjectMapper().readTree(lines.readLine());
            JsonNode second = new ObjectMapper().readTree(lines.readLine());

            JsonNode status = StatusSchema.valid(first.path("runs").path(0).toString());
            assertThat(status.path("state").asText()).isEqualTo("running");
            assertThat(first.path("runs")).hasSize(1);
            assertThat(first.path("routes")).hasSize(2);
            assertThat(first.path("routes")
                            .path(0)
                            .path("steps")
                            .path(0)
                            .path("id")
                            .asText())
                    .isEqualTo("queue-page");
            assertThat(second.path("routes").isNull()).isTrue();
            assertThat(second.path("time").asDouble() - first.path("time").asDouble())
                    .isBetween(0.9, 3.0);
            // batches are filled at the rate of the limit
            assertThat(lines.lines().map(line -> restored(json(line))))
                    .anySatisfy(keys -> assertThat(keys).isBetween(1L, (long) KEYS));
            assertThat(run.hasEnded()).isFalse();
        }
    }

    private static JsonNode json(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long restored(JsonNode line) {
        return line.path("steps").path("restore-batch").path(1).asLong();
    }

    @Test
    void aPageThatIsOpenedLaterHasTheRatesUntilThen() throws Exception {
        try (RumpProcess run = start("--live")) {
            run.awaitOutput("Verified beside the writers");

            HttpResponse<String> series = send(to("/status/series"));

            JsonNode columns = new ObjectMapper().readTree(series.body());
            assertThat(series.statusCode()).isEqualTo(200);
            assertThat(columns.path("seconds")).isNotEmpty().hasSameSizeAs(columns.path("keysReadPerSecond"));
            assertThat(columns.path("keysReadPerSecond"))
                    .anySatisfy(rate -> assertThat(rate.asLong()).isPositive());
            assertThat(run.hasEnded()).isFalse();
        }
    }

    @Test
    void theLastLineSaysHowTheRunEndedAndNoPageHoldsUpItsEnd() throws Exception {
        List<InputStream> deaf = new ArrayList<>();
        try (RumpProcess run = start("--live");
                BufferedReader lines = lines(stream())) {
            for (int i = 0; i < 3; i++) {
                deaf.add(stream());
            }
            run.awaitOutput("Verified beside the writers");
            run.signal("USR1");
            String last = lines.lines().reduce((before, line) -> line).orElseThrow();
            long endedAt = System.nanoTime();

            assertThat(new ObjectMapper()
                            .readTree(last)
                            .path("runs")
                            .path(0)
                            .path("state")
                            .asText())
                    .isEqualTo("complete");
            assertThat(run.exitCode()).isZero();
            assertThat(System.nanoTime() - endedAt).isLessThan(3_000_000_000L);
        } finally {
            for (InputStream each : deaf) {
                each.close();
            }
        }
    }

    @Test
    void manyPagesLeaveRoomForThoseWhoSteer() throws Exception {
        List<InputStream> open = new ArrayList<>();
        try (RumpProcess run = start("--live")) {
            for (int i = 0; i < 8; i++) {
                open.add(stream());
            }

            HttpResponse<String> more = send(to("/status/stream"));
            assertThat(more.statusCode()).isEqualTo(503);
            assertThat(more.body()).contains("8 pages show this run");
            assertThat(post("/pause").statusCode()).isEqualTo(200);
            assertThat(run.hasEnded()).isFalse();
        } finally {
            for (InputStream each : open) {
                each.close();
            }
        }
    }

    @Test
    void onePortMayServeThePageTheCommandsThatSteerAndTheMetrics() throws Exception {
        try (RumpProcess run = start("--control-port=0", "--metrics-port=0", SLOW)) {
            Matcher steered = Pattern.compile("--control (\\S+) --control-token-file (\\S+)")
                    .matcher(run.err());
            assertThat(steered.find()).isTrue();
            assertThat(steered.group(1)).isEqualTo(url);
            assertThat(run.err()).contains("Metrics: " + url + "/observe/metrics");
            assertThat(CommandRun.of("status", "--control=" + url, "--control-token-file=" + steered.group(2))
                            .out())
                    .contains("copying");
            assertThat(get("/observe/metrics").body()).contains("camel_rump_keys_total");
            assertThat(get("/observe/health").body()).contains("UP");
            assertThat(get("/ui").body()).contains("<title>camel-rump</title>");
            assertThat(get("/status").statusCode()).isEqualTo(401);
            assertThat(run.hasEnded()).isFalse();
        }
    }

    @Test
    void aWayBackIsShownWithItsOwnRoutesAndRates() throws Exception {
        try (RumpProcess run = start("--live", "--way-back", "--latency-guard=off", "--metrics-port=0")) {
            run.awaitOutput("Verified beside the writers");
            run.signal("USR1");
            run.awaitOutput("The way back begins: ");
            PAIR.atTarget().set("late", "value");
            JsonNode back = lines(stream())
                    .lines()
                    .map(UiPortIT::json)
                    .filter(line -> phase(line).equals("way-back") && restored(line) > 0)
                    .findFirst()
                    .orElseThrow();

            assertThat(restored(back)).as("keys that were copied back").isLessThan(KEYS);
            JsonNode series = json(send(to("/status/series")).body());
            assertThat(series.path("phases"))
                    .extracting(phase -> phase.path("phase").asText())
                    .containsExactly("way-back");
            assertThat(series.path("keysWrittenPerSecond"))
                    .anySatisfy(rate -> assertThat(rate.asLong()).isPositive());
            assertThat(post("/release").statusCode()).isEqualTo(200);
            assertThat(run.exitCode()).as(run.output()).isZero();
        }
    }

    private static String phase(JsonNode line) {
        return line.path("runs").path(0).path("phase").asText();
    }

    @Test
    void allOfThePageIsSmall() throws Exception {
        try (Stream<Path> files = Files.walk(Path.of("target/classes/io/camelrump/ui"))) {
            assertThat(files.filter(file -> !file.toString().matches(".*\\.class|.*txt"))
                            .mapToLong(file -> file.toFile().length())
                            .sum())
                    .isBetween(50_000L, 150_000L);
        }
    }

    @Test
    void pageAndCommandsTakeOnePort() {
        CommandRun run =
                CommandRun.of(RumpProcess.fromTo(PAIR.source(), PAIR.target(), "--ui=8731", "--control-port=8732")
                        .toArray(String[]::new));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--ui 8731 and --control-port 8732 must be one port");
    }
}
