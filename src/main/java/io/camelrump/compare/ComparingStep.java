package io.camelrump.compare;

import io.camelrump.TransientTargetException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.UnitOfWorkHelper;

/**
 * Hands the pages of a consumer without a route to the producer that compares them, and again where its server could
 * not answer: what an error handler does in a route.
 */
public final class ComparingStep implements Processor {
    private static final long FIRST_DELAY = 100;
    private static final long LONGEST_DELAY = 2_000;

    private final AsyncProducer producer;
    private final ScheduledExecutorService later;

    public ComparingStep(AsyncProducer producer, ScheduledExecutorService later) {
        this.producer = producer;
        this.later = later;
    }

    @Override
    public void process(Exchange exchange) {
        compare(exchange, FIRST_DELAY);
    }

    private void compare(Exchange exchange, long delay) {
        producer.process(exchange, doneSync -> {
            if (exchange.getException() instanceof TransientTargetException && !later.isShutdown()) {
                exchange.setException(null);
                later.schedule(
                        () -> compare(exchange, Math.min(LONGEST_DELAY, 2 * delay)), delay, TimeUnit.MILLISECONDS);
            } else {
                UnitOfWorkHelper.doneSynchronizations(
                        exchange, exchange.getExchangeExtension().handoverCompletions());
            }
        });
    }
}
