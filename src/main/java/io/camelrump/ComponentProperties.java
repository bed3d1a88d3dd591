package io.camelrump;

import java.lang.reflect.Method;
import java.util.Locale;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.PropertyConfigurerGetter;

/**
 * The component's options as properties of the application, {@code camel.component.rump.*}.
 *
 * <p>Camel Main sets them on any component; Spring Boot only on those that have a starter, and passes over all others
 * without a word.
 */
final class ComponentProperties {
    private static final String SETTER = "set";

    private final RumpComponent component;
    private final CamelContext context;
    private final String prefix;

    ComponentProperties(RumpComponent component) {
        this.component = component;
        this.context = component.getCamelContext();
        this.prefix = "camel.component." + component.getDefaultName() + ".";
    }

    /**
     * Sets what is given.
     *
     * @throws UsageException if an option of endpoints is given as one of the component
     */
    void apply() {
        PropertyConfigurer configurer = component.getComponentPropertyConfigurer();
        if (!(configurer instanceof PropertyConfigurerGetter known)) {
            return;
        }
        for (Method method : component.getClass().getMethods()) {
            String name = method.getName();
            if (name.startsWith(SETTER) && name.length() > SETTER.length() && method.getParameterCount() == 1) {
                String option = name.substring(3, 4).toLowerCase(Locale.ROOT) + name.substring(4);
                if (known.getOptionType(option, false) != null) {
                    given(option).ifPresent(value -> configurer.configure(context, component, option, value, false));
                }
            }
        }
        for (String option : new EndpointOptions(component).names()) {
            if (known.getOptionType(option, false) == null && given(option).isPresent()) {
                throw new UsageException(prefix + option + " is set, but " + option
                        + " is an option of endpoints: set it there, as in rump:source?" + option + "=...");
            }
        }
    }

    /** In Camel's spelling, or with dashes, which also stands for all spellings that Spring Boot knows. */
    private Optional<String> given(String option) {
        String dashed = option.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        return context.getPropertiesComponent()
                .resolveProperty(prefix + dashed)
                .or(() -> context.getPropertiesComponent().resolveProperty(prefix + option));
    }
}
