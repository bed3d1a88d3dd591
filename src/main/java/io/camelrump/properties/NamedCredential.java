package io.camelrump.properties;

import io.camelrump.redis.Credential;
import io.camelrump.redis.RedisException;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.support.CamelContextHelper;
import org.jspecify.annotations.Nullable;

/**
 * User or password that a property gives, and behind it perhaps a vault: asked for each connection.
 *
 * @param name of the property
 * @param mayChange whether what gives it may know another value later
 */
record NamedCredential(OptionProperties properties, String name, boolean mayChange) implements Credential {
    private static final String BEAN = "#bean:";
    private static final Pattern QUOTED_TEXT = Pattern.compile(" from (the )?text: .*", Pattern.DOTALL);

    @Override
    public String current(String server) {
        String value;
        try {
            value = resolved(properties.value(name));
        } catch (RuntimeException e) {
            throw RedisException.transientError(
                    "The property " + name + " for " + server + " cannot be looked up (" + reason(e) + ").", null);
        }
        if (value == null) {
            throw RedisException.transientError(
                    "The property " + name + " for " + server + " was set at the start, and is not any more.", null);
        }
        return value;
    }

    private @Nullable String resolved(@Nullable String value) {
        CamelContext context = properties.context();
        return value != null && value.startsWith(BEAN)
                ? CamelContextHelper.mandatoryLookupAndConvert(context, value.substring(BEAN.length()), String.class)
                : value;
    }

    /** Camel's own messages end with the text around a placeholder, which may be half a password. */
    private static String reason(RuntimeException failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String text = String.valueOf(cause.getMessage());
        return cause.getClass().getSimpleName() + ": "
                + QUOTED_TEXT.matcher(text).replaceFirst("");
    }
}
