package io.camelrump.cli;

import io.camelrump.Ledger;
import java.io.Console;
import java.io.PrintWriter;

/** Shows how far a run is. */
interface Progress extends AutoCloseable {
    /** Called several times a second. */
    void show();

    @Override
    void close();

    static Progress of(Migration.Plan plan, Ledger ledger, PrintWriter out) {
        if (plan.silent()) {
            return new NoProgress();
        }
        return isTerminal() && !"dumb".equals(System.getenv("TERM"))
                ? new ProgressOnTerminal(ledger, plan.isFiltered())
                : new ProgressLines(ledger, plan.isFiltered(), out);
    }

    /** Whether a person sees the output: Java 22 to 24 have a console also where it is redirected, and it tells that. */
    static boolean isTerminal() {
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
