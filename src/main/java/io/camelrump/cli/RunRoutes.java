package io.camelrump.cli;

import io.camelrump.UsageException;
import io.camelrump.cli.flags.RouteProperties;
import io.camelrump.cli.process.OtherUsers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.util.StringHelper;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Routes that run together, in one file or several.
 *
 * @param files at least one
 * @param compares whether they compare two servers
 */
record RunRoutes(List<RouteFile> files, boolean compares) {
    /** Limits a queue that the reader bounds anyway. */
    private static final String QUEUE = "queue.pages";

    private static final Pattern COMMENT = Pattern.compile("(?m)(^|\\s)#.*$");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{[?!]?([\\w.-]+)");

    RunRoutes {
        files = List.copyOf(files);
    }

    /** @param chosen files that a person has named; null if none */
    static RunRoutes migrating(@Nullable List<Path> chosen) {
        return new RunRoutes(files(RouteFile.MIGRATE, chosen), false);
    }

    /** @param chosen files that a person has named; null if none */
    static RunRoutes comparing(@Nullable List<Path> chosen) {
        return new RunRoutes(files(RouteFile.COMPARE, chosen), true);
    }

    private static List<RouteFile> files(RouteFile builtIn, @Nullable List<Path> chosen) {
        return chosen == null
                ? List.of(builtIn)
                : chosen.stream()
                        .map(path -> new RouteFile(path, builtIn.name(), true))
                        .toList();
    }

    /** All that a migration may run, also what depends on its end and its servers. */
    static List<RunRoutes> ofMigration(RunPlan plan, boolean verifies) {
        boolean live = plan.live() != null;
        List<RunRoutes> all = new ArrayList<>(List.of(plan.routes()));
        if (verifies) {
            all.add(plan.comparison());
        }
        if (live) {
            all.add(new RunRoutes(List.of(RouteFile.KEYSPACE_EVENTS), false));
            if (plan.onCutover() != null) {
                all.add(new RunRoutes(List.of(RouteFile.ON_CUTOVER), false));
            }
        }
        return all;
    }

    /** Where Camel finds them. */
    List<String> locations() {
        return files.stream().map(RouteFile::location).toList();
    }

    /**
     * Why a person's own is not to be run: another user may have written it, and it would get the passwords.
     *
     * @param others null where nothing is known of other users
     */
    @Nullable
    String objection(@Nullable OtherUsers others) {
        return files.stream()
                .map(file -> file.objection(others))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Names a person's own in the log. */
    void announce() {
        files.forEach(RouteFile::announce);
    }

    /**
     * Why these properties would have no effect on a person's own files: no endpoint has their name, one sets the
     * option itself, or the property is named nowhere.
     *
     * @param properties with their values
     * @param flags what each property comes from; null for one that nobody has given
     * @return null if all have one, or there is no such file
     * @throws UsageException if the file cannot be read
     */
    @Nullable
    String objection(Map<String, String> properties, Function<String, @Nullable String> flags) {
        if (files.stream().noneMatch(RouteFile::isOwn)) {
            return null;
        }
        List<RouteEndpoint> endpoints =
                files.stream().flatMap(RunRoutes::endpoints).toList();
        Set<String> named =
                files.stream().flatMap(file -> placeholders(file.text())).collect(Collectors.toSet());
        String builtIn = files.get(0).builtIn();
        Set<String> expected = placeholders(builtIn).collect(Collectors.toSet());
        List<String> lost = new ArrayList<>();
        for (String server : List.of("source", "target")) {
            if (names(RouteEndpoint.in(builtIn), server) && !names(endpoints, server)) {
                return this + " has no endpoint rump:" + server + ", which "
                        + (server.equals("source") ? "--from" : "--to") + " is about: name one so";
            }
        }
        properties.forEach((property, value) -> {
            String flag = flags.apply(property);
            RouteEndpoint sets = setting(property, value, endpoints);
            boolean unnamed = expected.contains(property) && !named.contains(property) && !property.equals(QUEUE);
            if (flag != null && (sets != null || unnamed)) {
                String place = sets == null
                        ? "has no {{" + property + "}}"
                        : "sets " + option(property) + " of rump:" + sets.name() + " itself";
                lost.add(flag + " has no effect, as the file " + place);
            }
        });
        return lost.isEmpty()
                ? null
                : this + ": " + String.join("; ", lost) + ". Change the file, or leave out what was given";
    }

    /**
     * Why these properties would have no effect on all endpoints: a variable or system property sets the option of one.
     *
     * @param flags what each property comes from; null for one that nobody has given
     * @param outside where a property is set beside the flags; null if nowhere
     * @return null if there is no such one
     */
    @Nullable
    String objection(
            Set<String> properties, UnaryOperator<@Nullable String> flags, UnaryOperator<@Nullable String> outside) {
        for (String server : servers()) {
            for (String property : properties) {
                String flag = property.startsWith(RouteProperties.ALL) ? flags.apply(property) : null;
                String set = flag == null
                        ? null
                        : outside.apply("rump." + server + "." + property.substring(RouteProperties.ALL.length()));
                if (set != null) {
                    return flag + " has no effect on rump:" + server + ", as " + set + " is set: unset that, or leave "
                            + flag + " out";
                }
            }
        }
        return null;
    }

    private Set<String> servers() {
        return files.stream()
                .flatMap(
                        file -> file.isOwn() ? endpoints(file).map(RouteEndpoint::name) : Stream.of("source", "target"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean names(List<RouteEndpoint> endpoints, String server) {
        return endpoints.stream().anyMatch(endpoint -> endpoint.name().equals(server));
    }

    /** The first endpoint that sets the option of a property to something else; null if none does. */
    private static @Nullable RouteEndpoint setting(String property, String value, List<RouteEndpoint> endpoints) {
        String option = option(property);
        return endpoints.stream()
                .filter(endpoint -> property.startsWith(RouteProperties.ALL)
                        || property.startsWith("rump." + endpoint.name() + "."))
                .filter(endpoint -> !value.equals(endpoint.options().getOrDefault(option, value)))
                .findFirst()
                .orElse(null);
    }

    /** The option of a property, as an endpoint spells it. */
    private static String option(String property) {
        return StringHelper.dashToCamelCase(property.substring(property.lastIndexOf('.') + 1));
    }

    private static Stream<RouteEndpoint> endpoints(RouteFile file) {
        try {
            return RouteEndpoint.in(file.text()).stream();
        } catch (YamlEngineException e) {
            throw new UsageException(file + " is no YAML: " + e.getMessage(), e);
        }
    }

    private static Stream<String> placeholders(String text) {
        return PLACEHOLDER
                .matcher(COMMENT.matcher(text).replaceAll(""))
                .results()
                .map(found -> found.group(1));
    }

    @Override
    public String toString() {
        return files.stream().map(RouteFile::toString).collect(Collectors.joining(", "));
    }
}
