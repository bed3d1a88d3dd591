package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.cli.process.StopSignals;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The printed script, in a real bash. */
class CompletionCommandTest {
    @TempDir
    Path folder;

    static List<Arguments> typed() {
        return List.of(
                Arguments.of("rump com", List.of("compare", "completion")),
                Arguments.of("rump cut", List.of("cutover")),
                Arguments.of("rump --live --pause", List.of("--pause-writes")),
                Arguments.of("rump compare --rep", List.of("--repair")),
                Arguments.of("rump status --control-t", List.of("--control-token-file")),
                Arguments.of("rump --on-conflict ke", List.of("keep")));
    }

    @ParameterizedTest
    @MethodSource("typed")
    void bashCompletesCommandsFlagsAndValues(String line, List<String> completed) throws Exception {
        Path script = folder.resolve("rump.bash");
        Files.writeString(script, printed());
        String[] words = line.split(" ");
        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "source " + script + "; COMP_WORDS=(" + line + "); COMP_CWORD=" + (words.length - 1)
                                + "; _complete_rump 2> /dev/null; echo \"${COMPREPLY[@]}\"")
                .start();
        String reply = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(bash.waitFor()).isZero();
        assertThat(Arrays.asList(reply.trim().split("\\s+")))
                .containsAll(completed)
                .allMatch(word -> word.startsWith(words[words.length - 1]));
    }

    private static String printed() throws IOException {
        StringWriter out = new StringWriter();
        CommandLine command = Rump.commandLine(new String[] {"completion"}, Map.of(), StopSignals.none())
                .setOut(new PrintWriter(out));
        assertThat(command.execute("completion")).isZero();
        return out.toString();
    }
}
