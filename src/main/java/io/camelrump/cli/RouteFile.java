package io.camelrump.cli;

import io.camelrump.OutputFile;
import io.camelrump.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.util.StringHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A file with routes of the command: a person's own, in {@code routes} of the working directory, or the built-in copy.
 *
 * @param folder where a person's own may be
 * @param name such as {@code migrate.camel.yaml}
 */
record RouteFile(Path folder, String name) {
    static final RouteFile MIGRATE = new RouteFile(Path.of("routes"), "migrate.camel.yaml");
    static final RouteFile COMPARE = new RouteFile(Path.of("routes"), "compare.camel.yaml");
    static final RouteFile KEYSPACE_EVENTS = new RouteFile(Path.of("routes"), "keyspace-events.camel.yaml");

    /** Limits a queue that the reader bounds anyway. */
    private static final String QUEUE = "queue.pages";

    private static final String BUILT_IN = "META-INF/camel-rump/routes/";
    private static final Pattern COMMENT = Pattern.compile("(?m)(^|\\s)#.*$");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{[?!]?([\\w.-]+)");

    /** All that a migration may run, also those that depend on what its servers offer. */
    static List<RouteFile> ofMigration(boolean verifies, boolean live) {
        return live
                ? List.of(MIGRATE, COMPARE, KEYSPACE_EVENTS)
                : verifies ? List.of(MIGRATE, COMPARE) : List.of(MIGRATE);
    }

    private Path own() {
        return folder.resolve(name);
    }

    /** Whether a person's own is run; a copy without any edit is the built-in file. */
    private boolean isOwn() {
        return Files.exists(own()) && !text().equals(builtIn());
    }

    /** Where Camel finds it. */
    String location() {
        return isOwn() ? "file:" + own() : "classpath:" + BUILT_IN + name;
    }

    /**
     * Why a person's own is not to be run: another user may have written it, and it would get the passwords.
     *
     * @param others null where nothing is known of other users
     * @return null if nothing speaks against it, or there is none
     */
    @Nullable
    String objection(@Nullable OtherUsers others) {
        if (others == null || !isOwn()) {
            return null;
        }
        try {
            for (Path path : List.of(folder, own())) {
                String authorship = others.authorship(path);
                if (authorship != null) {
                    return this + " is not run, as it would be given the passwords, and " + path.toAbsolutePath() + " "
                            + authorship + ". Read it, then make it yours by chown and chmod o-w, or start elsewhere";
                }
            }
            return null;
        } catch (IOException e) {
            return this + " cannot be read: " + OutputFile.reason(e);
        }
    }

    /** Names a person's own in the log, as it runs only because of the working directory. */
    void announce() {
        if (isOwn()) {
            // made here, as the logging must be set up before
            LoggerFactory.getLogger(RouteFile.class)
                    .info("Running the routes of {} instead of the built-in ones", own().toAbsolutePath());
        }
    }

    /** Whether its routes compare two servers. */
    boolean compares() {
        return name.equals(COMPARE.name);
    }

    /**
     * Why these properties would have no effect on a person's own: it reads or writes no server of their name, sets an
     * option itself, or does not name a property that the built-in file takes.
     *
     * @param properties with their values
     * @param flags what each property comes from; null for one that nobody has given
     * @return null if all have one, or there is no such file
     * @throws UsageException if the file cannot be read
     */
    @Nullable
    String objection(Map<String, String> properties, Function<String, @Nullable String> flags) {
        if (!isOwn()) {
            return null;
        }
        List<RouteEndpoint> endpoints = endpoints(text());
        Set<String> named = placeholders(text());
        Set<String> expected = placeholders(builtIn());
        List<String> lost = new ArrayList<>();
        for (String server : List.of("source", "target")) {
            if (names(endpoints(builtIn()), server) && !names(endpoints, server)) {
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

    private List<RouteEndpoint> endpoints(String yaml) {
        try {
            return RouteEndpoint.in(yaml);
        } catch (YamlEngineException e) {
            throw new UsageException(this + " is no YAML: " + e.getMessage(), e);
        }
    }

    private static Set<String> placeholders(String text) {
        return PLACEHOLDER
                .matcher(COMMENT.matcher(text).replaceAll(""))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
    }

    private String text() {
        try {
            return Files.readString(own());
        } catch (IOException e) {
            throw new UsageException(this + " cannot be read: " + e.getMessage(), e);
        }
    }

    private String builtIn() {
        try (InputStream file = RouteFile.class.getResourceAsStream("/" + BUILT_IN + name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UsageException("The built-in " + name + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return own().toString();
    }
}
