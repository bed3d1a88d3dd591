package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import io.camelrump.cli.demo.DemoData;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.ServerPair;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.component.mock.MockComponent;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/**
 * What the build lays into target/rump, run as a person does: from another folder, through a link, with routes or none.
 */
class DistributionIT {
    private static final Pattern PORTS = Pattern.compile("on ports (\\d+) and (\\d+)");

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @TempDir
    Path folder;

    @Test
    void runsTheBuiltInRouteFromAnyFolderByARelativeLink() throws Exception {
        DemoData.fill(PAIR.source().port(), 1_000);
        Path tools = Files.createDirectory(folder.resolve("tools"));
        Path launcher = RumpProcess.DISTRIBUTION.toRealPath().resolve("bin/rump");
        Files.createSymbolicLink(tools.resolve("rump"), tools.toRealPath().relativize(launcher));

        // which would report a busy machine
        String unguarded = "--latency-guard=off";
        try (RumpProcess run = RumpProcess.launched(
                folder, Map.of(), "tools/rump", RumpProcess.fromTo(PAIR.source(), PAIR.target(), unguarded))) {
            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.out()).startsWith("COMPLETE: 1,000 keys").contains("restored 1,000");
            assertThat(run.err()).isEmpty();
        }
        assertThat(PAIR.atTarget().dbSize()).isEqualTo(1_000);
    }

    /** Typed where a file says so: this JVM may not be able to spell arguments that are not ASCII itself. */
    @ParameterizedTest
    @ValueSource(strings = {"LC_ALL=C", "LC_ALL= LC_CTYPE= LANG="})
    @Tag("long")
    void namesAndPasswordsAreUtf8UnderEveryLocale(String locale) throws Exception {
        PAIR.atSource().mset("größe:1", "v", "größe:2", "v", "größe:no", "v", "other", "v");
        PAIR.atSource().aclSetUser("grün", "on", ">paßwort", "~*", "+@all");

        try (RumpProcess run = typed(
                StandardCharsets.UTF_8,
                locale + " RUMP_FROM_PASSWORD='paßwort' '%s' -from redis://grün@127.0.0.1:%d -to %s"
                        + " --match 'größe:*' --exclude-key 'größe:no' --rename 'größe:*=höhe:*' --json größe.json")) {
            assertThat(run.exitCode()).as(run.output()).isZero();
        }
        assertThat(PAIR.atTarget().keys("*")).containsExactlyInAnyOrder("höhe:1", "höhe:2");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files)
                    .filteredOn(file -> file.toString().endsWith(".json"))
                    .hasSize(1);
        }
    }

    @Test
    void anArgumentThatIsNotUtf8IsRefused() throws Exception {
        PAIR.atSource().set("größe:1", "v");

        try (RumpProcess run =
                typed(StandardCharsets.ISO_8859_1, "'%s' -from redis://127.0.0.1:%d -to %s --match 'größe:*'")) {
            assertThat(run.exitCode()).as(run.output()).isEqualTo(2);
            assertThat(run.err()).startsWith("rump: the value of --match is not UTF-8");
        }
        assertThat(PAIR.atTarget().dbSize()).isZero();
    }

    /** @param line with places for the launcher, the source's port, and the target's address */
    private RumpProcess typed(Charset charset, String line) throws Exception {
        Path script = folder.resolve("typed");
        String command = String.format(
                line,
                RumpProcess.DISTRIBUTION.resolve("bin/rump"),
                PAIR.source().port(),
                PAIR.to());
        Files.writeString(script, "#!/bin/sh\n" + command + "\n", charset);
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return RumpProcess.launched(folder, Map.of(), script.toString(), List.of());
    }

    @Test
    void takesTheRouteOfTheWorkingFolderWhereThereIsOne() throws Exception {
        DemoData.fill(PAIR.source().port(), 900);
        edit(
                "- beans:\n",
                "- beans:\n    - name: keep-texts\n      type: io.camelrump.KeepKeys\n"
                        + "      properties:\n        include: \"text:*\"\n",
                """
                        - process:
                            id: keep-texts
                            ref: "#keep-texts"
                """);

        try (RumpProcess run = migrate()) {
            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.out()).contains("read 900: restored 100, kept 0, vanished 0, filtered 800");
        }
        assertThat(PAIR.atTarget().keys("*")).hasSize(100).allMatch(key -> key.startsWith("text:"));
    }

    /**
     * A copy of the distribution, so that no other test sees what is put into its folder; its archive does not fit
     * there.
     */
    @Test
    void aComponentOfARouteThatIsMissingGoesIntoTheFolderThatTheErrorNames() throws Exception {
        DemoData.fill(PAIR.source().port(), 10);
        Path copy = folder.resolve("copied");
        for (String file : List.of("bin/rump", "lib/rump.jar", "lib/rump.jsa", "lib/names.security")) {
            Files.createDirectories(copy.resolve(file).getParent());
            Files.copy(RumpProcess.DISTRIBUTION.resolve(file), copy.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Path ext = Files.createDirectory(copy.resolve("lib/ext"));
        Path route = folder.resolve("mine.camel.yaml");
        Files.writeString(
                route, "- route: {from: {uri: 'rump:source', steps: [{to: 'rump:target'}, {to: 'mock:after'}]}}");
        String[] flags = RumpProcess.fromTo(PAIR.source(), PAIR.target(), "--latency-guard=off", "--routes=" + route)
                .toArray(String[]::new);

        try (RumpProcess run = RumpProcess.launched(folder, Map.of(), copy + "/bin/rump", List.of(flags))) {
            assertThat(run.exitCode()).as(run.output()).isEqualTo(1);
            assertThat(run.err()).contains("To do: put org.apache.camel:camel-mock:", " into " + ext.toRealPath());
        }
        Path jar = Path.of(MockComponent.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Files.copy(jar, ext.resolve(jar.getFileName()));
        try (RumpProcess run = RumpProcess.launched(folder, Map.of(), copy + "/bin/rump", List.of(flags))) {
            assertThat(run.exitCode()).as(run.output()).isZero();
        }
        assertThat(PAIR.atTarget().dbSize()).isEqualTo(10);
    }

    @Test
    void aRouteThatLosesPagesIsNeverComplete() throws Exception {
        DemoData.fill(PAIR.source().port(), 1_400);
        edit("", "", """
                        - filter:
                            id: lose-the-first-pages
                            simple: "${header.CamelRumpProgress} > 0.5"
                            steps:
                              - to:
                                  uri: seda:pages
                        - stop:
                            id: and-queue-no-others
                """);

        try (RumpProcess run = migrate("--scan-count", "100")) {
            assertThat(run.exitCode()).as(run.output()).isEqualTo(1);
            assertThat(run.out())
                    .startsWith("INCOMPLETE: ")
                    .contains("in flight ")
                    .doesNotContain("\nCOMPLETE");
            assertThat(run.err().lines().filter(line -> line.startsWith("rump: ")))
                    .singleElement(STRING)
                    .contains("read-source", "A step of the route may swallow pages");
            assertThat(run.err()).contains("WARN Route read-source read page 0 ", "a stop ended its exchange");
            assertThat(PAIR.atTarget().dbSize()).isBetween(1L, 1_399L);
        }
    }

    @Test
    void aSignalToThePidOfTheLauncherStopsTheRun() throws Exception {
        DemoData.fill(PAIR.source().port(), 200_000);
        List<String> flags =
                RumpProcess.fromTo(PAIR.source(), PAIR.target(), "--scan-count", "10", "--batch-keys", "10");

        try (RumpProcess run = RumpProcess.launched(folder, Map.of(), flags.toArray(String[]::new))) {
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> PAIR.atTarget().dbSize() >= 200);
            run.signal("TERM");

            assertThat(run.exitCode()).as(run.output()).isEqualTo(143);
            assertThat(run.out()).startsWith("INCOMPLETE: ");
            assertThat(run.err()).contains("rump: stopped by SIGTERM");
        }
        assertThat(PAIR.atTarget().dbSize()).isLessThan(200_000);
    }

    @Test
    void printsTheBuiltInRoutesOfItsJar() throws Exception {
        try (RumpProcess list = RumpProcess.launched(folder, Map.of(), "routes");
                RumpProcess print = RumpProcess.launched(folder, Map.of(), "routes", "slow-down")) {
            assertThat(list.exitCode()).as(list.output()).isZero();
            assertThat(list.out()).contains("\nmigrate ", "\nslow-down ");
            assertThat(print.exitCode()).as(print.output()).isZero();
            assertThat(print.out()).isEqualTo(Files.readString(Path.of("routes/examples/slow-down.camel.yaml")));
        }
    }

    @Test
    void theDemoProvesBothSidesEqualAndItsServersAreGoneAfterwards() throws Exception {
        try (RumpProcess demo = RumpProcess.launched(folder, Map.of(), "demo", "--keys", "3000")) {
            assertThat(demo.exitCode()).as(demo.output()).isZero();
            assertThat(demo.out())
                    .containsSubsequence("\nCOMPLETE: 3,000 keys", "\nEQUAL: 3,000 keys")
                    .containsPattern("\nDEBUG DIGEST: ([0-9a-f]{12}) of the source, \\1 of the target\n$");
            assertThat(demo.err()).isEmpty();
            areGone(demo);
        }
    }

    @Test
    @Tag("long")
    void anInterruptedDemoLeavesNoServer() throws Exception {
        Map<String, String> environment = Map.of("RUMP_JAVA_OPTS", "-Djava.io.tmpdir=" + folder);
        try (RumpProcess demo = RumpProcess.launched(folder, environment, "demo", "--keys", "400000")) {
            demo.awaitOutput("--verify\n");
            awaitKeys(demo.out().replaceFirst("(?s).* -to redis://127.0.0.1:(\\d+) .*", "$1"), demoPassword());
            demo.signal("INT");

            assertThat(demo.exitCode()).as(demo.output()).isEqualTo(130);
            assertThat(demo.out()).contains("INCOMPLETE: ").doesNotContain("EQUAL", "DIGEST");
            areGone(demo);
        }
    }

    /** Waits until the server of a port has got its first keys. */
    private static void awaitKeys(String port, String password) {
        try (Jedis jedis = new Jedis("127.0.0.1", Integer.parseInt(port))) {
            assertThatThrownBy(jedis::dbSize).hasMessageContaining("NOAUTH");
            jedis.auth(password);
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> jedis.dbSize() > 0);
        }
    }

    /** The password of the servers of a demo that has its temporary folder here. */
    private String demoPassword() throws IOException {
        try (Stream<Path> folders = Files.list(folder)) {
            Path ofDemo = folders.filter(path -> path.getFileName().toString().startsWith("rump-demo"))
                    .findFirst()
                    .orElseThrow();
            return Files.readString(ofDemo.resolve("redis.conf"))
                    .replaceFirst("requirepass ", "")
                    .strip();
        }
    }

    private RumpProcess migrate(String... more) {
        return RumpProcess.launched(
                folder,
                Map.of(),
                RumpProcess.fromTo(PAIR.source(), PAIR.target(), more).toArray(String[]::new));
    }

    /** Puts an edited copy of the route file into the working folder: a text replaced, and steps before the queue. */
    private void edit(String text, String replacement, String steps) throws Exception {
        String route = Files.readString(RumpProcess.DISTRIBUTION.resolve("routes/migrate.camel.yaml"))
                .replaceFirst(text, Matcher.quoteReplacement(replacement))
                .replace("uri: rump:source\n", "uri: rump:source\n      parameters: { stallTimeout: 1s }\n")
                .replaceFirst("(?m)^      steps:\n", "      steps:\n" + Matcher.quoteReplacement(steps));
        Files.writeString(Files.createDirectory(folder.resolve("routes")).resolve("migrate.camel.yaml"), route);
    }

    private static void areGone(RumpProcess demo) {
        Matcher ports = PORTS.matcher(demo.out());
        assertThat(ports.find()).isTrue();
        for (int i = 1; i <= 2; i++) {
            int port = Integer.parseInt(ports.group(i));
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> new Socket(RedisServer.HOST, port).close()))
                    .as("port %d", port)
                    .isInstanceOf(ConnectException.class);
        }
    }
}
