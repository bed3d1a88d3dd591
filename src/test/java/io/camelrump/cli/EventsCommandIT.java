package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Routes of a person's own hear what happens to a run of the command. */
class EventsCommandIT {
    private static final int KEYS = 1_500;

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @TempDir
    Path folder;

    private Path routes;

    @BeforeEach
    void fill() throws IOException {
        SampleData.fillMixed(PAIR.atSource(), KEYS);
        routes = Files.writeString(folder.resolve("events.camel.yaml"), """
                - route:
                    from:
                      uri: rump:source?operation=events
                      steps:
                        - setBody: {simple: "${header.CamelRumpEvent}: ${header.CamelRumpText}"}
                        - to: 'file:%s?fileName=events&fileExist=Append&appendChars=\\n'
                """.formatted(folder));
    }

    private RumpProcess start(String... flags) {
        return RumpProcess.between(
                PAIR.source(),
                PAIR.target(),
                List.of(),
                Stream.concat(
                                Stream.of(
                                        "--latency-guard=off",
                                        "--routes=routes/migrate.camel.yaml",
                                        "--routes=" + routes),
                                Stream.of(flags))
                        .toArray(String[]::new));
    }

    private List<String> events() throws IOException {
        return Files.readAllLines(folder.resolve("events")).stream()
                .map(line -> line.substring(0, line.indexOf(':')))
                .toList();
    }

    @Test
    void aCutoverIsReportedStepByStep() throws Exception {
        try (RumpProcess run = start("--live", "--pause-writes=2s")) {
            run.awaitOutput("cut over with: kill -USR1");
            run.signal("USR1");

            assertThat(run.exitCode()).as(run.output()).isZero();
        }
        assertThat(events())
                .containsExactly(
                        "started",
                        "first-copy-complete",
                        "verified",
                        "cutover-begun",
                        "at-the-barrier",
                        "converged",
                        "ended");
        assertThat(Files.readString(folder.resolve("events")))
                .contains("Cutting over, as SIGUSR1 has come.", "Converged as of 20");
    }

    @Test
    void aRunThatASignalStopsReportsItsEnd() throws Exception {
        try (RumpProcess run = start("--live")) {
            run.awaitOutput("cut over with: kill -USR1");
            run.signal("TERM");

            assertThat(run.exitCode()).as(run.output()).isEqualTo(143);
        }
        assertThat(events()).endsWith("ended");
        assertThat(Files.readString(folder.resolve("events"))).contains("Run rump ended INCOMPLETE");
    }
}
