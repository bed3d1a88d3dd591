package io.camelrump.platforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.RumpEndpointUriFactory;
import io.camelrump.fixtures.Manifest;
import io.camelrump.fixtures.RedisServer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.util.StringHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** The page of Spring Boot, followed with Boot 3.5 and with Boot 4. */
class SpringBootPlatformIT {
    private static final String BOOT_3 = "spring-boot-3";
    private static final String BOOT_4 = "spring-boot-4";
    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");
    private static final String PORT_OF_THE_PAGE = "8080";

    @RegisterExtension
    private static final PlatformServers SERVERS = new PlatformServers();

    @TempDir
    private static Path parent;

    private static PlatformPage page;
    private static PlatformPage held;

    private PlatformProcess process;

    @BeforeAll
    static void build() throws Exception {
        page = PlatformPage.of("spring-boot", 0);
        held = PlatformPage.of("spring-boot", 1);
        SpringBootStarter.install(parent);
        for (String project : List.of(BOOT_3, BOOT_4)) {
            PlatformFolder folder = PlatformFolder.of(project, parent, "src/main/resources/camel/migrate.camel.yaml");
            ComponentOptions.addTo(folder);
            folder.build(page.command(0));
        }
    }

    @AfterEach
    void end() {
        if (process != null) {
            process.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {BOOT_3, BOOT_4})
    void theUnchangedRouteCopiesEveryKey(String project) throws Exception {
        PlatformFolder folder = folder(project);

        start(folder);
        process.awaitOutput(SERVERS.complete());
        page.assertShows(process.output());
        SERVERS.assertEqual();
        assertThat(health(folder).at("/status").asText()).isEqualTo("UP");
    }

    @ParameterizedTest
    @ValueSource(strings = {BOOT_3, BOOT_4})
    void optionsOfTheComponentHoldForBothServers(String project) throws Exception {
        process = ComponentOptions.start(folder(project), page.command(1), SERVERS);

        process.awaitOutput("Run rump ended COMPLETE");
        ComponentOptions.assertTookEffect(SERVERS);
    }

    @ParameterizedTest
    @ValueSource(strings = {BOOT_3, BOOT_4})
    void routesThatWaitAreStartedByACallAndHealthHasTheCauseOfAFailedRun(String project) throws Exception {
        PlatformFolder folder =
                folder(project).with("CAMEL_RUMP_RUN_AT_START", false).with("RUMP_TARGET_ON_CONFLICT", "fail");
        try (Jedis source = SERVERS.source().jedis();
                Jedis target = SERVERS.target().jedis()) {
            source.set("foreign", "ours");
            target.set("foreign", "of somebody else");
        }

        start(folder);
        process.awaitOutput("Started Migration");
        assertThat(call(folder, held.command(0).replace("-X POST ", ""))).contains("\"read-source\":false");
        assertThat(health(folder).at("/status").asText()).isEqualTo("UP");
        for (RedisServer server : List.of(SERVERS.source(), SERVERS.target())) {
            try (Jedis jedis = server.jedis()) {
                assertThat(jedis.clientList().lines()).as("but for this one").hasSize(1);
            }
        }

        held.assertShows(call(folder, held.command(0)));
        process.awaitOutput("ended FAILED");
        await().untilAsserted(
                        () -> assertThat(health(folder).at("/status").asText()).isEqualTo("DOWN"));
        JsonNode health = health(folder);
        assertThat(health.at("/components/camelReadinessState/status").asText()).isEqualTo("OUT_OF_SERVICE");
        assertThat(health.at("/components/camelLivenessState/status").asText()).isEqualTo("UP");
        JsonNode run = health.at("/components/camelHealth/details/consumer:read-source.data");
        assertThat(run.at("/state").asText()).isEqualTo("FAILED");
        assertThat(run.at("/cause").asText()).contains("foreign", "onConflict=fail");
    }

    @ParameterizedTest
    @ValueSource(strings = {BOOT_3, BOOT_4})
    void aTargetThatCannotBeReachedEndsTheApplicationWithTheCause(String project) throws Exception {
        PlatformFolder folder =
                folder(project).with("RUMP_TARGET_PASSWORD", "geheim").with("RUMP_TARGET_RETRY_FOR", "1s");

        start(folder);

        assertThat(process.exitCode()).isEqualTo(1);
        assertThat(process.output())
                .contains(RedisServer.HOST + ":" + SERVERS.target().port())
                .contains("password")
                .doesNotContain("geheim");
        assertReportedWithoutTraces("Failed to start route: write-target");
    }

    @ParameterizedTest
    @ValueSource(strings = {BOOT_3, BOOT_4})
    void aPropertyOfNoOptionIsRefusedWithTheNearest(String project) throws Exception {
        process = folder(project).start(page.command(1) + " --rump.source.scan-cuont=5");

        assertThat(process.exitCode()).isEqualTo(1);
        assertReportedWithoutTraces("did you mean rump.source.scan-count?");
    }

    /** Boot's report has the text in a paragraph, and no trace stands before or after it. */
    private void assertReportedWithoutTraces(String text) {
        String output = process.output();
        assertThat(output).doesNotContain("\tat ");
        assertThat(output.substring(output.indexOf("APPLICATION FAILED TO START"))
                        .lines())
                .hasSizeLessThan(15)
                .anyMatch(line -> line.contains(text))
                .contains("Action:");
    }

    @Test
    void editorsKnowEveryOption() throws Exception {
        Set<String> known = new HashSet<>();
        try (JarFile jar = new JarFile(SpringBootStarter.install(parent).toFile())) {
            new ObjectMapper()
                    .readTree(jar.getInputStream(jar.getEntry("META-INF/spring-configuration-metadata.json")))
                    .at("/properties")
                    .forEach(property -> {
                        known.add(property.at("/name").asText());
                        assertThat(property.at("/description").asText())
                                .as("%s", property)
                                .isNotBlank();
                    });
        }

        Set<String> options = new HashSet<>(new RumpEndpointUriFactory().propertyNames());
        options.removeAll(List.of("name", "schedulerProperties"));
        assertThat(options).hasSizeGreaterThan(70);
        for (String prefix : List.of("rump.source.", "rump.target.", "camel.component.rump.")) {
            assertThat(known)
                    .containsAll(options.stream()
                            .map(option -> prefix + StringHelper.camelCaseToDash(option))
                            .toList());
        }
        assertThat(known)
                .contains("camel.rump.run-at-start", "camel.component.rump.use-global-ssl-context-parameters")
                .noneMatch(name -> name.endsWith("scheduler-properties"));
    }

    @ParameterizedTest
    @ValueSource(strings = {BOOT_3, BOOT_4})
    void aLiveRunIsProbedShownInABrowserAndCutOverByHttp(String project) throws Exception {
        PlatformFolder folder = ProbedRun.project(
                project,
                parent,
                "<dependency><groupId>org.apache.camel.springboot</groupId>"
                        + "<artifactId>camel-platform-http-starter</artifactId></dependency>");
        folder.build(page.command(0));
        int port = RedisServer.freePort();
        SERVERS.areIn(folder).with("SERVER_PORT", port);

        new ProbedRun(SERVERS, Manifest.of("spring-boot"), port).goThrough(folder, page.command(1), "/actuator/health");
    }

    private static PlatformFolder folder(String project) throws Exception {
        return SERVERS.areIn(new PlatformFolder(parent.resolve(project))).with("SERVER_PORT", 0);
    }

    private void start(PlatformFolder folder) {
        process = folder.start(page.command(1));
    }

    private JsonNode health(PlatformFolder folder) throws Exception {
        return new ObjectMapper().readTree(call(folder, page.command(2)));
    }

    /** Runs a command of the page with the port that the application has. */
    private String call(PlatformFolder folder, String command) throws Exception {
        Matcher port = PORT.matcher(process.output());
        assertThat(port.find()).as(process.output()).isTrue();
        return folder.succeed(command.replace(PORT_OF_THE_PAGE, port.group(1)));
    }
}
