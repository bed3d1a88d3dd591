package io.camelrump.reading;

import io.camelrump.cutover.RunSides;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.camel.support.DefaultConsumer;

/**
 * The consumer of a run with its route, as far as one start of it needs to know them.
 *
 * @param consumer that owns the threads
 * @param reads whether the reader has to go on; not while the route stops or is suspended
 * @param joining type of an aggregation strategy that lets pages know that they are carried on
 * @param sides gives both sides of a live run
 */
public record ReadingRoute(
        DefaultConsumer consumer, BooleanSupplier reads, Class<?> joining, Supplier<RunSides> sides) {}
