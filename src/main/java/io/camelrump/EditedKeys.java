package io.camelrump;

import io.camelrump.exchanges.Receipts;
import io.camelrump.run.PageData;
import io.camelrump.run.PageMerge;
import io.camelrump.run.Receipt;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a page that a split has taken apart, to be joined to one page again.
 *
 * <p>Guarded by the split, which joins one exchange at a time.
 */
final class EditedKeys {
    private static final String PROPERTY = "CamelRumpEditedKeys";

    private final PageMerge merge = new PageMerge();
    /** The body that was split. */
    private final Object whole;

    private EditedKeys(Object whole) {
        this.whole = whole;
    }

    /** Whether the exchange is a part of one whose body holds keys. */
    static boolean isSplit(Exchange part, @Nullable Exchange input) {
        if (input == null || part.getProperty(ExchangePropertyKey.SPLIT_INDEX) == null) {
            return false;
        }
        Object body = input.getMessage().getBody();
        return body instanceof Page || body instanceof Batch;
    }

    /**
     * Adds what has become of one key.
     *
     * @param joined of the keys before; null for the first one
     * @param part the exchange of one key: its body is the key, what a step has made of it, or nothing of it
     * @param input the exchange that was split
     */
    static Exchange add(@Nullable Exchange joined, Exchange part, Exchange input) {
        Exchange result = joined == null ? begin(input) : joined;
        EditedKeys keys = result.getProperty(PROPERTY, EditedKeys.class);
        Exception failure = part.getException();
        if (failure == null) {
            keys.add(result, part);
        } else if (isAboutTarget(failure)) {
            result.setException(failure);
        } else if (failure instanceof UsageException usage) {
            fail(result, part, usage);
        } else {
            keys.refuse(part, failure);
        }
        return result;
    }

    private static Exchange begin(Exchange input) {
        Exchange result = new DefaultExchange(input.getContext());
        result.getMessage().setHeaders(new HashMap<>(input.getMessage().getHeaders()));
        Object whole = input.getMessage().getBody();
        result.setProperty(PROPERTY, new EditedKeys(whole));
        Receipts.of(input).forEach(receipt -> receipt.run().targets().takeKeysApart());
        return result;
    }

    /** Puts the edited keys in the place of those that were split. */
    static void complete(Exchange result) {
        EditedKeys keys = (EditedKeys) result.removeProperty(PROPERTY);
        if (keys == null) {
            return;
        }
        List<Page> pages = keys.merge.pages().stream().map(Page::new).toList();
        result.getMessage()
                .setBody(pages.size() == 1 ? pages.get(0) : pages.isEmpty() ? keys.none() : new Batch(pages));
    }

    private void add(Exchange result, Exchange part) {
        Object body = part.getMessage().getBody();
        if (body instanceof DumpedKey key) {
            merge.add(key.page(), key.index());
            return;
        }
        try {
            for (PageData page : Bodies.pages(part)) {
                for (int i = 0; i < page.size(); i++) {
                    merge.add(page, i);
                }
            }
        } catch (InvalidPayloadException e) {
            String reason = "A step in a split of the route has put "
                    + (body == null ? "nothing" : body.getClass().getName())
                    + " in the place of a key: end the split with a key again, or leave JoinPages out of it.";
            fail(result, part, new UsageException(reason, e));
        }
    }

    /** Ends the run: a step is set up so that it would fail with each key. */
    private static void fail(Exchange result, Exchange part, UsageException cause) {
        Receipts.of(part).forEach(receipt -> receipt.run().fail(cause.getMessage()));
        result.setException(cause);
    }

    /** Enters a key as refused, whose steps have failed: it must go on neither as it was nor half edited. */
    private void refuse(Exchange part, Exception failure) {
        DumpedKey key = at(part.getProperty(ExchangePropertyKey.SPLIT_INDEX, Integer.class));
        Receipt receipt = key.page().receipt();
        if (receipt != null) {
            String words = failure.getMessage() == null ? failure.getClass().getName() : failure.getMessage();
            receipt.settlement().refuse(key.asPage(), Map.of(0, "a step of the route failed with it: " + words));
        }
    }

    private DumpedKey at(int index) {
        if (whole instanceof Page page) {
            return page.get(index);
        }
        Iterator<DumpedKey> keys = ((Batch) whole).iterator();
        for (int i = 0; i < index; i++) {
            keys.next();
        }
        return keys.next();
    }

    private static boolean isAboutTarget(Exception failure) {
        return failure instanceof TransientTargetException || failure instanceof TargetClosedException;
    }

    /** The page, or one of the batch, without its keys. */
    private Page none() {
        Page page = whole instanceof Page one ? one : ((Batch) whole).pages().get(0);
        return new Page(page.data().select(new int[0]));
    }
}
