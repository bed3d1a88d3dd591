package io.camelrump.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class JsonLogTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final JsonLog log = new JsonLog(new PrintStream(printed, true, StandardCharsets.UTF_8));

    private List<JsonNode> lines() {
        return printed.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> {
                    try {
                        return new ObjectMapper().readTree(line);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
    }

    @Test
    void aRecordIsOneObjectWithItsStack() {
        LogRecord record = new LogRecord(Level.WARNING, "two\nlines {0} of \"text\"");
        record.setLoggerName("io.camelrump.Run");
        record.setThrown(new IllegalStateException("lost"));
        log.run("rump");
        log.publish(record);

        JsonNode line = lines().get(0);
        assertThat(lines()).hasSize(1);
        assertThat(Instant.parse(line.path("time").asText())).isEqualTo(record.getInstant());
        assertThat(line.path("level").asText()).isEqualTo("WARN");
        assertThat(line.path("logger").asText()).isEqualTo("io.camelrump.Run");
        assertThat(line.path("thread").asText())
                .isEqualTo(Thread.currentThread().getName());
        assertThat(line.path("message").asText()).isEqualTo("two\nlines {0} of \"text\"");
        assertThat(line.path("run").asText()).isEqualTo("rump");
        assertThat(line.path("stack").asText()).startsWith("java.lang.IllegalStateException: lost");
    }

    @Test
    void linesThatArePrintedAreObjectsToo() {
        PrintStream stream = log.lines();
        stream.print("Verified ");
        stream.println("grüße\u001B[2K");
        stream.println();
        stream.printf("rump: wrong%n");

        assertThat(lines()).hasSize(2);
        assertThat(lines()).extracting(line -> line.path("level").asText()).containsExactly("INFO", "ERROR");
        assertThat(lines())
                .extracting(line -> line.path("message").asText())
                .containsExactly("Verified grüße\u001B[2K", "rump: wrong");
        assertThat(lines()).allMatch(line -> line.path("run").isNull() && !line.has("stack"));
    }
}
