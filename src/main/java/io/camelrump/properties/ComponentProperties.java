package io.camelrump.properties;

import java.lang.reflect.Method;
import java.util.Locale;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.support.DefaultComponent;

/**
 * The component's options as properties of the application, {@code camel.component.rump.*}, and those of endpoints as
 * defaults for all of them.
 *
 * <p>Camel Main sets them on any component; Spring Boot only on those that have a starter, and passes over all others
 * without a word.
 */
public final class ComponentProperties {
    private static final String SETTER = "set";

    private final DefaultComponent component;
    private final CamelContext context;

    public ComponentProperties(DefaultComponent component) {
        this.component = component;
        this.context = component.getCamelContext();
    }

    /**
     * Sets what is given.
     *
     * @throws UsageException if a property is that of no option
     */
    public void apply() {
        PropertyConfigurer configurer = component.getComponentPropertyConfigurer();
        if (!(configurer instanceof PropertyConfigurerGetter known)) {
            return;
        }
        Set<String> options = new EndpointOptions(component).byName();
        for (Method method : component.getClass().getMethods()) {
            String name = method.getName();
            if (name.startsWith(SETTER) && name.length() > SETTER.length() && method.getParameterCount() == 1) {
                String option = name.substring(3, 4).toLowerCase(Locale.ROOT) + name.substring(4);
                if (known.getOptionType(option, false) != null) {
                    options.add(option);
                }
            }
        }
        new OptionProperties(context, "camel.component." + component.getDefaultName() + ".")
                .find(options)
                .forEach((option, property) ->
                        configurer.configure(context, component, option, property.value(), false));
    }
}
