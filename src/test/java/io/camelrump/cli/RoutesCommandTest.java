package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
