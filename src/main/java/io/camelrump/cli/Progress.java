package io.camelrump.cli;

import io.camelrump.Ledger;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Shows on standard error how far a run is. */
interface Progress extends AutoCloseable {
    /** Called several times a second. */
    void show();

    @Override
    void close();

    static Progress of(Migration.Plan plan, Ledger ledger) {
        return of(plan, ledger, () -> "");
    }

    /** @param more is added to what is shown; empty for nothing */
    static Progress of(Migration.Plan plan, Ledger ledger, Supplier<String> more) {
        if (plan.silent()) {
            return new NoProgress();
        }
        return isTerminal() && !"dumb".equals(System.getenv("TERM"))
                ? new ProgressOnTerminal(ledger, plan.isFiltered(), more)
                : new ProgressLines(
                        ledger, plan.isFiltered(), more, new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    }

    /** This as one more part of a line; empty if there is nothing to add. */
    static String added(Supplier<String> more) {
        String text = more.get();
        return text.isEmpty() ? "" : ", " + text;
    }

    /** Whether a person sees standard error. */
    static boolean isTerminal() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/2"))
                    .toString()
                    .matches("/dev/(pts/\\d+|tty.*|console)");
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
