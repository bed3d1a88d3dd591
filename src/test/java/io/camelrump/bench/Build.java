package io.camelrump.bench;

import io.camelrump.fixtures.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A build of the distribution, and the command as a user starts it from there. */
final class Build {
    private static final Path WORKING_FOLDER = Path.of("target", "benchmark").toAbsolutePath();

    private final Path command;

    /** @param home the folder that holds {@code bin/rump} */
    Build(Path home) {
        command = home.resolve("bin").resolve("rump").toAbsolutePath();
        if (!Files.isExecutable(command)) {
            throw new IllegalArgumentException(home + " holds no bin/rump");
        }
    }

    /** The one to measure where nobody names another. */
    static Build current() {
        return new Build(Path.of(System.getProperty("rump.bench.home", "target/rump")));
    }

    ToolRun copy(int sourcePort, int targetPort, String... flags) throws IOException, InterruptedException {
        return run(Stream.concat(addresses(sourcePort, targetPort), Stream.of(flags)));
    }

    ToolRun compare(int sourcePort, int targetPort, String... flags) throws IOException, InterruptedException {
        return run(Stream.of(Stream.of("compare"), addresses(sourcePort, targetPort), Stream.of(flags))
                .flatMap(words -> words));
    }

    Process startCall(String... words) throws IOException {
        return start(Stream.of(words), ProcessBuilder.Redirect.INHERIT);
    }

    /** Starts a call whose standard error somebody reads. */
    Process startHeard(String... words) throws IOException {
        return start(Stream.of(words), ProcessBuilder.Redirect.PIPE);
    }

    /** Starts a copy that somebody else waits for. */
    Process startCopy(int sourcePort, int targetPort, String... flags) throws IOException {
        return start(
                Stream.concat(addresses(sourcePort, targetPort), Stream.of(flags)), ProcessBuilder.Redirect.INHERIT);
    }

    private static Stream<String> addresses(int sourcePort, int targetPort) {
        return Stream.of(
                "-silent",
                "--from",
                "redis://" + RedisServer.HOST + ":" + sourcePort,
                "--to",
                "redis://" + RedisServer.HOST + ":" + targetPort);
    }

    private ToolRun run(Stream<String> words) throws IOException, InterruptedException {
        return ToolRun.of(() -> start(words, ProcessBuilder.Redirect.INHERIT));
    }

    private Process start(Stream<String> words, ProcessBuilder.Redirect errors) throws IOException {
        Files.createDirectories(WORKING_FOLDER);
        List<String> line = new ArrayList<>(List.of(command.toString()));
        words.forEach(line::add);
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(WORKING_FOLDER.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(errors);
        builder.environment().put("RUMP_JAVA_OPTS", System.getProperty("rump.bench.java.opts", ""));
        return builder.start();
    }
}
