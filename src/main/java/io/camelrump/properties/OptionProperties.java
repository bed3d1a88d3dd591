package io.camelrump.properties;

import io.camelrump.UsageException;
import io.camelrump.redis.Credential;
import io.camelrump.text.NearestName;
import io.camelrump.text.OptionVariable;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.DefaultPropertiesParser;
import org.apache.camel.spi.PropertiesComponent;
import org.apache.camel.util.IOHelper;
import org.apache.camel.util.StringHelper;
import org.jspecify.annotations.Nullable;

/**
 * Reads options from properties with one prefix, spelt with dashes, as Spring Boot and variables of the environment are
 * matched, or in camelCase.
 *
 * @param prefix such as {@code rump.source.}
 */
record OptionProperties(CamelContext context, String prefix) {
    private static final String END = "__";
    /** Variables that Kubernetes sets in each container, by the names of its services. */
    private static final Pattern OF_A_SERVICE = Pattern.compile("(.*_)?(SERVICE_(HOST|PORT).*|PORT_\\d.*)");

    /**
     * A property that is set.
     *
     * @param name in full, as it is written: that of the variable where the value is from one
     * @param property its name as a property, which Camel knows for a secret where it is one
     * @param value without placeholders
     */
    record Found(String name, String property, String value) {}

    /**
     * The properties that are set of these options, by option. A vault, which cannot be listed, is asked for the
     * spelling with dashes.
     *
     * @throws UsageException if a property or variable has the prefix but names no option, with the nearest one, or if
     *     an option is set in both spellings
     * @throws IllegalArgumentException if something that a value refers to is not set
     */
    Map<String, Found> find(Set<String> options) {
        Map<String, String> byDashes = new TreeMap<>();
        options.forEach(option -> byDashes.put(StringHelper.camelCaseToDash(option), option));
        Set<String> listed = listed();
        refuseOthers(listed, byDashes);
        refuseOtherVariables(byDashes.keySet());
        boolean all = listsAll(context.getPropertiesComponent());
        Map<String, Found> found = new LinkedHashMap<>();
        byDashes.forEach((dashes, option) -> {
            String name = listed.contains(prefix + option) ? prefix + option : prefix + dashes;
            refuseTwice(listed, option, dashes);
            String value = all && !listed.contains(name) && IOHelper.lookupEnvironmentVariable(name) == null
                    ? null
                    : value(name);
            if (value != null) {
                String variable = OptionVariable.of(name);
                found.put(option, new Found(value.equals(System.getenv(variable)) ? variable : name, name, value));
            }
        });
        return found;
    }

    /**
     * Whether all properties that are set can be listed, as in the command: each look-up of a name takes long. Other
     * sources, and parsers of a platform's own, may know more than they list.
     */
    private static boolean listsAll(PropertiesComponent properties) {
        return properties instanceof org.apache.camel.component.properties.PropertiesComponent camels
                && camels.getPropertiesSources().isEmpty()
                && camels.getPropertiesParser().getClass() == DefaultPropertiesParser.class
                && areTexts(camels.getInitialProperties())
                && areTexts(camels.getOverrideProperties())
                && camels.getLocalProperties() == null;
    }

    /**
     * What gives one of the properties found to connections.
     *
     * @param name in full, as it is written
     * @param value without placeholders
     */
    Credential credential(String name, String value) {
        boolean isKnown = listsAll(context.getPropertiesComponent()) && value.equals(written(name));
        return new NamedCredential(this, name, !isKnown || value.startsWith("#"));
    }

    /** With the placeholders of its value; null if it is of a source that cannot be listed. */
    private @Nullable String written(String name) {
        String listed =
                context.getPropertiesComponent().loadProperties(name::equals).getProperty(name);
        String inSystem = listed == null ? System.getProperty(name) : listed;
        return inSystem == null ? IOHelper.lookupEnvironmentVariable(name) : inSystem;
    }

    /** Others are not among the names of a list. */
    private static boolean areTexts(@Nullable Properties properties) {
        return properties == null || properties.stringPropertyNames().size() == properties.size();
    }

    /** Value of a property as it is now, without placeholders; null if it is not set. */
    @Nullable
    String value(String name) {
        PropertiesComponent properties = context.getPropertiesComponent();
        String placeholder = "{{?" + name + "}}";
        // Camel drops a backslash among the last two characters
        return properties.parseUri(placeholder, false) == null
                ? null
                : properties.parseUri(placeholder + END, false).replaceFirst(END + "$", "");
    }

    private void refuseOthers(Set<String> listed, Map<String, String> byDashes) {
        for (String name : listed) {
            String option = name.substring(prefix.length());
            if (!byDashes.containsKey(option) && !byDashes.containsValue(option)) {
                String dashes = StringHelper.camelCaseToDash(option);
                throw unknown(name, prefix + NearestName.of(dashes, byDashes.keySet()));
            }
        }
    }

    private void refuseTwice(Set<String> listed, String option, String dashes) {
        if (!option.equals(dashes) && listed.containsAll(Set.of(prefix + option, prefix + dashes))) {
            throw new UsageException(prefix + option + " and " + prefix + dashes
                    + " are both set, and are the same option: leave one out");
        }
    }

    private void refuseOtherVariables(Set<String> byDashes) {
        String variable = OptionVariable.of(prefix);
        System.getenv().forEach((name, value) -> {
            if (name.startsWith(variable) && !isOfService(name, value)) {
                String option = name.substring(variable.length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-');
                // "target-2-host" is no option of "target", but may be one of "target-2"
                if (byDashes.stream().noneMatch(known -> option.equals(known) || option.endsWith("-" + known))) {
                    throw unknown(name, OptionVariable.of(prefix + NearestName.of(option, byDashes)));
                }
            }
        });
    }

    private static UsageException unknown(String name, String nearest) {
        return new UsageException(name + " is set, but there is no such option: did you mean " + nearest + "?");
    }

    /** Names that begin with the prefix and are set otherwise than by a variable of the environment. */
    Set<String> listed() {
        Set<String> names = new TreeSet<>(context.getPropertiesComponent()
                .loadProperties(name -> name.startsWith(prefix))
                .stringPropertyNames());
        // some platforms list variables of the environment too, with a dot for each underscore
        names.removeIf(name -> System.getenv(OptionVariable.of(name)) != null);
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(prefix))
                .forEach(names::add);
        return names;
    }

    private static boolean isOfService(String name, String value) {
        return OF_A_SERVICE.matcher(name).matches() || value.startsWith("tcp://");
    }
}
