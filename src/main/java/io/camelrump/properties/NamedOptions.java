package io.camelrump.properties;

import io.camelrump.options.OptionText;
import io.camelrump.redis.Credential;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.util.StringHelper;

/**
 * Options that the URI of an endpoint leaves out: taken from properties with the name of its server, such as
 * {@code rump.source.scan-count} for {@code rump:source}, and then from those of all endpoints. The values never become
 * part of a URI, which is logged and shown.
 *
 * @param defaults for all endpoints, by option
 */
public record NamedOptions(DefaultComponent component, Map<String, Object> defaults) {
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

    /** Options that connections look up again, because a vault may rotate them during a run. */
    private static final Set<String> LOG_IN = Set.of("username", "password", "sentinelUsername", "sentinelPassword");

    private static final String REFERENCE = "#property:";

    /**
     * What was found for an endpoint.
     *
     * @param values by option, as they are now
     * @param logIn users and passwords among them, by option
     */
    public record Found(Map<String, Object> values, Map<String, Credential> logIn) {}

    /**
     * Finds values for an endpoint.
     *
     * @param name of its server
     * @param said options that its URI has, which are left out
     * @throws UsageException if a property has no value of its option, or is that of none
     */
    public Found beside(Map<String, Object> said, String name) {
        Map<String, Credential> logIn = referred(said);
        Map<String, Object> values = values(said.keySet(), name, logIn);
        return new Found(values, logIn);
    }

    /** Users and passwords that parameters of the URI refer to. */
    private Map<String, Credential> referred(Map<String, Object> said) {
        Map<String, Credential> logIn = new HashMap<>();
        OptionProperties properties = new OptionProperties(component.getCamelContext(), "");
        for (String option : LOG_IN) {
            if (said.get(option) instanceof String text && text.startsWith(REFERENCE)) {
                String property = text.substring(REFERENCE.length());
                String value = properties.value(property);
                if (value != null) {
                    logIn.put(option, properties.credential(property, value));
                }
            }
        }
        return logIn;
    }

    private Map<String, Object> values(Set<String> said, String name, Map<String, Credential> logIn) {
        EndpointOptions options = new EndpointOptions(component);
        Map<String, Object> values = new HashMap<>();
        if (NAME.matcher(name).matches()) {
            OptionProperties properties = new OptionProperties(component.getCamelContext(), "rump." + name + ".");
            properties.find(options.byName()).forEach((option, property) -> {
                if (isOpen(option, said)) {
                    values.put(option, checked(option, property, options));
                    if (LOG_IN.contains(option)) {
                        logIn.put(option, properties.credential(property.property(), property.value()));
                    }
                }
            });
        }
        Set<String> nearer = Set.copyOf(values.keySet());
        defaults.forEach((option, value) -> {
            if (isOpen(option, said) && isOpen(option, nearer)) {
                values.put(option, value);
                if (LOG_IN.contains(option)) {
                    ofAll(option, value, logIn);
                }
            }
        });
        values.replaceAll((option, value) -> options.isSecret(option) ? literal(value) : value);
        return values;
    }

    /** The component knows the value of an option, but not whether a property has given it. */
    private void ofAll(String option, Object value, Map<String, Credential> logIn) {
        OptionProperties properties = new OptionProperties(component.getCamelContext(), "camel.component.rump.");
        for (String spelling : List.of(StringHelper.camelCaseToDash(option), option)) {
            String property = properties.prefix() + spelling;
            if (value.equals(properties.value(property))) {
                logIn.put(option, properties.credential(property, (String) value));
            }
        }
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
