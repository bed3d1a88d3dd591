package io.camelrump.sending;

import io.camelrump.RumpConstants;
import org.apache.camel.Exchange;

/**
 * Time after which an exchange is not written any more, as whoever gave it may have given it to another process: a
 * writer that hung would put an older reading of a key over a newer one.
 */
final class WriteDeadline {
    private WriteDeadline() {}

    /**
     * @throws IllegalStateException if the exchange is older than its header {@link RumpConstants#WRITE_WITHIN} allows
     */
    static void check(Exchange exchange) {
        Long millis = exchange.getMessage().getHeader(RumpConstants.WRITE_WITHIN, Long.class);
        long age = exchange.getClock().elapsed();
        if (millis != null && age > millis) {
            throw new IllegalStateException("The pages came " + age + " ms ago, and had to be written within " + millis
                    + " ms: another process may have them now. They are left to the transport.");
        }
    }
}
