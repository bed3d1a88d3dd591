package io.camelrump.sending;

import io.camelrump.exchanges.InFlightExchanges;
import io.camelrump.run.PageData;
import io.camelrump.target.SentPipeline;
import io.camelrump.target.Target;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * A batch that was sent and whose replies are due.
 *
 * @param sentAt when, by {@link System#nanoTime()}
 * @param failure why a part of the pages was not sent; null if all were
 */
record InFlightBatch(
        Exchange exchange,
        AsyncCallback callback,
        List<PageData> pages,
        List<InFlightBatch.Sent> sent,
        long sentAt,
        @Nullable Exception failure)
        implements InFlightExchanges.InFlight {

    /** One chain of SCANs never fills more than two; a target's pauses fill the rest. */
    static final int MOST = 4;

    /** The share of a batch that went to one target. */
    record Sent(Target target, SentPipeline batch) {}

    /** Whether one of these pages would come before it. */
    boolean isNewerThanAnyOf(List<PageData> others) {
        for (Sent share : sent) {
            if (share.batch().isNewerThanAnyOf(others)) {
                return true;
            }
        }
        return false;
    }

    /** Reads all its replies, and returns the failures by which some were lost. */
    Map<Sent, Exception> readReplies() {
        Map<Sent, Exception> broken = new HashMap<>();
        for (Sent share : sent) {
            try {
                share.batch().readReplies();
            } catch (IOException | RuntimeException e) {
                broken.put(share, e);
            }
        }
        if (broken.isEmpty() && !pages.isEmpty() && pages.get(0).receipt() != null) {
            pages.get(0).receipt().run().report().targetAnswered(System.nanoTime() - sentAt);
        }
        return broken;
    }
}
