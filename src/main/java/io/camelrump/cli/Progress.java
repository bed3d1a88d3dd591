package io.camelrump.cli;

import io.camelrump.Ledger;
import io.camelrump.RunPhase;
import io.camelrump.cli.process.StopSignals;
import io.camelrump.console.Screen;
import io.camelrump.console.TerminalWidth;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Shows on standard error how far a run is. */
interface Progress extends AutoCloseable {
    /** Where a system with /proc shows it. */
    Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    /** Where such a system shows standard output. */
    Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");

    /** Called several times a second. */
    void show();

    @Override
    void close();

    /** Shows how a comparison goes. */
    static Progress ofComparison(RunPlan plan, Ledger ledger) {
        return of(plan, ledger, "comparing", "");
    }

    /** @param toCutOver the command by which a person cuts over; empty for a run that cannot */
    static Progress of(RunPlan plan, Ledger ledger, String toCutOver) {
        return of(plan, ledger, RunPhase.COPYING.word(), toCutOver);
    }

    private static Progress of(RunPlan plan, Ledger ledger, String copying, String toCutOver) {
        if (plan.silent()) {
            return new NoProgress();
        }
        if (System.err instanceof Screen screen) {
            TerminalWidth width = TerminalWidth.of(STANDARD_ERROR.toFile(), System.getenv("COLUMNS"));
            StopSignals.handle("WINCH", name -> width.ask());
            Pace pace = new Pace(ledger, plan.isFiltered(), System::nanoTime);
            StatusLine status = new StatusLine(ledger, pace, copying, toCutOver);
            return new ProgressOnTerminal(status, screen, width::columns, System::nanoTime);
        }
        return new ProgressLines(
                ledger, plan.isFiltered(), copying, new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    }

    /** Whether standard error can show a line that is drawn anew. */
    static boolean isOnTerminal() {
        return isTerminal(STANDARD_ERROR) && !"dumb".equals(System.getenv("TERM"));
    }

    /** Whether a person sees what is written to one of the two. */
    static boolean isTerminal(Path stream) {
        try {
            return Files.readSymbolicLink(stream).toString().matches("/dev/(pts/\\d+|tty.*|console)");
        } catch (IOException | UnsupportedOperationException e) {
            // a system without /proc
            return hasConsole();
        }
    }

    /** Java 22 to 24 have a console also where the output is redirected, and it says so. */
    private static boolean hasConsole() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            // up to Java 21 a console is a terminal
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
