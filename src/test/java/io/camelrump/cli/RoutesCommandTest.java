package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.cli.process.StopSignals;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class RoutesCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void listsEachBuiltInFileWithItsFirstSentence() {
        assertThat(run()).isZero();

        assertThat(out.toString().lines())
                .anyMatch(line -> line.matches("copy-to-two-targets +Copies every key to two targets at once\\."))
                .anyMatch(line -> line.matches(
                        "slow-down +Copies every key at a steady pace, so that two busy servers hardly notice\\."))
                .anyMatch(line -> line.matches("migrate +Copies every key of the source to the target, once\\."))
                .doesNotContain("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"migrate", "migrate.camel.yaml"})
    void aNameMayHaveItsEnding(String name) throws IOException {
        assertThat(run(name)).isZero();

        assertThat(out).hasToString(Files.readString(Path.of("routes/migrate.camel.yaml")));
    }

    @Test
    void anUnknownNameIsRefusedWithTheNearest() {
        assertThat(run("slow-dwn")).isEqualTo(2);

        assertThat(err.toString()).startsWith("rump: no built-in routes are called slow-dwn: did you mean slow-down?");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aListedExampleIsTakenByTheCommandOrSaysThatItIsForAnApplication() {
        assertThat(run()).isZero();
        List<String> names =
                out.toString().lines().map(line -> line.split(" ")[0]).toList();

        List<String> taken = new ArrayList<>();
        for (String name : names) {
            Path file = Path.of("routes/examples", name + ".camel.yaml");
            if (!Files.exists(file)) {
                continue;
            }
            String comment =
                    read(file).lines().takeWhile(line -> line.startsWith("#")).collect(Collectors.joining());
            if (objection(file) == null) {
                taken.add(name);
                assertThat(comment).as(name).doesNotContain("For an application");
            } else {
                assertThat(comment).as(name).contains("For an application");
                assertThat(out.toString()).containsPattern(name + " .* in an application\\.");
            }
        }
        assertThat(taken).hasSizeGreaterThan(20).contains("route-by-key", "copy-to-two-targets");
    }

    /** What the command says against a file that it is to run between two servers. */
    private static @Nullable String objection(Path file) {
        Map<String, String> addresses = Map.of(
                "rump.source.host",
                "old",
                "rump.source.port",
                "6379",
                "rump.target.host",
                "new",
                "rump.target.port",
                "6379");
        return RunRoutes.migrating(List.of(file)).objection(addresses, property -> "--from");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int run(String... name) {
        String[] arguments = new String[name.length + 1];
        arguments[0] = "routes";
        System.arraycopy(name, 0, arguments, 1, name.length);
        CommandLine command = Rump.commandLine(arguments, Map.of(), StopSignals.none())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err));
        return command.execute(arguments);
    }
}
