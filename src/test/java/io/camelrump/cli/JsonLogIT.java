package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Standard error of {@code --log-format json}: nothing but objects, one a line. */
class JsonLogIT {
    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    private static List<JsonNode> objects(RumpProcess process, int exitCode) throws InterruptedException {
        assertThat(process.exitCode(60)).as(process.output()).isEqualTo(exitCode);
        List<JsonNode> lines = process.err()
                .lines()
                .map(line -> {
                    try {
                        return new ObjectMapper().readTree(line);
                    } catch (IOException e) {
                        throw new UncheckedIOException(line, e);
                    }
                })
                .toList();
        assertThat(lines).isNotEmpty().allSatisfy(line -> {
            assertThat(line.properties())
                    .extracting(Map.Entry::getKey)
                    .startsWith("time", "level", "logger", "thread", "message", "run");
            assertThat(Instant.parse(line.path("time").asText())).isBefore(Instant.now());
            assertThat(line.path("level").asText()).isIn("ERROR", "WARN", "INFO");
        });
        return lines;
    }

    private static List<String> messages(List<JsonNode> lines) {
        return lines.stream().map(line -> line.path("message").asText()).toList();
    }

    @Test
    void aRunWritesItsCourseItsProgressAndItsEnd() throws Exception {
        SampleData.fillStrings(PAIR.atSource(), 3_000, 10);
        String[] flags = {"--live", "--until-lag=10s", "--log-format=json", "--max-keys-per-second=500"};
        try (RumpProcess process = RumpProcess.between(PAIR.source(), PAIR.target(), List.of(), flags)) {
            List<JsonNode> lines = objects(process, 0);

            assertThat(messages(lines))
                    .anyMatch(message -> message.matches("\\d+ s, copying: [\\d,]+ keys .*"))
                    .anyMatch(message -> message.startsWith("Cutting over"))
                    .anyMatch(message -> message.matches("Run \\w+ ended COMPLETE after .*"));
            assertThat(lines)
                    .filteredOn(line -> line.path("message").asText().startsWith("Cutting over"))
                    .allMatch(line -> !line.path("run").isNull());
            assertThat(process.out()).contains("CONVERGED: ");
        }
    }

    @Test
    void aFailureIsAnErrorAndSoAreWrongWords() throws Exception {
        try (RumpProcess process = RumpProcess.between(
                PAIR.source(), "redis://127.0.0.1:1", List.of(), "-log-format", "JSON", "--retry-for=0s")) {
            List<JsonNode> lines = objects(process, 1);

            assertThat(lines)
                    .anyMatch(line -> line.path("level").asText().equals("ERROR")
                            && line.path("message").asText().startsWith("rump: "));
        }
        try (RumpProcess process =
                RumpProcess.between(PAIR.source(), PAIR.target(), List.of(), "--log-format=json", "--no-such-flag")) {
            assertThat(messages(objects(process, 2))).anyMatch(message -> message.contains("--no-such-flag"));
        }
    }

    @Test
    void aStackIsPartOfItsObject() throws Exception {
        try (RumpProcess process = RumpProcess.launched(
                Path.of("").toAbsolutePath(),
                Map.of("RUMP_DEBUG", "1", "RUMP_FROM", PAIR.from(), "RUMP_TO", "redis://127.0.0.1:1"),
                "--log-format=json",
                "--retry-for=0s")) {
            assertThat(objects(process, 1))
                    .anyMatch(line -> line.path("stack").asText().contains("\n\tat io.camelrump."));
        }
    }
}
