package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.cli.process.ExitCode;
import io.camelrump.cli.process.StopSignals;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DidYouMeanTest {
    @ParameterizedTest
    @CsvSource({
        "--form=redis://u:secret@old, Unknown option: '--form=redis://***@old'; did you mean --from?",
        "-scan-cuont=3, Unknown option: '-scan-cuont=3'; did you mean --scan-count?",
        "comapre, Unmatched argument at index 0: 'comapre'; did you mean compare?",
        "statsu, Unmatched argument at index 0: 'statsu'; did you mean status?",
        "--nothing-like-it, Unknown option: '--nothing-like-it'"
    })
    void aMisspelledFlagOrCommandIsAnsweredWithTheOneThatWasMeant(String typed, String answer) {
        StringWriter err = new StringWriter();

        int code = Rump.commandLine(new String[] {typed}, Map.of(), StopSignals.none())
                .setErr(new PrintWriter(err, true))
                .execute(typed);

        assertThat(code).isEqualTo(ExitCode.USAGE.number());
        assertThat(err.toString().lines()).first().isEqualTo("rump: " + answer);
    }
}
