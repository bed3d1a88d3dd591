package io.camelrump.metrics;

import io.camelrump.cutover.RunOutlook;
import io.camelrump.cutover.Steering;
import io.camelrump.run.Run;
import java.time.Instant;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/**
 * A run that is measured.
 *
 * @param began gives the time at which it did
 */
public record MeteredRun(Run run, Steering steering, Supplier<Instant> began) {
    private static final String METERS = "io.micrometer.core.instrument.MeterRegistry";

    RunOutlook outlook() {
        return new RunOutlook(run, steering);
    }

    /**
     * Its meters in the context's MeterRegistry; null where there is none. The class that knows Micrometer is loaded
     * only then.
     *
     * @param route that reads
     */
    public @Nullable Meters meters(CamelContext context, String route) {
        Class<?> micrometer = context.getClassResolver().resolveClass(METERS);
        Object registry = micrometer == null ? null : context.getRegistry().findSingleByType(micrometer);
        return registry == null ? null : Meters.of(registry, this, context.getName(), route);
    }
}
