package io.camelrump;

import io.camelrump.run.PageData;
import io.camelrump.run.Receipt;
import io.camelrump.run.Run;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.camel.Exchange;

/** Sends pages to the route, each in an exchange of its own, with headers that say what it holds. */
final class PageSender {
    private final RumpConsumer consumer;
    private final RumpEndpoint endpoint;
    private final Run run;
    private final HostedRun hosted;
    private final SourceFactory sources;
    private volatile boolean endDue;

    PageSender(RumpConsumer consumer, RumpEndpoint endpoint, Run run, HostedRun hosted, SourceFactory sources) {
        this.consumer = consumer;
        this.endpoint = endpoint;
        this.run = run;
        this.hosted = hosted;
        this.sources = sources;
    }

    /** Sends a page that is entered in the books of the run. */
    void send(PageData page, Receipt receipt) throws Exception {
        Exchange exchange = exchange(sources.forTarget(page));
        Receipts.attach(exchange, List.of(receipt));
        consumer.getProcessor().process(exchange);
    }

    /**
     * Whether an exchange that reports the end is yet to be sent: a route that is stopped as soon as its run has ended
     * waits for that one.
     */
    boolean isEndDue() {
        return endDue;
    }

    /** Ends the run by this, and lets the route hear of it if it is complete then. */
    void endBy(BooleanSupplier end) throws Exception {
        endDue = true;
        try {
            if (end.getAsBoolean()) {
                reportEnd();
            }
        } finally {
            endDue = false;
        }
    }

    /** Lets the route hear of a run that has ended. */
    void reportEnd() throws Exception {
        Exchange exchange = exchange(PageData.end(endpoint.getServerOptions().getDatabase()));
        hosted.describeEnd(exchange.getMessage());
        consumer.getProcessor().process(exchange);
    }

    private Exchange exchange(PageData page) {
        Exchange exchange = consumer.createExchange(true);
        exchange.getMessage().setBody(new Page(page));
        exchange.getMessage().setHeader(RumpConstants.KEYS, page.size());
        exchange.getMessage().setHeader(RumpConstants.BYTES, page.bytes());
        exchange.getMessage().setHeader(RumpConstants.DATABASE, page.database());
        exchange.getMessage().setHeader(RumpConstants.PROGRESS, run.report().progress());
        return exchange;
    }
}
