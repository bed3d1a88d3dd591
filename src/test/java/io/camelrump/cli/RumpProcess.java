package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The command as a process of its own, with what it prints; ended at the latest by {@link #close}. */
final class RumpProcess implements AutoCloseable {
    /** What the build made ready to run. */
    static final Path DISTRIBUTION = Path.of("target/rump").toAbsolutePath();

    private final Process process;
    private final Path out;
    private final Path err;

    private RumpProcess(Path workingFolder, Map<String, String> environment, List<String> command) {
        try {
            out = Files.createTempFile("rump", ".out");
            err = Files.createTempFile("rump", ".err");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(workingFolder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs this build between two servers; the options are those of the JVM. */
    static RumpProcess between(RedisServer source, RedisServer target, List<String> options, String... arguments) {
        return between(source, uri(target), options, arguments);
    }

    static RumpProcess between(RedisServer source, String target, List<String> options, String... arguments) {
        Path folder = Path.of("").toAbsolutePath();
        if (Boolean.getBoolean("rump.test.distribution")) {
            return launched(
                    folder,
                    Map.of("RUMP_FROM", uri(source), "RUMP_TO", target, "RUMP_JAVA_OPTS", String.join(" ", options)),
                    arguments);
        }
        // without a distribution of these classes, as in an IDE
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(options);
        command.add("-Dorg.apache.camel.jmx.disabled=true");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.camelrump.cli.Rump"));
        command.addAll(List.of(arguments));
        return new RumpProcess(folder, Map.of("RUMP_FROM", uri(source), "RUMP_TO", target), command);
    }

    /** Runs the launcher of the distribution in this working folder. */
    static RumpProcess launched(Path workingFolder, Map<String, String> environment, String... arguments) {
        return launched(
                workingFolder, environment, DISTRIBUTION.resolve("bin/rump").toString(), List.of(arguments));
    }

    /** Runs the launcher under that name, instead of a shell, as a supervisor's script would. */
    static RumpProcess launched(
            Path workingFolder, Map<String, String> environment, String launcher, List<String> arguments) {
        assertThat(DISTRIBUTION.resolve("bin/rump"))
                .as("built by the phase package")
                .isExecutable();
        List<String> command = Stream.concat(Stream.of("sh", "-c", "exec \"$0\" \"$@\"", launcher), arguments.stream())
                .toList();
        return new RumpProcess(workingFolder, environment, command);
    }

    static String uri(RedisServer server) {
        return "redis://" + RedisServer.HOST + ":" + server.port();
    }

    /** The flags that name both servers. */
    static List<String> fromTo(RedisServer source, RedisServer target, String... more) {
        List<String> flags = new ArrayList<>(List.of("-from", uri(source), "-to", uri(target)));
        flags.addAll(List.of(more));
        return flags;
    }

    long pid() {
        return process.pid();
    }

    void signal(String name) throws IOException, InterruptedException {
        assertThat(signalIfRunning(name)).isTrue();
    }

    /** Sends a signal; false if the process has ended by then. */
    boolean signalIfRunning(String name) throws IOException, InterruptedException {
        return new ProcessBuilder("kill", "-" + name, String.valueOf(pid()))
                        .start()
                        .waitFor()
                == 0;
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    String output() {
        return out() + err();
    }

    void awaitOutput(String text) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .failFast(() -> !process.isAlive() && !output().contains(text))
                .until(() -> output().contains(text));
    }

    int exitCode() throws InterruptedException {
        return exitCode(90);
    }

    /** Waits so many seconds at the most. */
    int exitCode(int seconds) throws InterruptedException {
        assertThat(process.waitFor(seconds, TimeUnit.SECONDS))
                .as("ended: " + output())
                .isTrue();
        return process.exitValue();
    }

    boolean hasEnded() {
        return !process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
