package io.camelrump.sending;

import io.camelrump.Outcome;
import io.camelrump.RumpConstants;
import io.camelrump.target.WriteReport;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Headers by which a producer says what became of the keys of an exchange. */
final class ResultHeaders {
    private ResultHeaders() {}

    static void set(Exchange exchange, WriteReport report) {
        Message message = exchange.getMessage();
        message.setHeader(RumpConstants.RESTORED, report.count(Outcome.RESTORED));
        message.setHeader(RumpConstants.KEPT, report.count(Outcome.KEPT));
        message.setHeader(RumpConstants.REFUSED, report.count(Outcome.REFUSED));
        message.setHeader(RumpConstants.FAILURES, report.refusals());
    }
}
