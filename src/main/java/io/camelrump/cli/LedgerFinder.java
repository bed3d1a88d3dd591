package io.camelrump.cli;

import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;

/** Gets hold of the context before its routes are loaded. */
final class LedgerFinder extends MainListenerSupport {
    private final Consumer<CamelContext> action;

    LedgerFinder(Consumer<CamelContext> action) {
        this.action = action;
    }

    @Override
    public void afterConfigure(BaseMainSupport main) {
        action.accept(main.getCamelContext());
    }
}
