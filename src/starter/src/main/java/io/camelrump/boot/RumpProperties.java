package io.camelrump.boot;

import java.util.Properties;
import java.util.function.Predicate;
import org.apache.camel.spi.LoadablePropertiesSource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/**
 * Lists the properties of the application for the component, which refuses the names of no option. Camel asks Spring
 * for single properties alone.
 */
final class RumpProperties implements LoadablePropertiesSource {
    private final ConfigurableEnvironment environment;

    RumpProperties(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public String getName() {
        return "rump";
    }

    @Override
    public String getProperty(String name) {
        return isOurs(name) ? environment.getProperty(name) : null;
    }

    @Override
    public Properties loadProperties() {
        return loadProperties(name -> true);
    }

    @Override
    public Properties loadProperties(Predicate<String> filter) {
        Properties listed = new Properties();
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> list) {
                for (String written : list.getPropertyNames()) {
                    String name = withDashes(written);
                    String value = isOurs(name) && filter.test(name) ? environment.getProperty(name) : null;
                    if (value != null) {
                        listed.setProperty(name, value);
                    }
                }
            }
        }
        return listed;
    }

    @Override
    public void reloadProperties(String location) {
        // the environment is asked each time
    }

    private static boolean isOurs(String name) {
        return name.startsWith("rump.") || name.startsWith("camel.component.rump.");
    }

    /** Spring takes underscores for dashes; those in the name of a server stay. */
    private static String withDashes(String name) {
        int option = name.lastIndexOf('.') + 1;
        return name.substring(0, option) + name.substring(option).replace('_', '-');
    }
}
