package io.camelrump.cli;

import java.io.PrintWriter;
import java.util.function.Consumer;

/** Says on standard error, with the time, what a person should know while a run goes on; nothing if it is silent. */
record Speech(RunPlan plan, PrintWriter err) implements Consumer<String> {
    @Override
    public void accept(String text) {
        if (!plan.silent()) {
            err.println(Logging.stamped(text));
            err.flush();
        }
    }
}
