package io.camelrump.exchanges;

import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.processor.WireTapProcessor;
import org.apache.camel.processor.aggregate.AggregateProcessor;

/**
 * Whether a context's routes have steps that hold a copy of an exchange which has no unit of work, and so is not seen.
 */
final class DetachedCopies {
    private DetachedCopies() {}

    /** Held until a group is complete; a strategy of this type lets the pages know that they are carried on. */
    static boolean mayBeAggregated(CamelContext context, Class<?> joining) {
        return has(
                context,
                step -> step instanceof AggregateProcessor aggregator
                        && !joining.isInstance(aggregator.getAggregationStrategy()));
    }

    /** Held for the moment until a thread of another pool takes them up. */
    static boolean mayBeHandedOver(CamelContext context) {
        return has(context, WireTapProcessor.class::isInstance)
                || context.getRoutes().stream()
                        .anyMatch(route -> !route.getOnCompletions().isEmpty());
    }

    private static boolean has(CamelContext context, Predicate<Processor> kind) {
        return context.getRoutes().stream()
                .flatMap(route -> route.filter("*").stream())
                .anyMatch(kind);
    }
}
