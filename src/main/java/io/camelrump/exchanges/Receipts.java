package io.camelrump.exchanges;

import io.camelrump.TargetClosedException;
import io.camelrump.run.PageData;
import io.camelrump.run.Receipt;
import io.camelrump.run.Run;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.SafeCopyProperty;
import org.apache.camel.spi.Synchronization;
import org.jspecify.annotations.Nullable;

/** The receipts of pages: with an exchange they travel as an exchange property. */
public final class Receipts {
    private static final String RECEIPTS = "CamelRumpReceipts";
    /** By this copies of the exchange are seen. */
    private static final String COPIED = "CamelRumpCopied";

    private Receipts() {}

    /** Receipts of the pages that travel in this exchange. */
    @SuppressWarnings("unchecked")
    public static List<Receipt> of(Exchange exchange) {
        List<Receipt> receipts = exchange.getProperty(RECEIPTS, List.class);
        return receipts == null ? List.of() : receipts;
    }

    /** Receipts of these pages, each once. */
    public static List<Receipt> of(List<PageData> pages) {
        Set<Receipt> receipts = new LinkedHashSet<>();
        for (PageData page : pages) {
            if (page.receipt() != null) {
                receipts.add(page.receipt());
            }
        }
        return List.copyOf(receipts);
    }

    /** Puts the receipts into the exchange, whose end is reported to them. */
    public static void attach(Exchange exchange, List<Receipt> receipts) {
        List<Receipt> attached = List.copyOf(receipts);
        exchange.setProperty(RECEIPTS, attached);
        carry(exchange, new Carried(attached, true));
    }

    /** Adds the receipts of one exchange to those of another. */
    public static void join(Exchange into, Exchange from) {
        Set<Receipt> joined = new LinkedHashSet<>(of(into));
        joined.addAll(of(from));
        into.setProperty(RECEIPTS, List.copyOf(joined));
        carry(into, new Carried(of(from), true));
    }

    /**
     * The exchange begins, and may be a copy, which reports its end to nobody: from here on its pages know of it.
     *
     * @return whether it carries pages of this run
     */
    static boolean follow(Exchange exchange, Run run) {
        List<Receipt> receipts = of(exchange);
        if (receipts.isEmpty() || receipts.get(0).run() != run) {
            return false;
        }
        if (!exchange.getExchangeExtension().containsOnCompletion(new Carried(receipts, true))) {
            carry(exchange, new Carried(receipts, false));
        }
        return true;
    }

    /** Ends the runs of these pages with this error. */
    public static void fail(List<PageData> pages, TargetClosedException cause) {
        for (PageData page : pages) {
            if (page.receipt() != null) {
                page.receipt().run().fail(cause.getMessage());
            }
        }
    }

    /** Unanswered keys of these pages may go to another producer than the one of this name, as the route wants it. */
    public static void release(List<PageData> pages, String name) {
        for (PageData page : pages) {
            if (page.receipt() != null) {
                page.receipt().release(name, page);
            }
        }
    }

    private static void carry(Exchange exchange, Carried carried) {
        if (!carried.receipts.isEmpty() && !exchange.getExchangeExtension().containsOnCompletion(carried)) {
            carried.receipts.forEach(Receipt::carry);
            exchange.getExchangeExtension().addOnCompletion(carried);
            exchange.getExchangeExtension().setSafeCopyProperty(COPIED, carried);
        }
    }

    /**
     * If the exchange fails in the end, its pages are denied; else they are done, or have got lost, or go on elsewhere.
     *
     * @param denies false for a copy that came to no target: what fails beside the road is no reason to read a page
     *     again
     */
    private record Carried(List<Receipt> receipts, boolean denies) implements Synchronization, SafeCopyProperty {
        @Override
        public SafeCopyProperty safeCopy() {
            receipts.forEach(Receipt::copied);
            return this;
        }

        @Override
        public void onComplete(Exchange exchange) {
            String handled = handled(exchange);
            receipts.forEach(receipt -> receipt.letGo(handled));
        }

        @Override
        public void onFailure(Exchange exchange) {
            Exception cause = exchange.getException();
            String reason = cause == null ? "its exchange failed" : words(cause);
            for (Receipt receipt : receipts) {
                if (denies) {
                    receipt.deny(reason);
                    receipt.letGo(null);
                } else {
                    receipt.letGoFailed(reason);
                }
            }
        }

        /** Written out, as a record's own is linked at its first call, which takes 15 ms of each start. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Carried carried && denies == carried.denies && receipts.equals(carried.receipts);
        }

        @Override
        public int hashCode() {
            return receipts.hashCode();
        }

        /** How the route may have kept the exchange's pages from a target; null if there is no sign of that. */
        private static @Nullable String handled(Exchange exchange) {
            Exception caught = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Exception.class);
            if (caught != null) {
                return "the route handled the failure of its exchange, which was: " + words(caught);
            }
            if (exchange.isRouteStop()) {
                return "a stop ended its exchange";
            }
            return null;
        }

        private static String words(Exception cause) {
            String message = cause.getMessage();
            return message == null ? cause.getClass().getName() : message;
        }
    }
}
