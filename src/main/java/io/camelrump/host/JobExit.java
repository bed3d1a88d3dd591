package io.camelrump.host;

import java.lang.reflect.Field;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.main.MainLifecycleStrategy;
import org.apache.camel.main.MainSupport;
import org.apache.camel.spi.LifecycleStrategy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exit code of a Camel Main whose job is a run, as with {@code camel.main.durationMaxIdleSeconds}: not 0 unless
 * each of its runs is complete.
 *
 * <p>Camel takes 0 for the end of each job and offers no setter to components, so the field is set.
 */
public final class JobExit {
    private static final Logger LOG = LoggerFactory.getLogger(JobExit.class);
    private static final String MAIN = "org.apache.camel.main.MainSupport";
    /** The gravest comes first. */
    private static final List<Integer> CODES = List.of(1, 5, 6, 0);

    private JobExit() {}

    /**
     * Has the context's Main, if there is one, exit as the runs in its registry stand now.
     *
     * @param code of a process that has a run as its job
     */
    public static <R> void show(CamelContext context, Class<R> runs, Function<R, Integer> code) {
        show(
                context,
                context.getRegistry().findByType(runs).stream()
                        .map(code)
                        .min(Comparator.comparingInt(CODES::indexOf))
                        .orElse(0));
    }

    /** Has the context's Main, if there is one, exit by this code. */
    static void show(CamelContext context, int code) {
        if (context.getClassResolver().resolveClass(MAIN) == null) {
            return;
        }
        try {
            for (LifecycleStrategy strategy : context.getLifecycleStrategies()) {
                OfMain.set(strategy, code);
            }
            OfMain.setBeans(context, code);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warn("The exit code of Camel's Main cannot be set, so it may be 0 although a run is not complete", e);
        }
    }

    /** Loaded only where camel-main is. */
    private static final class OfMain {

        static void set(LifecycleStrategy strategy, int code) throws ReflectiveOperationException {
            if (!(strategy instanceof MainLifecycleStrategy)) {
                return;
            }
            MainSupport main = main(value(MainLifecycleStrategy.class.getDeclaredField("shutdownStrategy"), strategy));
            if (main != null) {
                set(main, code);
            }
        }

        /** On Quarkus the shutdown strategy does not lead to the Main, which is a bean. */
        static void setBeans(CamelContext context, int code) throws ReflectiveOperationException {
            for (MainSupport main : context.getRegistry().findByType(MainSupport.class)) {
                set(main, code);
            }
        }

        private static void set(MainSupport main, int code) throws ReflectiveOperationException {
            if (!(value(MainSupport.class.getDeclaredField("exitCode"), main) instanceof AtomicInteger exit)) {
                return;
            }
            int hit = main.configure().getDurationHitExitCode();
            int now = exit.get();
            // a code of the application's own stands
            if (now == Integer.MIN_VALUE || now == hit || CODES.contains(now)) {
                exit.set(code == 0 ? hit : code);
            }
        }

        /** The one that a shutdown strategy ends. */
        private static @Nullable MainSupport main(@Nullable Object shutdown) throws ReflectiveOperationException {
            Class<?> type = shutdown == null ? Object.class : shutdown.getClass();
            for (; type != Object.class; type = type.getSuperclass()) {
                for (Field field : type.getDeclaredFields()) {
                    if (value(field, shutdown) instanceof MainSupport main) {
                        return main;
                    }
                }
            }
            return null;
        }

        private static @Nullable Object value(Field field, Object owner) throws ReflectiveOperationException {
            field.setAccessible(true);
            return field.get(owner);
        }
    }
}
