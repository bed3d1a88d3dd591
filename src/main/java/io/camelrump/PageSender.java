package io.camelrump;

import io.camelrump.run.PageData;
import io.camelrump.run.Receipt;
import io.camelrump.run.Run;
import java.util.List;
import org.apache.camel.Exchange;

/** Sends pages to the route, each in an exchange of its own, with headers that say what it holds. */
final class PageSender {
    private final RumpConsumer consumer;
    private final RumpEndpoint endpoint;
    private final Run run;
    private final HostedRun hosted;
    private final SourceFactory sources;

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

    /** Lets the route hear that the run is complete. */
    void sendEnd() throws Exception {
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
