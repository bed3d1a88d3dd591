package io.camelrump;

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

/** The receipts that travel with an exchange, as an exchange property. */
final class Receipts {
    private Receipts() {}

    @SuppressWarnings("unchecked")
    static List<Receipt> of(Exchange exchange) {
        List<Receipt> receipts = exchange.getProperty(RumpConstants.RECEIPTS, List.class);
        return receipts == null ? List.of() : receipts;
    }

    /** Puts the receipts into the exchange, whose end is reported to them. */
    static void attach(Exchange exchange, List<Receipt> receipts) {
        List<Receipt> attached = List.copyOf(receipts);
        exchange.setProperty(RumpConstants.RECEIPTS, attached);
        carry(exchange, new Carried(attached, true));
    }

    /** Adds the receipts of one exchange to those of another. */
    static void join(Exchange into, Exchange from) {
        Set<Receipt> joined = new LinkedHashSet<>(of(into));
        joined.addAll(of(from));
        into.setProperty(RumpConstants.RECEIPTS, List.copyOf(joined));
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

    private static void carry(Exchange exchange, Carried carried) {
        if (!carried.receipts.isEmpty() && !exchange.getExchangeExtension().containsOnCompletion(carried)) {
            carried.receipts.forEach(Receipt::carry);
            exchange.getExchangeExtension().addOnCompletion(carried);
            exchange.getExchangeExtension().setSafeCopyProperty(RumpConstants.COPIED, carried);
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
