package io.camelrump.exchanges;

import io.camelrump.RunState;
import io.camelrump.run.Participant;
import io.camelrump.run.Receipt;
import io.camelrump.run.Run;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out that pages went missing in a route, and ends the run then.
 *
 * <p>Pages whose exchange and all copies of it have ended without an answer, by a handled failure, a filter or stop,
 * are named after a moment, and end the run once nothing else is out. Others may still be in the hands of a step, and
 * are waited for as long as {@code stallTimeout} says. Not thread-safe.
 */
public final class StallDetector {
    private static final Logger LOG = LoggerFactory.getLogger(StallDetector.class);

    /** From here on, what is written is written again and again, and no progress. */
    private static final int FAILURES = 5;

    private static final int PAGES_NAMED = 3;
    /** The reader looks before each page, of which hundreds may come per second. */
    private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Run run;
    private final String route;
    private final Duration timeout;
    private final CamelContext context;
    private final Class<?> joining;
    private long bytesSent;
    private long lastSent = System.nanoTime();
    private long lastLook = System.nanoTime() - BETWEEN_LOOKS;
    private final Set<Receipt> named = new HashSet<>();

    /**
     * @param context in which the pages are routed
     * @param joining type of an aggregation strategy that lets pages know that they are carried on
     */
    public StallDetector(Run run, String route, Duration timeout, CamelContext context, Class<?> joining) {
        this.run = run;
        this.route = route;
        this.timeout = timeout;
        this.context = context;
        this.joining = joining;
    }

    /**
     * Names what was abandoned, and ends the run where nothing else is waited for; soon after a look it does nothing.
     */
    public void look() {
        long now = System.nanoTime();
        if (now - lastLook < BETWEEN_LOOKS) {
            return;
        }
        lastLook = now;
        List<Receipt> abandoned = abandoned();
        named.retainAll(abandoned);
        abandoned.stream()
                .filter(named::add)
                .forEach(page -> LOG.warn(
                        "Route {} read {}, and nobody has answered for it: {}", route, page, page.abandonedBy()));
        if (!abandoned.isEmpty() && abandoned.size() == run.pages().keys().size()) {
            end(
                    "no target has answered for the last pages",
                    "The last one: " + last(abandoned).abandonedBy() + ". " + swallowed());
        } else if (!isWriting() && run.pages().silentNanos() > timeout.toNanos()) {
            String denial = run.pages().lastDenial();
            end(
                    "no target has answered for " + timeout.toSeconds() + " s",
                    denial == null ? swallowed() : "The last one failed with: " + denial);
        }
    }

    private List<Receipt> abandoned() {
        List<Receipt> pages = run.pages().abandoned(timeout.toNanos(), false);
        return pages.isEmpty() || !DetachedCopies.mayBeAggregated(context, joining)
                ? pages
                : run.pages().abandoned(timeout.toNanos(), true);
    }

    private static Receipt last(List<Receipt> pages) {
        return pages.get(pages.size() - 1);
    }

    private static String swallowed() {
        return "A step of the route may swallow pages (a handled exception, a filter, stop, a full queue that"
                + " discards), or no rump: producer or Acknowledge stands at its end.";
    }

    private boolean isWriting() {
        long sent = 0;
        for (Participant target : run.targets().participants()) {
            sent += target.bytesSent();
        }
        if (sent != bytesSent) {
            bytesSent = sent;
            lastSent = System.nanoTime();
        }
        return System.nanoTime() - lastSent <= timeout.toNanos() && run.pages().failures() < FAILURES;
    }

    private void end(String what, @Nullable String cause) {
        run.finish(RunState.INCOMPLETE, what + ", and " + missing() + ". " + cause);
    }

    private String missing() {
        Collection<Receipt> out = run.pages().receipts();
        List<String> pages =
                out.stream().map(Receipt::toString).limit(PAGES_NAMED).toList();
        return pages.isEmpty()
                ? "keys that route " + route + " read have failed and wait to be read again"
                : out.size() + " pages that route " + route + " read are missing: " + String.join(", ", pages);
    }
}
