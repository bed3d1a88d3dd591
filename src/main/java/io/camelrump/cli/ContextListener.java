package io.camelrump.cli;

import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;

/** Gets hold of the context before its routes are loaded. */
final class ContextListener extends MainListenerSupport {
    private final Consumer<CamelContext> action;

    ContextListener(Consumer<CamelContext> action) {
        this.action = action;
    }

    @Override
    public void afterConfigure(BaseMainSupport main) {
        action.accept(main.getCamelContext());
    }
}
