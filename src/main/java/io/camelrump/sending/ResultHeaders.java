package io.camelrump.sending;

import io.camelrump.Outcome;
import io.camelrump.RumpConstants;
import io.camelrump.target.WriteReport;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Headers by which a producer says what became of the keys of an exchange. */
public final class ResultHeaders {
    private static final String REPORT = "CamelRumpReport";

    private ResultHeaders() {}

    /** Outcomes of the keys that were sent last; none where the exchange had none. */
    public static WriteReport report(Exchange exchange) {
        WriteReport report = exchange.getProperty(REPORT, WriteReport.class);
        return report == null ? new WriteReport() : report;
    }

    static void set(Exchange exchange, WriteReport report) {
        Message message = exchange.getMessage();
        exchange.setProperty(REPORT, report);
        message.setHeader(RumpConstants.RESTORED, report.count(Outcome.RESTORED));
        message.setHeader(RumpConstants.KEPT, report.count(Outcome.KEPT));
        message.setHeader(RumpConstants.REFUSED, report.count(Outcome.REFUSED));
        message.setHeader(RumpConstants.FAILURES, report.refusals());
    }
}
