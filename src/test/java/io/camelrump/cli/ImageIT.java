package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.cli.process.ExitCode;
import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/**
 * The root that {@code src/main/k8s/image} lays out runs as a container would: no rights, nothing to write to but /tmp.
 * An engine has no part in it.
 */
@Tag("long")
class ImageIT {
    /** What the base of an image has, by which this machine's own shell and C library stand in. */
    private static final String BASE = """
            need() {
                ldd "$1" 2>/dev/null | grep -o '/[^ )]*' | while read -r file; do
                    mkdir -p "$root${file%/*}"
                    [ -e "$root$file" ] || cp -L "$file" "$root$file"
                done
            }
            mkdir -p "$root/bin" "$root/proc" "$root/dev"
            cp -L /bin/sh "$root/bin/sh"
            need /bin/sh
            find "$root/opt/java" -name '*.so' -o -path '*/bin/java' | while read -r file; do need "$file"; done
            """;

    private static final String CONTAINER = """
            set -e
            mount --bind "$root" "$root"
            mount -o remount,ro,bind "$root"
            mount -t tmpfs tmpfs "$root/tmp"
            mount -t proc proc "$root/proc"
            mount --bind /dev "$root/dev"
            exec env -i JAVA_HOME=/opt/java HOME=/tmp PATH=/opt/rump/bin:/bin RUMP_JAVA_OPTS=-XX:MaxRAMPercentage=75 \
                "$(command -v chroot)" --userspec=10001:10001 "$root" /bin/sh -c 'cd /tmp && exec rump "$@"' rump "$@"
            """;

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    private static Path folder;

    private static Path root;

    private final List<Process> started = new ArrayList<>();
    private RedisServer source;
    private RedisServer target;

    @BeforeAll
    static void layOut() throws Exception {
        assumeThat(output("id", "-u").strip()).as("needs the right to mount").isEqualTo("0");
        assumeThat(output("unshare", "--mount", "--pid", "--fork", "echo", "may")
                        .strip())
                .as("needs namespaces of its own")
                .isEqualTo("may");
        assumeThat(Path.of(System.getProperty("java.home"), "bin/jlink"))
                .as("needs a JDK")
                .exists();
        root = folder.resolve("root");
        assertThat(run("sh", "src/main/k8s/image", RumpProcess.DISTRIBUTION.toString(), root.toString()))
                .isEmpty();
        assertThat(run("sh", "-c", "root=" + root + "\n" + BASE)).isEmpty();
    }

    @BeforeEach
    void fill() {
        source = servers.start();
        target = servers.start();
        try (Jedis jedis = source.jedis()) {
            SampleData.fillMixed(jedis, 1_000);
        }
    }

    @AfterEach
    void end() {
        started.forEach(process -> process.descendants().forEach(ProcessHandle::destroyForcibly));
    }

    @Test
    void copiesBetweenTwoServers() throws Exception {
        Process process = start("--json=/tmp/run.json", "--verify");

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

        assertThat(output(process)).contains("COMPLETE: ", "EQUAL: ");
        assertThat(process.exitValue()).isZero();
        assertThat(RedisCluster.digest(List.of(target))).isEqualTo(RedisCluster.digest(List.of(source)));
    }

    @Test
    void writesNothingToItsRoot() throws Exception {
        Process process = start("--json=/opt/run.json");

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

        assertThat(output(process)).contains("--json /opt/run.json cannot be written");
        assertThat(process.exitValue()).isEqualTo(ExitCode.USAGE.number());
    }

    @Test
    void endsInTimeWhenItIsStopped() throws Exception {
        Process process = start("--max-keys-per-second=50", "--scan-count=10");
        try (Jedis jedis = target.jedis()) {
            await().atMost(Duration.ofSeconds(30)).until(() -> jedis.dbSize() > 0);
        }

        // the first process of the container, to which an engine sends the signal
        process.children().forEach(ProcessHandle::destroy);

        assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
        assertThat(output(process)).contains("INCOMPLETE: ");
        assertThat(process.exitValue()).isEqualTo(ExitCode.SIGTERM.number());
    }

    private Process start(String... flags) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", CONTAINER, "sh"));
        command.addAll(List.of("-from", RumpProcess.uri(source), "-to", RumpProcess.uri(target)));
        command.addAll(List.of(flags));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("root", root.toString());
        Process process = builder.start();
        started.add(process);
        return process;
    }

    /** What a command prints; nothing where there is no such command. */
    private static String output(String... command) throws InterruptedException {
        try {
            return run(command);
        } catch (IOException e) {
            return "";
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        String printed = output(process);
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).as(printed).isTrue();
        return printed;
    }

    private static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
