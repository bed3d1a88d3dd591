package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import io.camelrump.fixtures.StatusSchema;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;

/** A run of the command is steered by HTTP, by those who know its token, and by no page of another site. */
class ControlPortIT {
    private static final int KEYS = 2_000;
    private static final Pattern ANNOUNCED = Pattern.compile(
            "Steer this run with: rump status --control (http://127\\.0\\.0\\.1:\\d+)(?: --control-token-file (\\S+))?");

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    // it asks for HTTP/2, which has other headers than the raw requests below
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    private String url;
    private Path tokenFile;
    private String token;

    @BeforeEach
    void fill() {
        SampleData.fillMixed(PAIR.atSource(), KEYS);
    }

    private RumpProcess start(String... flags) throws IOException {
        String[] all = Stream.concat(Stream.of("--latency-guard=off", "--control-port=0"), Stream.of(flags))
                .toArray(String[]::new);
        RumpProcess run = RumpProcess.between(PAIR.source(), PAIR.target(), List.of("-Djava.io.tmpdir=" + folder), all);
        run.awaitOutput("Steer this run with");
        await().atMost(Duration.ofSeconds(5))
                .until(() -> ANNOUNCED.matcher(run.err()).find());
        Matcher announced = ANNOUNCED.matcher(run.err());
        assertThat(announced.find()).isTrue();
        url = announced.group(1);
        tokenFile = announced.group(2) == null ? null : Path.of(announced.group(2));
        token = tokenFile == null ? null : Files.readString(tokenFile).strip();
        return run;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer " + token);
    }

    private JsonNode status() throws IOException, InterruptedException {
        HttpResponse<String> response = send(request("/status"));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return StatusSchema.valid(response.body());
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    @Test
    void aRunIsPausedLimitedResumedAndCutOverByHttp() throws Exception {
        try (RumpProcess run = start("--live", "--max-keys-per-second=100")) {
            assertThat(status().path("phase").asText()).isEqualTo("copying");
            assertThat(post("/pause", "").statusCode()).isEqualTo(200);
            assertThat(status().path("paused").asBoolean()).isTrue();
            assertThat(post("/cutover", "").statusCode()).isEqualTo(409);
            assertThat(post("/limit", "{\"maxKeysPerSecond\": 0}").statusCode()).isEqualTo(200);
            assertThat(post("/limit", "fast").statusCode()).isEqualTo(400);
            assertThat(status().path("keys").path("read").asLong()).isLessThan(KEYS);
            assertThat(post("/resume", "").statusCode()).isEqualTo(200);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> status().path("canCutOver").path("now").asBoolean());
            await().untilAsserted(() -> assertThat(status().path("warnings")).isEmpty());

            assertThat(post("/cutover", "").statusCode()).isEqualTo(200);

            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.err()).contains("Cutting over, as a person has asked for it");
            assertThat(run.out()).contains("converged as of");
            assertThat(PAIR.atTarget().dbSize()).isEqualTo(KEYS);
            assertThat(tokenFile).doesNotExist();
        }
    }

    @Test
    void anAbortedRunEndsIncompleteAsOneThatASignalStops() throws Exception {
        try (RumpProcess run = start("--max-keys-per-second=100")) {
            assertThat(post("/abort", "").statusCode()).isEqualTo(200);

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).contains("INCOMPLETE: ");
        }
    }

    @Test
    void aCutoverThatIsAskedForDuringAPauseBeginsWhenTheRunIsResumed() throws Exception {
        Path go = folder.resolve("go");
        try (RumpProcess run = start("--live", "--cutover-file=" + go, "--pause-writes=30s")) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> status().path("phase").asText().equals("following"));
            post("/pause", "");
            Files.createFile(go);

            run.awaitOutput("it starts when the run, which is paused, is resumed");
            assertThat(PAIR.atSource().set("written", "meanwhile")).isEqualTo("OK");
            assertThat(run.output()).doesNotContain("are paused");
            post("/resume", "");

            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(PAIR.atTarget().get("written")).isEqualTo("meanwhile");
        } finally {
            PAIR.atSource().clientUnpause();
        }
    }

    /** What is in flight to a target that does not answer is waited for, but by no writer. */
    @Test
    void anAbortDuringACutoverEndsThePauseOfTheWritersAtOnce() throws Exception {
        try (RumpProcess run = start("--live", "--pause-writes=60s", "--drain-for=2s")) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> status().path("canCutOver").path("now").asBoolean());
            PAIR.target().pause();
            PAIR.atSource().set("written", "before");
            post("/cutover", "");
            run.awaitOutput("Writes at the source are paused");
            assertThat(status().path("phase").asText()).isEqualTo("cutting-over");
            assertThat(post("/pause", "").statusCode()).isEqualTo(409);

            assertThat(post("/abort", "").statusCode()).isEqualTo(200);

            try (Jedis writer = new Jedis(RedisServer.HOST, PAIR.source().port(), 2_000)) {
                assertThat(writer.set("written", "afterwards")).isEqualTo("OK");
            }
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).contains("INCOMPLETE: ");
        } finally {
            PAIR.target().resume();
            PAIR.atSource().clientUnpause();
        }
    }

    @Test
    void pauseAndLimitsHoldForTheVerificationBesideTheWritersToo() throws Exception {
        try (RumpProcess run = start("--live", "--final-compare=waiting", "--max-keys-per-second=1000")) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> status().path("keys").path("read").asLong() > KEYS / 2);
            post("/limit", "{\"maxKeysPerSecond\": 200}");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> status().path("phase").asText().equals("verifying")
                            && status().path("verified").asLong() > 0);

            post("/pause", "");
            // pages in flight still arrive
            await().atMost(Duration.ofSeconds(10))
                    .during(Duration.ofMillis(700))
                    .until(() -> status().path("verified").asLong(), new SameAsBefore());
            assertThat(status().path("verified").asLong()).isLessThan(KEYS);
            post("/limit", "{\"maxKeysPerSecond\": 0}");
            post("/resume", "");

            await().atMost(Duration.ofSeconds(5))
                    .until(() -> status().path("canCutOver").path("now").asBoolean());
            assertThat(status().path("verified").asLong()).isEqualTo(KEYS);
            post("/abort", "");
            assertThat(run.exitCode()).isEqualTo(1);
        }
    }

    /** Whether a number is that of the look before. */
    private static final class SameAsBefore implements Predicate<Long> {
        private long before = -1;

        @Override
        public boolean test(Long now) {
            boolean same = now == before;
            before = now;
            return same;
        }
    }

    @Test
    void statusNamesThePhasesOfACutoverThatWasVerifiedBefore() throws Exception {
        try (RumpProcess run =
                start("--live", "--final-compare=waiting", "--pause-writes=8s", "--fail-waiting-writes")) {
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat(status().path("phase").asText()).isEqualTo("following");
                assertThat(status().path("verified").asLong()).isEqualTo(KEYS);
            });
            assertThat(status().path("canCutOver").path("now").asBoolean()).isTrue();
            post("/cutover", "");

            await().atMost(Duration.ofSeconds(7))
                    .until(() -> status().path("phase").asText().equals("converged"));
            assertThat(status().path("canCutOver").path("reason").asText()).contains("it is over");
            assertThat(run.exitCode()).as(run.output()).isZero();
        } finally {
            PAIR.atSource().clientUnpause();
        }
    }

    @Test
    void nobodyWithoutTheTokenIsAnswered() throws Exception {
        try (RumpProcess run = start("--max-keys-per-second=100")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(tokenFile)))
                    .isEqualTo("rw-------");
            for (String wrong : new String[] {"", "Bearer", "Bearer x", "Basic " + token, "Bearer " + token + "x"}) {
                HttpRequest.Builder request =
                        HttpRequest.newBuilder(URI.create(url + "/abort")).POST(HttpRequest.BodyPublishers.noBody());
                if (!wrong.isEmpty()) {
                    request.header("Authorization", wrong);
                }

                HttpResponse<String> response = send(request);

                assertThat(response.statusCode()).as(wrong).isEqualTo(401);
                assertThat(response.body()).doesNotContain("keys", token);
            }
            assertThat(status().path("state").asText()).isEqualTo("running");
            assertThat(run.output()).doesNotContain(token);
        }
    }

    @Test
    void aPageOfAnotherSiteReachesNothing() throws Exception {
        try (RumpProcess run = start("--max-keys-per-second=100")) {
            String port = url.substring(url.lastIndexOf(':') + 1);

            assertThat(raw("Host: example.com:" + port)).startsWith("HTTP/1.1 403");
            assertThat(raw("Host: 127.0.0.1:1")).startsWith("HTTP/1.1 403");
            assertThat(raw("Host: 127.0.0.1")).startsWith("HTTP/1.1 403");
            assertThat(raw("Host: 127.0.0.1:" + port, "Origin: http://example.com"))
                    .startsWith("HTTP/1.1 403");
            assertThat(raw("Host: 127.0.0.1:" + port, "Origin: null")).startsWith("HTTP/1.1 403");
            assertThat(raw("Host: localhost:" + port, "Content-Type: application/x-www-form-urlencoded"))
                    .startsWith("HTTP/1.1 415");
            assertThat(status().path("paused").asBoolean()).isFalse();
            assertThat(raw("Host: localhost:" + port, "Origin: http://localhost:" + port))
                    .startsWith("HTTP/1.1 200");
            assertThat(status().path("paused").asBoolean()).isTrue();
            assertThat(run.output()).doesNotContain("INCOMPLETE");
        }
    }

    /** Headers as no HTTP client lets a program choose them. */
    private String raw(String... headers) throws IOException {
        int port = Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
        try (Socket socket = new Socket(RedisServer.HOST, port)) {
            socket.setSoTimeout(20_000);
            String request = "POST /pause HTTP/1.1\r\nAuthorization: Bearer " + token + "\r\nConnection: close\r\n"
                    + "Content-Length: 0\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(new DataInputStream(socket.getInputStream()).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--control-port=70000, is no port",
        "--control-token-file=none, is about --control-port",
        "--control-port=0 --control-token-file=none, --control-token-file none cannot be read"
    })
    void wrongFlagsAreRefused(String flags, String objection) {
        CommandRun run = refused(flags.split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(objection);
    }

    @Test
    void aPortThatIsTakenAndATokenThatIsGuessedAreRefused() throws IOException {
        Path weak = Files.writeString(folder.resolve("token"), "secret\n");
        try (ServerSocket taken = new ServerSocket(0)) {
            CommandRun busy = refused("--control-port=" + taken.getLocalPort());
            CommandRun guessed = refused("--control-port=0", "--control-token-file=" + weak);

            assertThat(busy.exitCode()).isEqualTo(2);
            assertThat(busy.err()).contains("--control-port " + taken.getLocalPort() + " cannot be opened");
            assertThat(guessed.exitCode()).isEqualTo(2);
            assertThat(guessed.err()).contains("at least 16 characters").doesNotContain("secret");
            assertThat(PAIR.atTarget().dbSize()).isZero();
        }
    }

    private static CommandRun refused(String... flags) {
        return CommandRun.of(
                RumpProcess.fromTo(PAIR.source(), PAIR.target(), flags).toArray(String[]::new));
    }
}
