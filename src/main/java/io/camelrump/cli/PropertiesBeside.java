package io.camelrump.cli;

import io.camelrump.text.OptionVariable;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.util.StringHelper;
import org.jspecify.annotations.Nullable;

/** Properties of routes that are set beside the flags: by variables of the environment, or for the JVM. */
record PropertiesBeside(Map<String, String> environment) {

    /** The variable or system property that sets a property, by the name that it bears; null if none does. */
    @Nullable
    String find(String property) {
        String variable = OptionVariable.of(property);
        return environment.containsKey(variable)
                ? variable
                : Stream.of(property, StringHelper.dashToCamelCase(property))
                        .filter(name -> System.getProperty(name) != null)
                        .findFirst()
                        .orElse(null);
    }
}
