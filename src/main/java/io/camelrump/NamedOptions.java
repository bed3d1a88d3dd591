package io.camelrump;

import io.camelrump.options.OptionText;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the URI of an endpoint does not say: taken from properties with the name of its server, such as
 * {@code rump.source.scan-count} for {@code rump:source}, and then from those of all endpoints. The values never become
 * part of a URI, which is logged and shown.
 */
record NamedOptions(RumpComponent component) {
    /** A name that can stand in that of a property. Others are names in messages alone. */
    private static final Pattern NAME = Pattern.compile("[\\w-]+");

    /** Pairs that exclude each other: where a URI has one, the other is not added. */
    private static final Map<String, String> INSTEAD = Map.of(
            "host", "sentinels",
            "sentinels", "host",
            "password", "passwordFile",
            "passwordFile", "password",
            "sentinelPassword", "sentinelPasswordFile",
            "sentinelPasswordFile", "sentinelPassword");

    /**
     * Values for an endpoint, by option.
     *
     * @param name of its server
     * @param said options that its URI has, which are left out
     * @throws UsageException if a property has no value of its option, or is that of none
     */
    Map<String, Object> beside(Set<String> said, String name) {
        EndpointOptions options = new EndpointOptions(component);
        Map<String, Object> values = new HashMap<>();
        if (NAME.matcher(name).matches()) {
            OptionProperties properties = new OptionProperties(component.getCamelContext(), "rump." + name + ".");
            properties.find(options.byName()).forEach((option, property) -> {
                if (isOpen(option, said)) {
                    values.put(option, checked(option, property, options));
                }
            });
        }
        Set<String> nearer = Set.copyOf(values.keySet());
        component.endpointDefaults().forEach((option, value) -> {
            if (isOpen(option, said) && isOpen(option, nearer)) {
                values.put(option, value);
            }
        });
        values.replaceAll((option, value) -> options.isSecret(option) ? literal(value) : value);
        return values;
    }

    private static boolean isOpen(String option, Set<String> taken) {
        return !taken.contains(option) && !taken.contains(INSTEAD.getOrDefault(option, option));
    }

    private static String checked(String option, OptionProperties.Found property, EndpointOptions options) {
        OptionText.check(property.name(), property.value(), options.typeOfOurs(option));
        return property.value();
    }

    /** A password that begins with # is no reference, which would be shown where it leads nowhere. */
    private static Object literal(Object value) {
        return value instanceof String text && !text.startsWith("#bean:") ? new StringBuilder(text) : value;
    }
}
