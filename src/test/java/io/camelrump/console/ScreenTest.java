package io.camelrump.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Lines that are printed while a line of progress stands. */
class ScreenTest {
    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
    private final Screen screen = Screen.on(new PrintStream(terminal, true, StandardCharsets.UTF_8));

    /** The terminal as a person sees it: what was erased is gone. */
    private String seen() {
        return terminal.toString(StandardCharsets.UTF_8).replaceAll("[^\n]*\r\u001B\\[2K", "");
    }

    @Test
    void theLineIsDrawnAnewInItsPlace() {
        screen.show("10 %");
        screen.show("20 %");

        assertThat(seen()).isEqualTo("20 %");
    }

    @Test
    void printedLinesAppearAboveIt() {
        screen.show("10 %");
        screen.println("first");
        screen.println("second");

        assertThat(seen()).isEqualTo("first\nsecond\n10 %");
    }

    @Test
    void textWithoutItsEndStandsAloneUntilThatComes() {
        screen.show("10 %");
        screen.print("be");
        screen.show("20 %");
        assertThat(seen()).isEqualTo("be");

        screen.println("gun");

        assertThat(seen()).isEqualTo("begun\n20 %");
    }

    @Test
    void anEmptyTextTakesTheLineAway() {
        screen.show("100 %");
        screen.show("");
        screen.println("COMPLETE");

        assertThat(seen()).isEqualTo("COMPLETE\n");
    }

    @Test
    void withoutALineNothingIsAdded() {
        screen.println("grüße");

        assertThat(terminal.toString(StandardCharsets.UTF_8)).isEqualTo("grüße\n");
    }
}
