package io.camelrump.compare;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.values.DecodedPayloads;
import io.camelrump.values.KeyPart;
import io.camelrump.values.PartLookup;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Compares values of a file with those of a server, where no other server can be asked: payloads as far as they are
 * decoded here, and what is in parts by its elements.
 */
final class FileValues {
    private final RedisConnection connection;
    /** Values of which parts have come, by the names of their copies. */
    private final Map<String, PartLookup> begun = new HashMap<>();

    FileValues(RedisConnection connection) {
        this.connection = connection;
    }

    /** Takes the parts of a page that has no whole key. */
    void take(PageData page) {
        for (int i = 0; i < page.size(); i++) {
            KeyPart part = KeyPart.of(page, i);
            if (part != null) {
                look(page, i, part);
            }
        }
    }

    private PartLookup look(PageData page, int i, KeyPart part) {
        if (part.step() == KeyPart.Step.GIVEN_UP) {
            begun.remove(part.copy());
            return new PartLookup(page.key(i), part.copy());
        }
        PartLookup lookup = begun.computeIfAbsent(part.copy(), copy -> new PartLookup(page.key(i), copy));
        lookup.look(part, connection);
        return lookup;
    }

    /** The last parts of these keys have come: what is known of earlier ones is of no use any more. */
    void forget(PageData page) {
        for (int i = 0; page.form() != PageForm.PAYLOADS && i < page.size(); i++) {
            KeyPart part = KeyPart.of(page, i);
            if (part != null) {
                begun.remove(part.copy());
            }
        }
    }

    /** Compares a value; the server has a key of the same type. */
    ValueComparison compare(PageData page, int i) throws IOException {
        if (page.form() != PageForm.PAYLOADS) {
            KeyPart last = KeyPart.of(page, i);
            if (last == null || last.step() == KeyPart.Step.UNREAD) {
                return ValueComparison.unknown("the file does not hold its value");
            }
            return of(look(page, i, last).isEqual(last, connection));
        }
        Object payload = connection.call("DUMP", page.key(i));
        if (payload instanceof ErrorReply error) {
            return ValueComparison.unknown("its value was refused: " + error.text());
        }
        if (!(payload instanceof byte[] there)) {
            return ValueComparison.of(ValueComparison.Kind.DIFFERENT);
        }
        return switch (DecodedPayloads.compare(
                page.payloads(), page.payloadOffset(i), page.payloadLength(i), there, there.length)) {
            case EQUAL -> ValueComparison.of(ValueComparison.Kind.EQUAL);
            case DIFFERENT -> ValueComparison.of(ValueComparison.Kind.DIFFERENT);
            case UNKNOWN ->
                ValueComparison.unknown(
                        "the file and the server write it in forms (" + page.payloads()[page.payloadOffset(i)] + " and "
                                + there[0] + ") that a server alone can compare: restore the"
                                + " file to one, and compare with that");
        };
    }

    private static ValueComparison of(boolean equal) {
        return ValueComparison.of(equal ? ValueComparison.Kind.EQUAL : ValueComparison.Kind.DIFFERENT);
    }
}
