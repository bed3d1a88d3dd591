package io.camelrump.platforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.fixtures.StatusSchema;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * The page that shows a run, as an application with the built-in routes serves it.
 *
 * @param port of the application
 * @param token of its control routes
 */
record ServedPage(int port, String token) {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /** The files are for everybody, the data for whoever has the token. */
    void assertShowsTheRun() throws IOException, InterruptedException {
        assertThat(get("/ui", "").body()).contains("<title>camel-rump</title>");
        HttpResponse<String> script = get("/ui/page.js", "");
        assertThat(script.body()).contains("import { Charts }");
        assertThat(script.headers().firstValue("content-type").orElseThrow()).startsWith("text/javascript");
        assertThat(script.headers().firstValue("content-security-policy").orElseThrow())
                .contains("default-src 'none'");
        assertThat(get("/status/stream", "not-the-token-of-it").statusCode()).isEqualTo(401);
        await().atMost(PATIENCE).untilAsserted(this::assertStreams);
        JsonNode series = json(get("/status/series", token).body());
        assertThat(series.path("seconds")).isNotEmpty();
    }

    private void assertStreams() throws IOException, InterruptedException {
        JsonNode line = json(firstLine());
        JsonNode status = StatusSchema.valid(line.path("runs").path(0).toString());
        assertThat(status.path("phase").asText()).isEqualTo("following");
        assertThat(line.path("routes"))
                .extracting(route -> route.path("id").asText())
                .contains("read-source", "write-target");
        assertThat(line.path("steps").path("restore-batch").path(1).asLong())
                .as("keys that came to this step")
                .isPositive();
    }

    /** Of the stream, which may go on. */
    private String firstLine() throws IOException, InterruptedException {
        HttpResponse<Stream<String>> stream =
                HttpClient.newHttpClient().send(request("/status/stream", token), HttpResponse.BodyHandlers.ofLines());
        assertThat(stream.statusCode()).isEqualTo(200);
        assertThat(stream.headers().firstValue("content-type").orElseThrow()).startsWith("application/x-ndjson");
        try (Stream<String> lines = stream.body()) {
            return lines.findFirst().orElseThrow();
        }
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    private HttpResponse<String> get(String path, String token) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request(path, token), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String path, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return request.build();
    }
}
