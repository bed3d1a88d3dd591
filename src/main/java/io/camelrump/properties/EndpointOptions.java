package io.camelrump.properties;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.EndpointUriFactory;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.ScheduledPollEndpoint;
import org.jspecify.annotations.Nullable;

/** Names and types of the options that endpoints have, as Camel's generator has read them off the fields. */
public final class EndpointOptions {
    /** Setters of what Camel gives to every polling endpoint. */
    private static final Set<String> CAMELS = Arrays.stream(ScheduledPollEndpoint.class.getMethods())
            .map(Method::getName)
            .filter(name -> name.startsWith("set"))
            .collect(Collectors.toSet());

    /** Options that stand for all whose names begin with {@code scheduler.}. Camel 4.14 cannot list them. */
    public static final Set<String> FAMILIES = Set.of("schedulerProperties");

    private final DefaultComponent component;

    public EndpointOptions(DefaultComponent component) {
        this.component = component;
    }

    /**
     * All that a property can set, also what every polling consumer of Camel has: not the name itself, and no option
     * that stands for all which begin alike.
     */
    public Set<String> byName() {
        Set<String> names = new TreeSet<>(uris().propertyNames());
        names.remove("name");
        names.removeAll(FAMILIES);
        return names;
    }

    /** The option that a property of the component means; null if there is none. */
    @Nullable
    String spelt(String name, boolean ignoreCase) {
        return byName().stream()
                .filter(option -> ignoreCase ? option.equalsIgnoreCase(name) : option.equals(name))
                .findFirst()
                .orElse(null);
    }

    boolean isSecret(String option) {
        return uris().secretPropertyNames().contains(option);
    }

    private EndpointUriFactory uris() {
        CamelContext context = component.getCamelContext();
        return context.getCamelContextExtension().getEndpointUriFactory(component.getDefaultName());
    }

    /** The type of an option of our own; null for what is none, and for options that Camel converts in its own way. */
    public @Nullable Class<?> typeOfOurs(String option) {
        Class<?> type = type(option);
        return type == null || isCamels(option) ? null : type;
    }

    private @Nullable Class<?> type(String option) {
        return component.getEndpointPropertyConfigurer() instanceof PropertyConfigurerGetter known
                ? known.getOptionType(option, false)
                : null;
    }

    private static boolean isCamels(String option) {
        return CAMELS.contains("set" + option.substring(0, 1).toUpperCase(Locale.ROOT) + option.substring(1));
    }
}
