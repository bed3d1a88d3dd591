package io.camelrump.host;

import java.lang.reflect.Field;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.EventNotifier;
import org.apache.camel.support.EventNotifierSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the process of a Camel Main end whose context does not start: the watch of {@code durationMaxIdleSeconds} has a
 * thread by then, which nobody stops and which would keep the process alive for good.
 */
public final class FailedStart extends EventNotifierSupport {
    private static final Logger LOG = LoggerFactory.getLogger(FailedStart.class);
    private static final String DURATION_WATCH = "org.apache.camel.main.MainDurationEventNotifier";
    private static final int EXIT_CODE = 1;

    private final CamelContext context;

    private FailedStart(CamelContext context) {
        this.context = context;
        setIgnoreExchangeEvents(true);
    }

    /** Reacts from now on, once however many components ask for it. */
    public static void watch(CamelContext context) {
        if (context.getManagementStrategy().getEventNotifiers().stream().noneMatch(FailedStart.class::isInstance)) {
            context.getManagementStrategy().addEventNotifier(new FailedStart(context));
        }
    }

    /**
     * Reacts to an endpoint that is refused before its context starts, of which there is no event.
     *
     * @return the same exception, to be thrown
     */
    public static <E extends Exception> E refused(CamelContext context, E refusal) {
        if (!context.isStarted()) {
            endDurationWatch(context);
        }
        return refusal;
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
        return event.getType() == CamelEvent.Type.CamelContextStartupFailure;
    }

    @Override
    public void notify(CamelEvent failure) {
        JobExit.show(context, EXIT_CODE);
        endDurationWatch(context);
    }

    private static void endDurationWatch(CamelContext context) {
        for (EventNotifier notifier : context.getManagementStrategy().getEventNotifiers()) {
            if (notifier.getClass().getName().equals(DURATION_WATCH)) {
                end(notifier);
            }
        }
    }

    /** Camel never shuts this executor down and offers no way to, so it is taken from its field. */
    private static void end(EventNotifier durationWatch) {
        try {
            Field field = durationWatch.getClass().getDeclaredField("idleExecutorService");
            field.setAccessible(true);
            if (field.get(durationWatch) instanceof ExecutorService idle) {
                idle.shutdownNow();
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warn("The timer of durationMaxIdleSeconds cannot be stopped, and may keep this process alive", e);
        }
    }
}
