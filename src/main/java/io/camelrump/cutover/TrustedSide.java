package io.camelrump.cutover;

import io.camelrump.UsageException;
import java.util.Map;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.Jsoner;
import org.jspecify.annotations.Nullable;

/** Server that has the right values of keys which others have written at the former source during a way back. */
public enum TrustedSide {
    /** The one that the clients write to: its values are copied. */
    NEW,
    /** The one that the keys came from: its values stay. */
    FORMER;

    private static final String MEMBER = "trust";

    /**
     * From the body of {@code operation=go-back}, such as <code>{"trust": "new"}</code>.
     *
     * @return null if it names none
     */
    public static @Nullable TrustedSide of(@Nullable String body) {
        if (body == null || body.isBlank()) {
            return null;
        }
        try {
            if (Jsoner.deserialize(body) instanceof Map<?, ?> object) {
                if (object.isEmpty()) {
                    return null;
                }
                for (TrustedSide side : values()) {
                    if (object.size() == 1 && side.word().equals(object.get(MEMBER))) {
                        return side;
                    }
                }
            }
        } catch (DeserializationException | RuntimeException e) {
            throw wrong(e);
        }
        throw wrong(null);
    }

    private static UsageException wrong(@Nullable Exception cause) {
        return new UsageException(
                "operation=go-back takes no body, or JSON: {\"trust\": \"new\"} or {\"trust\": \"former\"}", cause);
    }

    private String word() {
        return this == NEW ? "new" : "former";
    }
}
