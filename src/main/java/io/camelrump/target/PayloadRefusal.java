package io.camelrump.target;

import io.camelrump.redis.ErrorReply;
import io.camelrump.run.PageData;

/** Meaning of the error by which a target refuses one payload. */
final class PayloadRefusal {
    private PayloadRefusal() {}

    /** Whether the target may take the value where it refused the payload, and there is a reader to be asked for it. */
    static boolean wantsParts(ErrorReply error, PageData page, int i) {
        return page.receipt() != null
                // a page of names alone has empty ones
                && page.payloadLength(i) > 0
                && (error.refusesVersion() || error.refusesForm());
    }

    /** Cause and remedy, as the end of a sentence; empty where the error says all. */
    static String explanation(PageData page, int i, ErrorReply error) {
        if (error.text().contains("invalid bulk length")) {
            return ": its payload has " + page.payloadLength(i) + " bytes; raise the target's proto-max-bulk-len";
        }
        return error.refusesForm()
                ? ": the target's version does not know how this value is written (form "
                        + page.payloads()[page.payloadOffset(i)] + ")"
                : "";
    }
}
