package io.camelrump.cli;

import io.camelrump.OutputFile;
import io.camelrump.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

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

    private static final String BUILT_IN = "META-INF/camel-rump/routes/";
    private static final Pattern COMMENT = Pattern.compile("(?m)(^|\\s)#.*$");
    /** An option of an endpoint, or a property of a bean, and the property of the command that it takes. */
    private static final Pattern PASSED_ON = Pattern.compile("(\\w+): *\"?(\\{\\{[?!]?([\\w.-]+)[^}]*}})");

    private static final String PASSWORD = "password";
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

    /**
     * Which of these properties would have no effect: those that the built-in file passes on and a person's own does
     * not.
     *
     * @param properties names, such as {@code scan.match}
     * @return for each the line that passes it on
     * @throws UsageException if the file cannot be read
     */
    Map<String, String> lost(Set<String> properties) {
        Map<String, String> lost = new LinkedHashMap<>();
        if (isOwn()) {
            Map<String, String> passedOn = passedOn();
            properties.stream()
                    .filter(passedOn::containsKey)
                    .forEach(property -> lost.put(property, passedOn.get(property)));
            Matcher placeholder = PLACEHOLDER.matcher(COMMENT.matcher(text()).replaceAll(""));
            while (placeholder.find()) {
                lost.remove(placeholder.group(1));
            }
            // routes that know of no file log in with what it holds at the start
            lost.keySet()
                    .removeIf(property -> property.endsWith(PASSWORD + "-file")
                            && !lost.containsKey(property.substring(0, property.lastIndexOf('-'))));
        }
        return lost;
    }

    /** Each property that the built-in file passes on, with the line that does. */
    Map<String, String> passedOn() {
        Map<String, String> lines = new LinkedHashMap<>();
        Matcher line = PASSED_ON.matcher(builtIn());
        while (line.find()) {
            lines.putIfAbsent(line.group(3), line.group(1) + ": \"" + line.group(2) + "\"");
        }
        return lines;
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
