package io.camelrump.platforms;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page of the Camel CLI, followed: a route file is run, and exported to each runtime. */
class JBangPlatformIT {
    @RegisterExtension
    private static final PlatformServers SERVERS = new PlatformServers();

    /** Camel's command, without the JBang that starts it elsewhere. */
    private static final String MAIN = """
            public class Camel {
                public static void main(String... args) {
                    org.apache.camel.dsl.jbang.core.commands.CamelJBangMain.run(args);
                }
            }
            """;

    private static PlatformFolder folder;

    @BeforeAll
    static void installCommand(@TempDir Path parent) throws Exception {
        PlatformFolder command = PlatformFolder.of("jbang-cli", parent, "migrate.camel.yaml");
        command.build("mvn -q dependency:copy-dependencies");
        folder = SERVERS.areIn(PlatformFolder.of("jbang", parent, "migrate.camel.yaml"));
        ComponentOptions.addTo(folder.path().resolve("application.properties"));
        Files.writeString(command.path().resolve("Camel.java"), MAIN);
        folder.addProgram("camel", """
                exec java -XX:TieredStopAtLevel=1 -Duser.home='%1$s' -Dmaven.repo.local='%2$s' \\
                  -cp '%1$s/lib/*'"${MORE:+:$MORE}" '%1$s/Camel.java' "$@"
                """.formatted(command.path(), LocalRepository.FOLDER));
    }

    @Test
    void theUnchangedRouteFileRuns() throws Exception {
        PlatformPage page = PlatformPage.of("jbang", 0);
        String printed = folder.succeed(page.command(0));

        page.assertShows(printed);
        assertThat(printed).contains(SERVERS.complete());
        SERVERS.assertEqual();
    }

    @Test
    void optionsOfTheComponentHoldForBothServers() throws Exception {
        String command = PlatformPage.of("jbang", 0).command(0);
        try (PlatformProcess process = ComponentOptions.start(folder, command, SERVERS)) {
            assertThat(process.exitCode()).as(process::output).isZero();
        }

        ComponentOptions.assertTookEffect(SERVERS);
    }

    @Test
    void documentationShowsTheComponentWhereTheJarIsOnTheClassPath() throws Exception {
        PlatformPage page = PlatformPage.of("editors", 1);
        String command = page.command(0).replaceFirst("jbang .*camel@apache/camel", "camel");

        try (PlatformProcess process = folder.start(
                command, Map.of("MORE", LocalRepository.JAR.toAbsolutePath().toString()))) {
            assertThat(process.exitCode()).as(process.output()).isZero();
            page.assertShows(process.output());
            assertThat(process.output()).contains("includeRegex").doesNotContain("retryFor");
        }
    }

    @ParameterizedTest
    @CsvSource({"1, camel-main", "2, spring-boot", "3, quarkus"})
    void theUnchangedRouteFileIsExportedAndTheProjectCopiesEveryKey(int listing, String runtime) throws Exception {
        PlatformPage page = PlatformPage.of("jbang", listing);
        String exported = folder.succeed(page.command(0));
        assertThat(exported).contains("Project export successful!");
        assertThat(page.command(0)).contains(runtime);
        folder.build(page.command(1));

        try (PlatformProcess process = folder.start(page.command(2))) {
            process.awaitOutput("Run rump ended");
            process.signal("TERM");
            process.exitCode();
            page.assertShows(exported + process.output());
            assertThat(process.output()).contains(SERVERS.complete());
        }
        SERVERS.assertEqual();
    }
}
