package io.camelrump.platforms;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Other lines of Camel, each with every Java that is there: {@code RUMP_TEST_JAVAS} names those besides our own. */
class CamelLinesPlatformIT {
    private static final String OLDEST = "4.14.4";
    private static final List<String> LINES = List.of(OLDEST, "4.18.2", "4.22.0");

    @RegisterExtension
    private static final PlatformServers SERVERS = new PlatformServers();

    @TempDir
    private static Path parent;

    private static PlatformFolder folder;

    @BeforeAll
    static void build() throws Exception {
        folder = SERVERS.areIn(PlatformFolder.of("camel-lines", parent, "migrate.camel.yaml"));
        for (String line : LINES) {
            folder.build("mvn -q package -Dcamel.version=" + line);
        }
    }

    static Stream<String> lines() {
        return LINES.stream();
    }

    static Stream<Arguments> linesOnEachJava() {
        return LINES.stream().flatMap(line -> OtherJavas.withOwn().entrySet().stream()
                .map(java -> Arguments.of(line, java.getKey(), java.getValue())));
    }

    @ParameterizedTest(name = "Camel {0}, Java {1}")
    @MethodSource("linesOnEachJava")
    void theUnchangedRouteCopiesEveryKey(String line, String version, String java) throws Exception {
        String printed = folder.succeed(command(line, java));

        assertThat(printed).contains("Apache Camel " + line, SERVERS.complete()).doesNotContain("WARN", "ERROR");
        SERVERS.assertEqual();
    }

    /** One run calls a part of what there is. */
    @ParameterizedTest
    @MethodSource("lines")
    void everythingThatIsCalledIsThere(String line) throws Exception {
        try (Stream<Path> jars = Files.list(folder.path().resolve("lib-" + line))) {
            assertThat(Linkage.missing(jars.toList())).isEmpty();
        }
    }

    @Test
    void aSecretThatAnOldCamelWouldLogIsRefused() throws Exception {
        String java = OtherJavas.withOwn().values().iterator().next();

        try (PlatformProcess process = folder.start(
                command(OLDEST, java).replace(" -cp ", " -Dcamel.component.rump.sentinelPassword=geheim -cp "))) {
            assertThat(process.exitCode()).isEqualTo(1);
            assertThat(process.output())
                    .contains("camel.component.rump.sentinel-password would be logged with its value")
                    .doesNotContain("geheim");
        }
    }

    private static String command(String line, String java) {
        return "'%s' -XX:TieredStopAtLevel=1 -Dcamel.main.routesIncludePattern=file:migrate.camel.yaml -Dcamel.main.durationMaxIdleSeconds=3 -cp 'lib-%s/*' org.apache.camel.main.Main"
                .formatted(java, line);
    }
}
