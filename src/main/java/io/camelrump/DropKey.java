package io.camelrump;

import io.camelrump.run.KeyRemoval;
import io.camelrump.run.PageData;
import java.util.BitSet;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * Takes the key that is the body out of the run, or all keys of a page; they count as filtered. In a live run a key
 * that the target has from the run is deleted there.
 *
 * <p>It stands in a split behind a condition. {@link KeepKeys} has conditions of its own, and needs no split.
 */
public final class DropKey implements Processor {
    private @Nullable String target;

    /**
     * Where the consumer has several {@code targets}: the name of the target whose branch this step stands in, or
     * {@code all}. Keys that are taken out of one branch are still due at the others.
     */
    public void setTarget(String name) {
        target = name;
    }

    /** @throws UsageException if the body is neither a page, nor a batch, nor one key */
    @Override
    public void process(Exchange exchange) {
        Bodies.replace(exchange, "DropKey", this::drop);
    }

    private PageData drop(PageData page) {
        boolean[] dropped = new boolean[page.size()];
        BitSet leftOut = new BitSet();
        boolean followed = KeyRemoval.isFollowed(page);
        for (int i = 0; i < dropped.length; i++) {
            if (!page.isGone(i)) {
                dropped[i] = !followed;
                leftOut.set(i, followed);
            }
        }
        return new KeyRemoval("DropKey", target).from(page, dropped, leftOut);
    }
}
