package io.camelrump.boot;

import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.util.StringHelper;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/**
 * Has Spring Boot report a start that we refuse in one paragraph, without traces: what, where, which value, what to do.
 * Other failures of the component are bugs, and are reported as Boot reports them.
 */
public final class RefusedStart implements FailureAnalyzer {
    private static final String OURS = "io.camelrump.";
    private static final String ACTION = "Change the property or the server that it names. Properties of a server are"
            + " rump.NAME.OPTION, those of all servers camel.component.rump.OPTION; the cause in full is logged with"
            + " logging.level.org.springframework.boot.diagnostics=debug.";

    @Override
    public FailureAnalysis analyze(Throwable failure) {
        Throwable refusal = refusal(failure);
        if (refusal == null) {
            return null;
        }
        String route = failure instanceof FailedToStartRouteException
                ? StringHelper.before(failure.getMessage(), " because:", "") + ": "
                : "";
        return new FailureAnalysis(route + refusal.getMessage(), ACTION, failure);
    }

    /** The innermost of our exceptions, which names what is wrong; null if there is none. */
    static Throwable refusal(Throwable failure) {
        Throwable refusal = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getClass().getName().startsWith(OURS)) {
                refusal = cause;
            }
        }
        return refusal;
    }
}
