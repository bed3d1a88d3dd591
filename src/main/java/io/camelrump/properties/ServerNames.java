package io.camelrump.properties;

import io.camelrump.UsageException;
import io.camelrump.text.NearestName;
import io.camelrump.text.OptionVariable;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.util.StringHelper;

/**
 * Looks for options of servers that no endpoint is named after, once the routes are known and before the first key is
 * read: a slip in the name would leave the options without effect. Other names are those of other applications.
 *
 * @param options of endpoints, spelt with dashes
 */
public record ServerNames(Set<String> options) {
    private static final String PREFIX = "rump.";
    private static final String VARIABLE_PREFIX = OptionVariable.of(PREFIX);

    /** Takes the options that a component's endpoints have. */
    public static ServerNames of(DefaultComponent component) {
        return new ServerNames(new EndpointOptions(component)
                .byName().stream().map(StringHelper::camelCaseToDash).collect(Collectors.toSet()));
    }

    /**
     * Looks at all properties and variables.
     *
     * @param servers names of the endpoints
     * @throws UsageException if one is that of a server whose name is nearly an endpoint's
     */
    public void check(CamelContext context, Set<String> servers) {
        new OptionProperties(context, PREFIX).listed().forEach(property -> checkProperty(property, servers));
        System.getenv().keySet().forEach(variable -> checkVariable(variable, servers));
    }

    private void checkProperty(String property, Set<String> servers) {
        int end = property.lastIndexOf('.');
        if (end > PREFIX.length() && options.contains(StringHelper.camelCaseToDash(property.substring(end + 1)))) {
            refuseSlip(property, PREFIX, property.substring(PREFIX.length(), end), servers);
        }
    }

    /**
     * A variable may be read in several ways, such as option {@code c-d} of server {@code a} and option {@code d} of
     * server {@code a_c}.
     *
     * @throws UsageException if it is that of an endpoint in none, and nearly so in one
     */
    void checkVariable(String variable, Set<String> servers) {
        Set<String> known = servers.stream().map(OptionVariable::of).collect(Collectors.toSet());
        List<String> meant = serversOf(variable);
        if (meant.stream().noneMatch(known::contains)) {
            meant.forEach(server -> refuseSlip(variable, VARIABLE_PREFIX, server, known));
        }
    }

    private List<String> serversOf(String variable) {
        return options.stream()
                .map(option -> "_" + OptionVariable.of(option))
                .filter(end -> variable.startsWith(VARIABLE_PREFIX)
                        && variable.endsWith(end)
                        && variable.length() > VARIABLE_PREFIX.length() + end.length())
                .map(end -> variable.substring(VARIABLE_PREFIX.length(), variable.length() - end.length()))
                .toList();
    }

    private static void refuseSlip(String name, String prefix, String server, Set<String> known) {
        String nearest = known.contains(server) ? null : NearestName.slip(server, known);
        if (nearest != null) {
            throw new UsageException(name + " is set, but no endpoint has this name: did you mean " + prefix + nearest
                    + name.substring(prefix.length() + server.length()) + "?");
        }
    }
}
