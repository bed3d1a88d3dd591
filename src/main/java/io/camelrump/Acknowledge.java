package io.camelrump;

import io.camelrump.exchanges.Receipts;
import io.camelrump.run.PageData;
import io.camelrump.run.Receipt;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Processor;
import org.apache.camel.support.ExchangeHelper;

/**
 * Says that the step before it has taken the pages: for a route that ends in a transport, such as Kafka or a file, and
 * not at a {@code rump:} producer. Their keys count as {@link Outcome#HANDED_ON}.
 *
 * <p>It answers like a target: where a page goes to a {@code rump:} producer as well, the consumer's {@code targets}
 * counts both. Keys in parts have no form that a transport could take, and fail the run, unless the data format
 * {@code rump} has given them one.
 */
public final class Acknowledge implements Processor {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final int number = NUMBERS.incrementAndGet();

    /**
     * Enters the keys of the pages as handed on.
     *
     * @throws TargetClosedException if a target answers for them, or if they are in parts; the run has failed
     * @throws IllegalStateException if the exchange is one of a split, and does not say which key it is about
     */
    @Override
    public void process(Exchange exchange) throws TargetClosedException {
        String name = Receipt.TRANSPORT + number + " of route " + ExchangeHelper.getAtRouteId(exchange);
        for (Map.Entry<Receipt, BitSet> taken : taken(exchange).entrySet()) {
            Receipt receipt = taken.getKey();
            try {
                if (!PageCodec.hasWritten(exchange)) {
                    refuseParts(receipt);
                }
                receipt.claim(name, taken.getValue());
            } catch (TargetClosedException e) {
                receipt.run().fail(e.getMessage());
                throw e;
            }
            receipt.settlement().acknowledge(name, taken.getValue());
        }
    }

    /** The keys that the exchange carries; all of its pages where a step has replaced the body. */
    private static Map<Receipt, BitSet> taken(Exchange exchange) {
        Map<Receipt, BitSet> taken = new HashMap<>();
        for (PageData page : pages(exchange)) {
            Receipt receipt = page.receipt();
            if (receipt != null) {
                taken.computeIfAbsent(receipt, none -> new BitSet()).or(page.placesTaken());
            }
        }
        List<Receipt> receipts = Receipts.of(exchange);
        if (!taken.isEmpty()) {
            return taken;
        }
        if (!receipts.isEmpty() && exchange.getProperty(Exchange.SPLIT_INDEX) != null) {
            throw new IllegalStateException(
                    "Acknowledge cannot know which keys this part of a split page is about, as its"
                            + " body is no key any more: put it behind the split, or keep the key as the body.");
        }
        receipts.forEach(receipt -> taken.put(receipt, receipt.places()));
        return taken;
    }

    private static List<PageData> pages(Exchange exchange) {
        try {
            return Bodies.pages(exchange);
        } catch (InvalidPayloadException e) {
            // a step has made something else of them, for the transport
            return List.of();
        }
    }

    private static void refuseParts(Receipt receipt) throws TargetClosedException {
        if (receipt.isByParts()) {
            throw new TargetClosedException("A key was read in parts, which a transport cannot take: marshal it with"
                    + " the data format rump, or set bigKey=off (--big-key off) on the rump: consumer of a route that"
                    + " ends in Acknowledge.");
        }
    }
}
