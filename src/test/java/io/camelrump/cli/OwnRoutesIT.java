package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** The command in a working directory that has routes of its own. */
class OwnRoutesIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private RedisServer source;
    private RedisServer target;
    private RedisServer second;

    @BeforeEach
    void fill() throws IOException {
        source = servers.start();
        target = servers.start();
        second = servers.start();
        try (Jedis jedis = source.jedis()) {
            jedis.select(1);
            jedis.set("user:1", "a");
        }
        Files.createDirectory(folder.resolve("routes"));
    }

    @Test
    void aFlagOrAnAddressThatHasNoEffectIsRefusedAtTheStart() throws Exception {
        Path migrate = folder.resolve("routes/migrate.camel.yaml");
        Files.writeString(
                migrate, "- route: {from: {uri: 'rump:source?port=1&ttl=false', steps: [{to: 'rump:target'}]}}");
        assertThat(run(2, "--ttl=true", "--batch-keys=5"))
                .startsWith("rump: routes/migrate.camel.yaml: port of --from has no effect, as the file sets port of"
                        + " rump:source itself; --ttl has no effect, as the file sets ttl of rump:source itself;"
                        + " --batch-keys has no effect, as the file has no {{batch.keys}}. Change the file");

        Files.delete(migrate);
        Files.writeString(
                folder.resolve("routes/compare.camel.yaml"),
                "- route: {from: {uri: rump:a, steps: [{to: 'rump:target'}]}}");
        assertThat(run(2, "--verify"))
                .startsWith("rump: routes/compare.camel.yaml has no endpoint rump:source, which --from is about");
        try (Jedis jedis = target.jedis()) {
            jedis.select(3);
            assertThat(jedis.dbSize()).isZero();
        }
    }

    @Test
    void everyFlagHoldsForRoutesThatNameNone() throws Exception {
        Files.writeString(
                folder.resolve("routes/migrate.camel.yaml"),
                "- route: {from: {uri: rump:source, steps: [{to: 'rump:target'}]}}");
        try (Jedis jedis = source.jedis()) {
            jedis.select(1);
            jedis.psetex("user:2", 60_000, "b");
            jedis.rpush("user:3", "of another type");
            jedis.set("order:1", "of another name");
        }

        assertThat(run(
                        0,
                        "--match=user:*",
                        "--type=string",
                        "--rename=user:*=u:*",
                        "-ttl=false",
                        "--big-key=1mb",
                        "--scan-count=10",
                        "--queue-pages=2",
                        "--to-mode=standalone",
                        "--max-keys-per-second=1000",
                        "--verify"))
                .contains("restored 2", "EQUAL: 2 keys of the source compared, 2 of the target looked up");
        try (Jedis jedis = target.jedis()) {
            jedis.select(3);
            assertThat(jedis.keys("*")).containsExactlyInAnyOrder("u:1", "u:2");
            assertThat(jedis.pttl("u:2")).isEqualTo(-1);
        }
    }

    @Tag("long")
    @Test
    void filesElsewhereAreRunTogetherWhereTheyAreNamed() throws Exception {
        Files.writeString(
                folder.resolve("read.yaml"), "- route: {from: {uri: rump:source, steps: [{to: 'seda:queue'}]}}");
        Path write = Files.writeString(
                Files.createDirectory(folder.resolve("more")).resolve("write.yaml"),
                "- route: {from: {uri: 'seda:queue', steps: [{to: 'rump:target'}]}}");

        assertThat(run(0, "--routes", "read.yaml", "--routes=" + write, "--verify"))
                .contains("Running the routes of " + folder.resolve("read.yaml"), "Running the routes of " + write)
                .contains("restored 1", "EQUAL: 1 keys");
        assertThat(run(2, "--routes=none.yaml")).contains("rump: none.yaml cannot be read: no such file");
        Files.copy(Path.of("routes/compare.camel.yaml"), folder.resolve("mine.yaml"));
        assertThat(run(0, "compare", "--routes=mine.yaml"))
                .contains("Running the routes of " + folder.resolve("mine.yaml"), "EQUAL: 1 keys");
        assertThat(run(2, "compare", "--routes=read.yaml")).contains("read.yaml has no endpoint rump:target");
    }

    @Test
    @Tag("long")
    void theDemoRunsFilesThatAreNamedToo() throws Exception {
        Files.writeString(
                folder.resolve("mine.yaml"), "- route: {from: {uri: rump:source, steps: [{to: 'rump:target'}]}}");

        assertThat(run(0, "demo", "--keys=50", "--routes=mine.yaml"))
                .contains("Running the routes of " + folder.resolve("mine.yaml"), "EQUAL: 50 keys");
    }

    @Test
    @Tag("long")
    void aFlagTakesPrecedenceOverTheEnvironmentWhichSetsOtherOptions() throws Exception {
        environment.putAll(Map.of(
                "RUMP_SOURCE_HOST", "nowhere.invalid", "RUMP_TARGET_TTL", "false", "RUMP_SOURCE_MATCH", "user:*"));
        environment.put("CAMEL_COMPONENT_RUMP_SCAN_COUNT", "137");
        environment.put("JAVA_TOOL_OPTIONS", "-Dcamel.component.rump.min-ttl=30s");
        try (Jedis jedis = source.jedis()) {
            jedis.configSet("slowlog-log-slower-than", "0");
            jedis.select(1);
            jedis.psetex("user:2", 60_000, "b");
            jedis.psetex("user:brief", 20_000, "left out");
            jedis.set("order:1", "of another name");
        }

        assertThat(run(0)).contains("restored 2");
        try (Jedis jedis = source.jedis()) {
            assertThat(jedis.slowlogGet(1_000))
                    .extracting(entry -> entry.getArgs())
                    .contains(List.of("SCAN", "0", "COUNT", "137", "MATCH", "user:*"));
        }
        try (Jedis jedis = target.jedis()) {
            jedis.select(3);
            assertThat(jedis.pttl("user:2")).isEqualTo(-1);
        }
        environment.putAll(Map.of("RUMP_TARGET_ON_CONFLICT", "fail", "RUMP_TARGET_2_HOST", "of.another.job"));
        assertThat(run(2, "--on-conflict=replace"))
                .contains("--on-conflict has no effect on rump:target, as RUMP_TARGET_ON_CONFLICT is set: unset that");
        environment.put("RUMP_TARGET_ON_CONFLICT", "maybe");
        assertThat(run(2)).contains("RUMP_TARGET_ON_CONFLICT=maybe: it must be one of replace, keep, fail");
        environment.put("RUMP_TAGRET_ON_CONFLICT", environment.remove("RUMP_TARGET_ON_CONFLICT"));
        assertThat(run(2, "--on-conflict=replace")).contains("did you mean RUMP_TARGET_ON_CONFLICT?");
        environment.put("RUMP_SOURCE_SCAN_CUONT", "5");
        assertThat(run(2))
                .contains(
                        "RUMP_SOURCE_SCAN_CUONT is set, but there is no such option: did you mean RUMP_SOURCE_SCAN_COUNT?");
    }

    @Test
    void routesThatAnotherUserMayHaveWrittenGetNoPassword() throws Exception {
        Path own = folder.resolve("routes/migrate.camel.yaml");
        Files.writeString(own, "- route: {from: {uri: 'log:{{?rump.source.password}}'}}");
        Files.setPosixFilePermissions(folder.resolve("routes"), PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThat(run(2))
                .startsWith("rump: routes/migrate.camel.yaml is not run, as it would be given the passwords, and "
                        + folder.resolve("routes") + " can be written by every user (rwxrwxrwx)");
        assertThat(run(2, "check")).contains("routes/migrate.camel.yaml is not run");
    }

    @Test
    @Tag("long")
    void routesThatALiveRunMayNeedLaterAreRefusedAtItsStart() throws Exception {
        Path own = folder.resolve("routes/keyspace-events.camel.yaml");
        Files.writeString(own, "- route: {from: {uri: 'log:{{?rump.source.password}}'}}");
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rw-rw-rw-"));

        String refused = "rump: routes/keyspace-events.camel.yaml is not run, as it would be given the passwords, and "
                + own + " can be written by every user (rw-rw-rw-)";
        assertThat(run(2, "--live", "--until-lag=1s")).startsWith(refused);
        assertThat(run(2, "check", "--live")).startsWith(refused);
        assertThat(run(0, "check")).contains("READY");
    }

    @Test
    @Tag("long")
    void theExampleOfTwoTargetsWritesToTheOneOfTheCommandAndToThatOfTheEnvironment() throws Exception {
        example("copy-to-two-targets", "migrate");

        assertThat(run(0, "--match=user:*", "-ttl=false"))
                .contains("INFO Running the routes of " + folder.resolve("routes/migrate.camel.yaml") + " instead of")
                .contains("restored 1");

        try (Jedis first = target.jedis();
                Jedis other = second.jedis()) {
            first.select(3);
            assertThat(first.get("user:1")).isEqualTo("a");
            assertThat(other.get("user:1")).isEqualTo("a");
        }
    }

    private void example(String name, String as) throws IOException {
        Files.copy(Path.of("routes/examples", name + ".camel.yaml"), folder.resolve("routes/" + as + ".camel.yaml"));
    }

    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private String run(int exitCode, String... flags) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                "io.camelrump.cli.Rump"));
        line.addAll(List.of(flags));
        if (!List.of(flags).contains("demo")) {
            line.addAll(List.of(
                    "-from=redis://127.0.0.1:" + source.port() + "/1",
                    "-to=redis://127.0.0.1:" + target.port() + "/3"));
        }
        ProcessBuilder builder =
                new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("RUMP_SECOND_HOST", "127.0.0.1");
        builder.environment().put("RUMP_SECOND_PORT", String.valueOf(second.port()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isEqualTo(exitCode);
        return output;
    }
}
