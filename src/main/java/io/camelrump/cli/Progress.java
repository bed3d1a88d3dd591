package io.camelrump.cli;

import io.camelrump.Ledger;
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
        boolean terminal = System.console() != null && !"dumb".equals(System.getenv("TERM"));
        return terminal
                ? new ProgressOnTerminal(ledger, plan.isFiltered())
                : new ProgressLines(ledger, plan.isFiltered(), out);
    }
}
