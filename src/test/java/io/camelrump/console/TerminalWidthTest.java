package io.camelrump.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalWidthTest {
    private static final File NO_TERMINAL = new File("/dev/null");

    @Test
    void theVariableHoldsWhateverTheTerminalSays() {
        TerminalWidth width = TerminalWidth.of(NO_TERMINAL, "132");
        width.ask();

        assertThat(width.columns()).isEqualTo(132);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "wide", "-3", "99999999"})
    void aVariableThatMakesNoSenseIsPassedOver(String columns) {
        assertThat(TerminalWidth.of(NO_TERMINAL, columns).columns()).isEqualTo(80);
    }

    @Test
    void aTerminalThatDoesNotAnswerHasTheUsualWidth() {
        assertThat(TerminalWidth.of(new File("/no/such/device"), null).columns())
                .isEqualTo(80);
    }
}
