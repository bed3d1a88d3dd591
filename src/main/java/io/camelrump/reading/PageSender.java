package io.camelrump.reading;

import io.camelrump.RumpConstants;
import io.camelrump.exchanges.Receipts;
import io.camelrump.run.PageData;
import io.camelrump.run.PageStamp;
import io.camelrump.run.Receipt;
import io.camelrump.run.RemoteEnd;
import io.camelrump.run.Run;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultConsumer;

/** Sends pages to the route, each in an exchange of its own, with headers that say what it holds. */
public final class PageSender {
    private final DefaultConsumer consumer;
    private final Run run;
    private final SourceFactory sources;
    private final Function<PageData, Object> body;
    private final Consumer<Message> ended;
    private volatile boolean endDue;
    /** Pages are numbered from 0. */
    private volatile long pagesSent;

    /**
     * @param body what the route gets for a page
     * @param ended says in a message how the run ended
     */
    public PageSender(
            DefaultConsumer consumer,
            Run run,
            SourceFactory sources,
            Function<PageData, Object> body,
            Consumer<Message> ended) {
        this.consumer = consumer;
        this.run = run;
        this.sources = sources;
        this.body = body;
        this.ended = ended;
    }

    /** Sends a page that is entered in the books of the run. */
    void send(PageData page, Receipt receipt) throws Exception {
        pagesSent = receipt.sequence() + 1;
        Exchange exchange = exchange(sources.forTarget(page));
        Receipts.attach(exchange, List.of(receipt));
        consumer.getProcessor().process(exchange);
    }

    /**
     * Whether an exchange that reports the end is yet to be sent: a route that is stopped as soon as its run has ended
     * waits for that one.
     */
    public boolean isEndDue() {
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
        PageStamp stamp = PageStamp.ofEnd(
                run.sources().runId(),
                run.epoch().number(),
                pagesSent,
                new RemoteEnd(null, null, run.pages().voided(), true));
        Exchange exchange = exchange(sources.end(stamp));
        ended.accept(exchange.getMessage());
        consumer.getProcessor().process(exchange);
    }

    private Exchange exchange(PageData page) {
        Exchange exchange = consumer.createExchange(true);
        exchange.getMessage().setBody(body.apply(page));
        exchange.getMessage().setHeader(RumpConstants.KEYS, page.size());
        exchange.getMessage().setHeader(RumpConstants.BYTES, page.bytes());
        exchange.getMessage().setHeader(RumpConstants.DATABASE, page.database());
        exchange.getMessage().setHeader(RumpConstants.PROGRESS, run.report().progress());
        return exchange;
    }
}
