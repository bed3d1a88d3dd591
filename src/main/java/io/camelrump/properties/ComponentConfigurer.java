package io.camelrump.properties;

import io.camelrump.UsageException;
import io.camelrump.options.OptionText;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.GeneratedPropertyConfigurer;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.util.StringHelper;
import org.jspecify.annotations.Nullable;

/**
 * Sets the options of the component, as Camel's generator has read them off its setters, and beside them those of
 * endpoints: they become defaults for all.
 *
 * @param own generated for the component itself
 * @param endpointDefaults where the options of endpoints are put, by option
 */
public record ComponentConfigurer(
        PropertyConfigurerGetter own, EndpointOptions endpoints, Map<String, Object> endpointDefaults)
        implements GeneratedPropertyConfigurer, PropertyConfigurerGetter {

    @Override
    public boolean configure(CamelContext context, Object target, String name, Object value, boolean ignoreCase) {
        if (((GeneratedPropertyConfigurer) own).configure(context, target, name, value, ignoreCase)) {
            return true;
        }
        String option = endpoints.spelt(name, ignoreCase);
        if (option == null) {
            return false;
        }
        if (endpoints.isSecret(option) && new SummarySecrets(context).isShown(option)) {
            String dashes = StringHelper.camelCaseToDash(option);
            throw new UsageException("camel.component.rump." + dashes + " would be logged with its value at the start"
                    + " of Camel " + context.getVersion() + ": set rump.source." + dashes + " or rump.target." + dashes
                    + " instead.");
        }
        if (value instanceof String text) {
            OptionText.check("camel.component.rump." + option, text, endpoints.typeOfOurs(option));
        }
        endpointDefaults.put(option, value);
        return true;
    }

    @Override
    public @Nullable Class<?> getOptionType(String name, boolean ignoreCase) {
        return own.getOptionType(name, ignoreCase);
    }

    @Override
    public @Nullable Object getOptionValue(Object target, String name, boolean ignoreCase) {
        Object value = own.getOptionValue(target, name, ignoreCase);
        String option = endpoints.spelt(name, ignoreCase);
        return value == null && option != null ? endpointDefaults.get(option) : value;
    }
}
