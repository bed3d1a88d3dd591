package io.camelrump.boot;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Leaves the report of a refused start to Spring Boot: Camel logs it before, with 130 lines of traces. Where the
 * application does not log by Logback, or asks for Camel's debug level, Camel's line stays.
 */
final class RefusalLogFilter extends TurboFilter {
    private static final String CONTEXT = "org.apache.camel.impl.engine.AbstractCamelContext";

    static void install() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext loggers
                && loggers.getTurboFilterList().stream().noneMatch(RefusalLogFilter.class::isInstance)) {
            loggers.addTurboFilter(new RefusalLogFilter());
        }
    }

    @Override
    public FilterReply decide(
            Marker marker, Logger logger, Level level, String format, Object[] parameters, Throwable thrown) {
        return level == Level.ERROR
                        && logger.getName().equals(CONTEXT)
                        && logger.getEffectiveLevel().isGreaterOrEqual(Level.INFO)
                        && isRefusal(parameters, thrown)
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
    }

    /** A throwable after those that the format has places for is among the parameters. */
    private static boolean isRefusal(Object[] parameters, Throwable thrown) {
        Object last = thrown != null || parameters == null || parameters.length == 0
                ? thrown
                : parameters[parameters.length - 1];
        return last instanceof Throwable failure && RefusedStart.refusal(failure) != null;
    }
}
