package io.camelrump;

import io.camelrump.exchanges.Receipts;
import io.camelrump.options.OptionText;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Joins pages into a {@link Batch}: aggregation strategy and completion predicate in one.
 *
 * <p>A batch is complete when it holds enough keys or bytes, when the scan is over, or when the reader waits for
 * receipts and no further page can come. A page is never split.
 *
 * <p>As the strategy of a split it makes a page again of the keys that were edited one by one. A key whose steps failed
 * is refused, with the failure as the cause, and does not go on.
 */
public final class JoinPages implements AggregationStrategy, Predicate {
    private int batchKeys = 1000;
    private long batchBytes = 256_000;

    /**
     * Number of keys that completes a batch, from 1; 1000 if not set.
     *
     * @throws UsageException if it is less than 1
     */
    public void setBatchKeys(int batchKeys) {
        if (batchKeys < 1) {
            throw new UsageException("batchKeys=" + batchKeys + ": at least 1 key makes a batch");
        }
        this.batchKeys = batchKeys;
    }

    /** Number of keys that completes a batch. */
    public int getBatchKeys() {
        return batchKeys;
    }

    /**
     * Bytes of keys and payloads that complete a batch, from 1 on and not more than the consumer's {@code queueBytes},
     * such as {@code 256kb}, which holds if it is not set.
     *
     * @throws UsageException if it is no size, or 0
     */
    public void setBatchBytes(String batchBytes) {
        this.batchBytes = OptionText.bytes("batchBytes", batchBytes, this.batchBytes);
    }

    /** Bytes that complete a batch, as a number without a unit. */
    public String getBatchBytes() {
        return Long.toString(batchBytes);
    }

    long batchByteCount() {
        return batchBytes;
    }

    @Override
    public Exchange aggregate(@Nullable Exchange oldExchange, Exchange newExchange, Exchange inputExchange) {
        return EditedKeys.isSplit(newExchange, inputExchange)
                ? EditedKeys.add(oldExchange, newExchange, inputExchange)
                : aggregate(oldExchange, newExchange);
    }

    @Override
    public void onCompletion(@Nullable Exchange exchange, @Nullable Exchange inputExchange) {
        // null where there was nothing to split
        if (exchange != null) {
            EditedKeys.complete(exchange);
        }
    }

    @Override
    public Exchange aggregate(@Nullable Exchange oldExchange, Exchange newExchange) {
        List<Page> pages = new ArrayList<>();
        if (oldExchange != null) {
            pages.addAll(oldExchange.getMessage().getBody(Batch.class).pages());
        }
        Object body = newExchange.getMessage().getBody();
        if (body instanceof Page page) {
            pages.add(page);
        } else if (body instanceof Batch batch) {
            pages.addAll(batch.pages());
        } else {
            throw new UsageException("JoinPages joins pages, and got "
                    + (body == null ? "nothing" : body.getClass().getName()) + "; put it behind a rump: consumer");
        }
        Exchange joined = oldExchange == null ? newExchange : oldExchange;
        if (oldExchange != null) {
            Receipts.join(oldExchange, newExchange);
            // pages that were filtered as a whole are settled, and may still wait here when the run ends
            RumpConstants.OF_THE_END.forEach(header -> copy(header, newExchange, oldExchange));
        } else {
            Receipts.attach(newExchange, Receipts.of(newExchange));
        }
        joined.getMessage().setBody(new Batch(pages));
        return joined;
    }

    private static void copy(String header, Exchange from, Exchange to) {
        Object value = from.getMessage().getHeader(header);
        if (value != null) {
            to.getMessage().setHeader(header, value);
        }
    }

    @Override
    public boolean matches(Exchange exchange) {
        Batch batch = exchange.getMessage().getBody(Batch.class);
        return batch.size() >= batchKeys
                || batch.bytes() >= batchBytes
                || batch.pages().get(batch.pages().size() - 1).data().closesBatch();
    }

    /** One line for logs and the route's picture. */
    @Override
    public String toString() {
        return "JoinPages[" + batchKeys + " keys, " + batchBytes + " bytes]";
    }
}
