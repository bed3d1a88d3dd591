package io.camelrump.platforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.Manifest;
import io.camelrump.fixtures.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionTimeoutException;
import redis.clients.jedis.Jedis;

/**
 * A live run of an application that a platform probes at the paths of a manifest, and that is shown in a browser and
 * steered by the built-in routes for that. Its target asks for a password, and goes away for a while.
 */
final class ProbedRun {
    private static final Path ROUTES = Path.of("routes");
    private static final String TOKEN = "token-of-this-test";
    private static final String SECRET = "s3cret-of-the-target";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient client = HttpClient.newHttpClient();
    private final PlatformServers servers;
    private final Manifest manifest;
    private final int port;

    /**
     * @param manifest that names the paths of the probes
     * @param port of the application
     */
    ProbedRun(PlatformServers servers, Manifest manifest, int port) {
        this.servers = servers;
        this.manifest = manifest;
        this.port = port;
    }

    /** A copy of a project that has the control routes too, and those of the page. */
    static PlatformFolder project(String name, Path parent, String dependency) throws IOException {
        PlatformFolder folder = PlatformFolder.of(
                name,
                Files.createDirectories(parent.resolve("steered")),
                "src/main/resources/camel/migrate.camel.yaml");
        for (String file : List.of("control.camel.yaml", "ui.camel.yaml")) {
            Files.copy(
                    ROUTES.resolve(file),
                    folder.path().resolve("src/main/resources/camel").resolve(file));
        }
        Path pom = folder.path().resolve("pom.xml");
        Files.writeString(pom, Files.readString(pom).replaceFirst("</dependencies>\\s*<build>", dependency + "$0"));
        return folder;
    }

    /** Variables of the environment for the application. */
    private Map<String, String> variables(FaultyProxy toTarget) {
        return Map.of(
                "RUMP_SOURCE_LIVE",
                "true",
                "RUMP_TARGET_PORT",
                String.valueOf(toTarget.port()),
                "RUMP_TARGET_PASSWORD",
                SECRET,
                "CONTROL_PORT",
                String.valueOf(port),
                "CONTROL_TOKEN",
                TOKEN,
                // as a container of Kubernetes has them
                "KUBERNETES_SERVICE_HOST",
                "10.96.0.1",
                "KUBERNETES_SERVICE_PORT",
                "443",
                // where the application would end once the run is idle
                "CAMEL_MAIN_DURATION_MAX_IDLE_SECONDS",
                "0");
    }

    /**
     * Starts the application, looks at its page, and lets its target go away and come back before it cuts over.
     *
     * @param health path of all that the application says of its health
     */
    void goThrough(PlatformFolder folder, String command, String health) throws Exception {
        requirePassword(servers.target(), SECRET);
        try (FaultyProxy toTarget = new FaultyProxy(servers.target());
                PlatformProcess process = folder.start(command, variables(toTarget))) {
            awaitAnswer(process, manifest.readiness(), 200);
            new ServedPage(port, TOKEN).assertShowsTheRun();

            toTarget.refuse();
            toTarget.cut();
            awaitAnswer(process, manifest.readiness(), 503);
            assertThat(get(manifest.liveness()).statusCode()).isEqualTo(200);
            assertThat(get(health).body())
                    .contains("DOWN", "127.0.0.1:" + toTarget.port())
                    .doesNotContain(SECRET, TOKEN);

            toTarget.heal();
            awaitAnswer(process, manifest.readiness(), 200);
            assertThat(post("/cutover").statusCode()).isEqualTo(200);
            process.awaitOutput("ended COMPLETE");
            assertThat(process.output()).doesNotContain(SECRET, TOKEN);
        } finally {
            requirePassword(servers.target(), "");
        }
        servers.assertSame();
    }

    private static void requirePassword(RedisServer server, String password) {
        try (Jedis jedis = new Jedis(RedisServer.HOST, server.port())) {
            if (password.isEmpty()) {
                jedis.auth(SECRET);
            }
            jedis.configSet("requirepass", password);
        }
    }

    private void awaitAnswer(PlatformProcess process, String path, int code) {
        try {
            await(path).atMost(PATIENCE).until(() -> status(path) == code);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(path + " is not " + code + ": " + process.output(), e);
        }
    }

    /** Of the answer; 0 if there is none. What has to be written shows whether it can be. */
    private int status(String path) throws InterruptedException {
        try (Jedis source = servers.source().jedis()) {
            source.incr("counter");
            return get(path).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    private HttpResponse<String> post(String path) throws IOException, InterruptedException {
        return send(request(path)
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.noBody()));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
