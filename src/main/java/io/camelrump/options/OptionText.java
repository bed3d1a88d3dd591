package io.camelrump.options;

import io.camelrump.UsageException;
import io.camelrump.text.ByteSize;
import io.camelrump.text.OptionLines;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.camel.support.component.PropertyConfigurerSupport;
import org.jspecify.annotations.Nullable;

/**
 * Looks at option values as they are written, before Camel converts them: its converters take {@code 12abc} for a
 * duration of 0, and a wrong word for an option left out.
 */
public final class OptionText {
    private static final Pattern REFERENCE = Pattern.compile("#.*", Pattern.DOTALL);
    private static final Pattern DURATION = Pattern.compile("\\d{1,9}(ms|s|m|h|d)?");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
    private static final Pattern MOMENT = Pattern.compile("\\d{1,15}");
    private static final Pattern BOOLEAN = Pattern.compile("true|false", Pattern.CASE_INSENSITIVE);
    static final String MOMENTS = "milliseconds since 1970, such as 1767225600000";

    private record Form(String allowed, Predicate<String> test) {
        Form(String allowed, Pattern pattern) {
            this(allowed, text -> pattern.matcher(text).matches());
        }
    }

    /** By the type of an option. */
    private static final Map<Class<?>, Form> FORMS = Map.of(
            int.class, new Form("a whole number", NUMBER),
            long.class, new Form(MOMENTS, MOMENT),
            boolean.class, new Form("true or false", BOOLEAN),
            Duration.class, new Form("a time such as 500ms, 60s, 10m or 1h", DURATION));

    /** Options that take several values. */
    private static final List<String> SEVERAL =
            List.of("includeKey", "excludeKey", "includeRegex", "excludeRegex", "mapDb", "rename");

    private OptionText() {}

    private static @Nullable Form form(@Nullable Class<?> type) {
        if (type == null) {
            return null;
        }
        return type.isEnum() ? oneOf(type.getEnumConstants()) : FORMS.get(type);
    }

    private static Form oneOf(Object[] values) {
        List<String> names = Arrays.stream(values)
                .map(value -> dashed(((Enum<?>) value).name()))
                .toList();
        return new Form("one of " + String.join(", ", names), text -> names.contains(dashed(text)));
    }

    private static String dashed(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** An option that is given several times in a URI comes as a list: makes one text of it. */
    public static void join(Map<String, Object> parameters) {
        for (String option : SEVERAL) {
            if (parameters.get(option) instanceof List<?> values) {
                parameters.put(
                        option,
                        OptionLines.join(
                                option, values.stream().map(String::valueOf).toList()));
            }
        }
    }

    /**
     * Checks the texts of a URI.
     *
     * @param types the type of the option of a name; null for one that is not checked here
     * @throws UsageException if a text is no value of its option; the message says which are
     */
    public static void check(Map<String, Object> parameters, Function<String, @Nullable Class<?>> types) {
        parameters.forEach((option, value) -> {
            if (value instanceof String text) {
                check(option, text, types.apply(option));
            }
        });
    }

    /**
     * Checks one text.
     *
     * @param name of its option, or of the property that sets it
     * @param type of its option; null for one that is not checked here
     * @throws UsageException if it is no value of the option
     */
    public static void check(String name, String text, @Nullable Class<?> type) {
        Form form = form(type);
        if (form != null && !REFERENCE.matcher(text).matches() && !form.test().test(text.trim())) {
            throw wrong(name, text, form.allowed());
        }
    }

    /**
     * The bytes of a size such as {@code 256kb}.
     *
     * @throws UsageException if it is none; the message names the option
     */
    public static long bytes(String option, String text) {
        try {
            return ByteSize.parse(text);
        } catch (UsageException e) {
            throw new UsageException(option + "=" + text + ": " + e.getMessage(), e);
        }
    }

    /**
     * As {@link #bytes(String, String)}, for the setter of a bean: returns its present value if the text stands for a
     * placeholder without a value, as during {@code camel export}.
     */
    public static long bytes(String option, String text, long now) {
        return PropertyConfigurerSupport.MAGIC_VALUE.equals(text) ? now : bytes(option, text);
    }

    /** The exception for a wrong value: which option, which value, and what is allowed. */
    public static UsageException wrong(String option, @Nullable Object value, String allowed) {
        return new UsageException(option + "=" + value + ": it must be " + allowed);
    }
}
