package io.camelrump;

import io.camelrump.run.PageData;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.jspecify.annotations.Nullable;

/** The pages in the body of a message: a {@link Page}, a {@link Batch}, a {@link DumpedKey}, or several of these. */
final class Bodies {
    private Bodies() {}

    /**
     * The pages that a producer is to take from the exchange.
     *
     * @throws InvalidPayloadException if its body holds anything else
     */
    static List<PageData> pages(Exchange exchange) throws InvalidPayloadException {
        return pages(exchange, exchange.getMessage().getBody());
    }

    /** The pages in a body that the exchange has, or had. */
    static List<PageData> pages(Exchange exchange, @Nullable Object body) throws InvalidPayloadException {
        List<PageData> pages = new ArrayList<>();
        if (body instanceof Batch batch) {
            batch.pages().forEach(page -> pages.add(page.data()));
        } else if (body instanceof Page || body instanceof DumpedKey) {
            pages.add(page(exchange, body));
        } else if (body instanceof Iterable<?> items) {
            for (Object item : items) {
                pages.add(page(exchange, item));
            }
        } else {
            throw new InvalidPayloadException(exchange, Page.class);
        }
        return pages;
    }

    private static PageData page(Exchange exchange, Object item) throws InvalidPayloadException {
        if (item instanceof Page page) {
            return page.data();
        }
        if (item instanceof DumpedKey key) {
            return key.asPage();
        }
        throw new InvalidPayloadException(exchange, DumpedKey.class);
    }

    /**
     * Puts what {@code step} makes of each page in its place.
     *
     * @param step name of the step, for an error
     * @throws UsageException if the body is neither a page, nor a batch, nor one key
     */
    static void replace(Exchange exchange, String step, UnaryOperator<PageData> replacement) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof Page page) {
            exchange.getMessage().setBody(new Page(replacement.apply(page.data())));
        } else if (body instanceof Batch batch) {
            exchange.getMessage()
                    .setBody(new Batch(batch.pages().stream()
                            .map(page -> new Page(replacement.apply(page.data())))
                            .toList()));
        } else if (body instanceof DumpedKey key) {
            PageData left = replacement.apply(key.asPage());
            exchange.getMessage().setBody(left.size() == 0 ? new Page(left) : new DumpedKey(left, 0));
        } else {
            throw new UsageException(step + " takes a page or a batch as body, or in a split a key");
        }
    }
}
