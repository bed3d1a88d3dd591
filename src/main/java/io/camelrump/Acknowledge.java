package io.camelrump;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Says that the step before it has taken the pages: for a route that ends in a transport, such as Kafka or a file,
 * and not at a {@code rump:} producer.
 */
public final class Acknowledge implements Processor {
    private static final String TARGET = "acknowledged";

    @Override
    public void process(Exchange exchange) {
        Receipts.of(exchange).forEach(receipt -> receipt.acknowledge(TARGET));
    }
}
