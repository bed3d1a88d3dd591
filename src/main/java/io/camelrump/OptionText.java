package io.camelrump;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Looks at option values as they are written, before Camel converts them: its converters take {@code 12abc} for a
 * duration of 0, and a wrong word for an option left out.
 */
final class OptionText {
    private static final Pattern REFERENCE = Pattern.compile("#.*", Pattern.DOTALL);

    private record Form(String allowed, Predicate<String> test, List<String> options) {}

    private static final Pattern DURATION = Pattern.compile("\\d{1,9}(ms|s|m|h|d)?");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
    private static final Pattern MOMENT = Pattern.compile("\\d{1,15}");
    static final String MOMENTS = "milliseconds since 1970, such as 1767225600000";

    private static final List<Form> FORMS = List.of(
            new Form(
                    "a whole number",
                    text -> NUMBER.matcher(text).matches(),
                    List.of(
                            "port",
                            "database",
                            "scanCount",
                            "queuePages",
                            "sample",
                            "targets",
                            "waitReplicas",
                            "rounds",
                            "maxKeysPerSecond")),
            new Form(
                    "a time such as 500ms, 60s, 10m or 1h",
                    text -> DURATION.matcher(text).matches(),
                    List.of(
                            "connectTimeout",
                            "replyTimeout",
                            "retryFor",
                            "stallTimeout",
                            "minTtl",
                            "maxTtl",
                            "ttlTolerance")),
            new Form(
                    "true or false",
                    text -> text.matches("(?i)true|false"),
                    List.of(
                            "ttl",
                            "functions",
                            "values",
                            "repair",
                            "prune",
                            "carryIdle",
                            "reverse",
                            "tls",
                            "insecure",
                            "allowMassDelete")),
            new Form(MOMENTS, text -> MOMENT.matcher(text).matches(), List.of("ttlAsOf")),
            oneOf(ServerMode.values(), "mode"),
            oneOf(ReadFrom.values(), "readFrom"),
            oneOf(ScanMode.values(), "scan"),
            oneOf(Operation.values(), "operation"),
            oneOf(ConflictPolicy.values(), "onConflict"),
            oneOf(RefusalPolicy.values(), "onRefused"));

    /** Options that take several values. */
    private static final List<String> SEVERAL =
            List.of("includeKey", "excludeKey", "includeRegex", "excludeRegex", "mapDb", "rename");

    private OptionText() {}

    private static Form oneOf(Enum<?>[] values, String option) {
        List<String> names = java.util.Arrays.stream(values)
                .map(value -> value.name().toLowerCase(java.util.Locale.ROOT))
                .toList();
        return new Form(
                "one of " + String.join(", ", names),
                text -> names.contains(text.toLowerCase(java.util.Locale.ROOT)),
                List.of(option));
    }

    /** An option that is given several times in a URI comes as a list. */
    static void join(Map<String, Object> parameters) {
        for (String option : SEVERAL) {
            if (parameters.get(option) instanceof List<?> values) {
                parameters.put(
                        option,
                        OptionLines.join(
                                option, values.stream().map(String::valueOf).toList()));
            }
        }
    }

    static void check(Map<String, Object> parameters) {
        for (Form form : FORMS) {
            for (String option : form.options()) {
                if (parameters.get(option) instanceof String text
                        && !REFERENCE.matcher(text).matches()
                        && !form.test().test(text.trim())) {
                    throw wrong(option, text, form.allowed());
                }
            }
        }
    }

    /** The bytes of a size such as {@code 256kb}. */
    static long bytes(String option, String text) {
        try {
            return ByteSize.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(option + "=" + text + ": " + e.getMessage(), e);
        }
    }

    static IllegalArgumentException wrong(String option, Object value, String allowed) {
        return new IllegalArgumentException(option + "=" + value + ": it must be " + allowed);
    }
}
