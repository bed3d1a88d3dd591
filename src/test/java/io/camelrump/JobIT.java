package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.FaultRun;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;

/** A run as the job of a Camel Main, in a JVM of its own: its exit code, and the one line that says how it ended. */
class JobIT {
    private static final String MIGRATE = "classpath:META-INF/camel-rump/routes/migrate.camel.yaml";
    private static final String COMPARE = "classpath:META-INF/camel-rump/routes/compare.camel.yaml";

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    private final RedisServer source = servers.start();
    private final RedisServer target = servers.start();

    @TempDir
    private Path folder;

    private record Job(int exitCode, List<String> output) {
        List<String> closingLines() {
            return output.stream().filter(line -> line.contains("RunEnd - Run")).toList();
        }
    }

    @BeforeEach
    void fill() {
        FaultRun.fill(source, 300);
    }

    @Test
    void aCompleteRunThatWasIdleExitsWith0() throws Exception {
        Job job = job(MIGRATE, "camel.main.durationMaxIdleSeconds=1");

        assertThat(job.closingLines()).singleElement().satisfies(line -> assertThat(line)
                .contains("INFO", "Run rump ended COMPLETE after ", " s: read 300: restored 300, kept 0,")
                .endsWith("refused 0"));
        assertThat(job.exitCode()).as("%s", job.output()).isZero();
    }

    @Test
    @Tag("long")
    void theCodeThatTheApplicationHasChosenForACompleteRunStands() throws Exception {
        Job job = job(MIGRATE, "camel.main.durationMaxIdleSeconds=1", "camel.main.durationHitExitCode=42");

        assertThat(job.exitCode()).as("%s", job.output()).isEqualTo(42);
    }

    @Test
    @Tag("long")
    void aRunThatIsStoppedAfterSomeMessagesExitsWith1() throws Exception {
        Job job = job(
                MIGRATE,
                "camel.main.durationMaxMessages=2",
                "rump.source.scan-count=10",
                "rump.target.max-keys-per-second=50");

        assertThat(job.closingLines()).singleElement().satisfies(line -> assertThat(line)
                .contains("WARN", "ended INCOMPLETE", "stopped before the end"));
        assertThat(job.exitCode()).as("%s", job.output()).isEqualTo(1);
    }

    @Test
    @Tag("long")
    void aComparisonThatFindsDifferencesExitsWith5() throws Exception {
        Job job = job(COMPARE, "camel.main.durationMaxSeconds=2", "camel.component.rump.rounds=1");

        assertThat(job.closingLines())
                .hasSize(2)
                .anySatisfy(line -> assertThat(line)
                        .contains("WARN", "Run compare ended DIFFERENT", "300 keys differ: missing 300"))
                .anySatisfy(line -> assertThat(line).contains("INFO", "Run compare-extra ended COMPLETE"));
        assertThat(job.exitCode()).as("%s", job.output()).isEqualTo(5);
    }

    @Test
    void aRunWithRefusedKeysExitsWith6() throws Exception {
        try (Jedis jedis = target.jedis()) {
            jedis.aclSetUser("writer", "on", ">S3cret", "+@all", "~string:*", "~rump:tmp:*");
        }
        Job job = job(
                MIGRATE,
                "camel.main.durationMaxIdleSeconds=1",
                "rump.target.username=writer",
                "rump.target.password=S3cret");

        assertThat(job.closingLines()).singleElement().satisfies(line -> assertThat(line)
                .contains("WARN", "ended REFUSED", "300 keys were refused or could not be read"));
        assertThat(job.exitCode()).as("%s", job.output()).isEqualTo(6);
        assertThat(job.output())
                .anySatisfy(line -> assertThat(line).contains("rump.target.password = xxxxxx"))
                .noneSatisfy(line -> assertThat(line).contains("S3cret"));
    }

    @Test
    void aRunThatCannotBeginSaysSoOnce() throws Exception {
        source.kill9();
        Job job = job(MIGRATE, "camel.main.durationMaxIdleSeconds=1", "camel.component.rump.retry-for=1s");

        assertThat(job.closingLines()).singleElement().satisfies(line -> assertThat(line)
                .contains("ERROR", "ended FAILED", "read 0", "127.0.0.1:" + source.port()));
        assertThat(job.exitCode()).as("%s", job.output()).isEqualTo(1);
    }

    @Test
    void aRunWhoseTargetCannotBeReachedExitsWith1() throws Exception {
        target.kill9();
        Job job = job(MIGRATE, "camel.main.durationMaxIdleSeconds=1", "camel.component.rump.retry-for=1s");

        assertThat(job.output())
                .anySatisfy(line -> assertThat(line).contains("Connection refused by 127.0.0.1:" + target.port()));
        assertThat(job.exitCode()).as("%s", job.output()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "rump.source.scan-cuont=5, did you mean rump.source.scan-count",
        "rump.source.scan-count=0, scanCount=0",
        "rump.source.host=, host"
    })
    void aRunThatIsRefusedExitsWith1(String setting, String cause) throws Exception {
        Job job = job(MIGRATE, "camel.main.durationMaxIdleSeconds=1", setting);

        assertThat(job.output()).anySatisfy(line -> assertThat(line).contains(cause));
        assertThat(job.exitCode()).as("%s", job.output()).isEqualTo(1);
    }

    private Job job(String routes, String... settings) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                JobIT.class.getName(),
                "camel.main.routesIncludePattern=" + routes,
                "camel.component.seda.defaultPollTimeout=50",
                "rump.source.host=127.0.0.1",
                "rump.source.port=" + source.port(),
                "rump.target.host=127.0.0.1",
                "rump.target.port=" + target.port()));
        line.addAll(List.of(settings));
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(20, TimeUnit.SECONDS))
                    .as(() -> String.join("\n", lines(output)))
                    .isTrue();
            return new Job(process.exitValue(), lines(output));
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void main(String[] settings) throws Exception {
        Main main = new Main();
        main.setDefaultPropertyPlaceholderLocation("false");
        for (String setting : settings) {
            String[] parts = setting.split("=", 2);
            main.addOverrideProperty(parts[0], parts[1]);
        }
        System.exit(main.run(new String[0]));
    }
}
