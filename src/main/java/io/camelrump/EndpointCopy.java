package io.camelrump;

import io.camelrump.properties.EndpointOptions;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;

/** Makes an endpoint that takes options of others, and that no registry knows. */
final class EndpointCopy {
    private final RumpComponent component;
    private final RumpEndpoint copy;
    private final PropertyConfigurerGetter options;

    /** @param server endpoint of the same name and log-in */
    EndpointCopy(RumpEndpoint server) {
        this.component = (RumpComponent) server.getComponent();
        this.copy = new RumpEndpoint(server.getEndpointUri(), component, server.getName());
        this.options = (PropertyConfigurerGetter) component.getEndpointPropertyConfigurer();
        copy.lookUp(server.namedLogIn());
    }

    /** Takes the options of these groups from another endpoint. */
    EndpointCopy take(RumpEndpoint from, Class<?>... groups) {
        Set<String> known = new EndpointOptions(component).byName();
        for (Class<?> group : groups) {
            setters(group).stream().filter(known::contains).forEach(option -> {
                Object value = options.getOptionValue(from, option, false);
                if (value != null) {
                    set(option, value);
                }
            });
        }
        return this;
    }

    private static Set<String> setters(Class<?> group) {
        return Arrays.stream(group.getMethods())
                .map(Method::getName)
                .filter(name -> name.startsWith("set"))
                .map(name -> name.substring(3, 4).toLowerCase(Locale.ROOT) + name.substring(4))
                .collect(Collectors.toSet());
    }

    /** Sets one option, unless the value is null. */
    EndpointCopy set(String option, @Nullable Object value) {
        if (value != null) {
            component
                    .getEndpointPropertyConfigurer()
                    .configure(component.getCamelContext(), copy, option, value, false);
        }
        return this;
    }

    /** The endpoint, whose options are checked. */
    RumpEndpoint made() {
        ServiceHelper.startService(copy);
        return copy;
    }
}
