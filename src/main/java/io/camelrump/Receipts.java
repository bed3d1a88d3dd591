package io.camelrump;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/** The receipts that travel with an exchange, as an exchange property. */
final class Receipts {
    private Receipts() {}

    @SuppressWarnings("unchecked")
    static List<Receipt> of(Exchange exchange) {
        List<Receipt> receipts = exchange.getProperty(RumpConstants.RECEIPTS, List.class);
        return receipts == null ? List.of() : receipts;
    }

    /** Puts the receipts into the exchange; if it fails in the end, their pages are denied. */
    static void attach(Exchange exchange, List<Receipt> receipts) {
        exchange.setProperty(RumpConstants.RECEIPTS, List.copyOf(receipts));
        exchange.getExchangeExtension().addOnCompletion(new DenyOnFailure(receipts));
    }

    /** Adds the receipts of one exchange to those of another. */
    static void join(Exchange into, Exchange from) {
        Set<Receipt> joined = new LinkedHashSet<>(of(into));
        joined.addAll(of(from));
        attach(into, new ArrayList<>(joined));
    }

    private static final class DenyOnFailure extends SynchronizationAdapter {
        private final List<Receipt> receipts;

        DenyOnFailure(List<Receipt> receipts) {
            this.receipts = receipts;
        }

        @Override
        public void onFailure(Exchange exchange) {
            Exception cause = exchange.getException();
            String reason = cause == null ? "its exchange failed" : words(cause);
            receipts.forEach(receipt -> receipt.deny(reason));
        }

        private static String words(Exception cause) {
            String message = cause.getMessage();
            return message == null ? cause.getClass().getName() : message;
        }
    }
}
