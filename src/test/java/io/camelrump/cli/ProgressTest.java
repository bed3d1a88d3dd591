package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.Ledger;
import io.camelrump.LedgerAt;
import io.camelrump.Outcome;
import io.camelrump.console.Screen;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a person sees of a run that is in progress; the clock is moved by hand. */
class ProgressTest {
    private final Ledger ledger = LedgerAt.start(100_000);
    private final StringWriter printed = new StringWriter();
    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
    private long now = 1;

    private ProgressLines lines(boolean filtered) {
        return new ProgressLines(ledger, filtered, "copying", new PrintWriter(printed, true), () -> now);
    }

    private void pass(double seconds) {
        now += Math.round(seconds * TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void aLineComesEveryFiveSeconds() {
        ProgressLines lines = lines(false);
        for (int tenths = 0; tenths < 120; tenths++) {
            lines.show();
            pass(0.1);
        }
        lines.close();

        assertThat(printed.toString().lines()).hasSize(2);
    }

    @Test
    void aProgressLineHasKeysShareRatesAndTimeLeft() {
        ProgressLines lines = lines(false);
        LedgerAt.settle(ledger, 20_000, Outcome.RESTORED, 0.9);
        pass(5);
        lines.show();
        LedgerAt.settle(ledger, 5_000, Outcome.VANISHED, 0.9);
        pass(5);
        lines.show();

        assertThat(printed.toString().lines())
                .allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(Z|[+-]\\d\\d:\\d\\d) .*"))
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .containsExactly(
                        "5 s, copying: 20,000 keys (20 %), 4,000 keys/s, 20.0 kB/s, about 20 s left",
                        "10 s, copying: 25,000 keys (25 %), 1,000 keys/s, 5,000 B/s, about 30 s left");
    }

    @Test
    void underAFilterTheShareOfTheKeyspaceComesFromTheCursor() {
        ProgressLines lines = lines(true);
        LedgerAt.settle(ledger, 100, Outcome.RESTORED, 0.5);
        pass(6);
        lines.show();

        assertThat(printed.toString()).contains(" 6 s, copying: 100 keys (50 %), 17 keys/s, 83 B/s, about 6 s left");
    }

    @Test
    void refusedKeysAreReported() {
        ProgressLines lines = lines(false);
        LedgerAt.settle(ledger, 7, Outcome.REFUSED, 0);
        pass(5);
        lines.show();

        assertThat(printed.toString()).contains("about ? s left, 7 refused");
    }

    @Test
    void keysOfAnEarlierRunDoNotCountInTheRate() {
        LedgerAt.settle(ledger, 50_000, Outcome.RESTORED, 0.5);
        ProgressLines lines = lines(false);
        LedgerAt.settle(ledger, 10_000, Outcome.RESTORED, 0.6);
        pass(5);
        lines.show();

        assertThat(printed.toString())
                .contains(" 5 s, copying: 60,000 keys (60 %), 2,000 keys/s, 10.0 kB/s, about 20 s left");
    }

    @Test
    void theLineOnATerminalCountsTheKeysOfTheSource() {
        assertThat(onTerminal(false))
                .startsWith("copying  [=======>")
                .contains("]  25 %  25,000 of 100,000 keys  2,500 keys/s  12.5 kB/s  elapsed 0:10  left 0:30");
    }

    @Test
    void theLineOnATerminalGoesByTheKeyspaceUnderAFilter() {
        assertThat(onTerminal(true)).contains("]  90 %  25,000 of 100,000 keys", "left 0:02");
    }

    @Test
    void theLineOfAResumedRunBeginsWhereTheEarlierOneEnded() {
        LedgerAt.settle(ledger, 50_000, Outcome.RESTORED, 0.5);

        assertThat(onTerminal(false)).contains(" 75 %  75,000 of 100,000 keys  2,500 keys/s", "left 0:10");
    }

    @Test
    void refusedKeysAreReportedOnATerminalToo() {
        LedgerAt.settle(ledger, 7, Outcome.REFUSED, 0);

        assertThat(onTerminal(false)).endsWith("7 refused");
    }

    /** The last picture of the line, of 25,000 keys in ten seconds. */
    private String onTerminal(boolean filtered) {
        Screen screen = Screen.on(new PrintStream(terminal, true, StandardCharsets.UTF_8));
        Pace pace = new Pace(ledger, filtered, () -> now);
        StatusLine status = new StatusLine(ledger, pace, "copying", "");
        try (ProgressOnTerminal line = new ProgressOnTerminal(status, screen, () -> 150, () -> now)) {
            LedgerAt.settle(ledger, 25_000, Outcome.RESTORED, 0.9);
            pass(10);
            line.show();
        }
        String[] drawn = terminal.toString(StandardCharsets.UTF_8).split("\r\u001B\\[2K");
        return drawn[drawn.length - 1];
    }
}
