package io.camelrump.cli;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.cli.process.Arguments;
import io.camelrump.cli.process.StopSignals;
import io.camelrump.fixtures.ServerPair;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;

/** A live run of the command beside a test, which sees what it says, and cuts it over by a file. */
final class LiveCommand {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Path folder;
    private final CompletableFuture<Integer> ended;

    private LiveCommand(Path folder, List<String> given) {
        this.folder = folder;
        String[] arguments = Stream.concat(
                        given.stream(),
                        Stream.of("--live", "--cutover-file=" + folder.resolve("go"), "--json=" + json(folder)))
                .toArray(String[]::new);
        CommandLine command = Rump.commandLine(arguments, Map.of(), StopSignals.none())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        ended = CompletableFuture.supplyAsync(() -> command.execute(Arguments.withTwoDashes(
                arguments, command.getCommandSpec().optionsMap().keySet())));
    }

    private static Path json(Path folder) {
        return folder.resolve("run.json");
    }

    /** Begins to copy from one server to another; the tests' own writers are not spared. */
    static LiveCommand start(ServerPair servers, Path folder, String... flags) {
        return start(
                folder,
                Stream.concat(
                                Stream.of("-from=" + servers.from(), "-to=" + servers.to(), "--latency-guard=off"),
                                Stream.of(flags))
                        .toArray(String[]::new));
    }

    /** @param folder is its own */
    static LiveCommand start(Path folder, String... arguments) {
        return new LiveCommand(folder, List.of(arguments));
    }

    String err() {
        return err.toString();
    }

    void awaitSaid(String text) {
        awaitSaid(text, 1);
    }

    void awaitSaid(String text, int times) {
        await("\"" + text + "\" to be said")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .failFast(() -> ended.isDone() && !err().contains(text))
                .until(() -> err().split(Pattern.quote(text), -1).length > times);
    }

    /** Asks for the cutover, and waits for the end. */
    CommandRun cutOver() throws IOException {
        Files.createFile(folder.resolve("go"));
        return end();
    }

    CommandRun end() {
        int code = ended.orTimeout(90, TimeUnit.SECONDS).join();
        return new CommandRun(code, out.toString(), err());
    }

    /** The part of the summary about what was followed. */
    JsonNode live() throws IOException {
        return new ObjectMapper().readTree(json(folder).toFile()).path("live");
    }
}
