package io.camelrump.platforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.Manifest;
import io.camelrump.fixtures.RedisServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The page of Quarkus, followed. */
class QuarkusPlatformIT {
    @RegisterExtension
    private static final PlatformServers SERVERS = new PlatformServers();

    private static final int PORT = RedisServer.freePort();

    private static PlatformPage page;
    private static PlatformFolder folder;

    @BeforeAll
    static void build(@TempDir Path parent) throws Exception {
        page = PlatformPage.of("quarkus", 0);
        folder = SERVERS.areIn(PlatformFolder.of("quarkus", parent, "src/main/resources/camel/migrate.camel.yaml"))
                .with("QUARKUS_HTTP_PORT", PORT);
        ComponentOptions.addTo(folder);
        folder.build(page.command(0));
    }

    @Test
    void theUnchangedRouteCopiesEveryKeyAndTheApplicationEndsWith0() throws Exception {
        String printed = folder.succeed(page.command(1));

        page.assertShows(printed);
        assertThat(printed).contains(SERVERS.complete());
        SERVERS.assertEqual();
    }

    @Test
    void optionsOfTheComponentHoldForBothServers() throws Exception {
        try (PlatformProcess process = ComponentOptions.start(folder, page.command(1), SERVERS)) {
            assertThat(process.exitCode()).as(process::output).isZero();
        }

        ComponentOptions.assertTookEffect(SERVERS);
    }

    @Test
    void aRunThatFailsIsDownInTheHealthOfTheApplicationWhichEndsWith1() throws Exception {
        SERVERS.putForeignKey();
        try (PlatformProcess process = folder.start(page.command(1), Map.of("RUMP_TARGET_ON_CONFLICT", "fail"))) {
            process.awaitOutput("Run rump ended FAILED");
            String health = health();

            assertThat(health).contains("\"status\": \"DOWN\"", "FAILED", "mixed:0");
            assertThat(process.exitCode()).as(process::output).isEqualTo(1);
        }
    }

    @Test
    void aLiveRunIsProbedShownInABrowserAndCutOverByHttp(@TempDir Path parent) throws Exception {
        PlatformFolder steered = ProbedRun.project(
                "quarkus",
                parent,
                "<dependency><groupId>org.apache.camel.quarkus</groupId>"
                        + "<artifactId>camel-quarkus-platform-http</artifactId></dependency>"
                        + "<dependency><groupId>org.apache.camel.quarkus</groupId>"
                        + "<artifactId>camel-quarkus-bean</artifactId></dependency>");
        SERVERS.areIn(steered).with("QUARKUS_HTTP_PORT", PORT);
        steered.build(page.command(0));

        new ProbedRun(SERVERS, Manifest.of("quarkus"), PORT).goThrough(steered, page.command(1), "/q/health");
    }

    /** What the application answers as soon as it listens. */
    private static String health() {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORT + "/q/health"))
                .build();
        return await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(
                        () -> HttpClient.newHttpClient()
                                .send(request, HttpResponse.BodyHandlers.ofString())
                                .body(),
                        body -> body.contains("camel-consumers"));
    }
}
