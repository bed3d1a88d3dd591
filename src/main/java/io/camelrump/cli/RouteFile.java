package io.camelrump.cli;

import io.camelrump.UsageException;
import io.camelrump.cli.process.OtherUsers;
import io.camelrump.files.OutputFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A file with routes of the command: one that a person names, a person's own in {@code routes} of the working
 * directory, or the built-in copy.
 *
 * @param own where a person's own may be
 * @param name of the built-in one, such as {@code migrate.camel.yaml}
 * @param chosen whether the person has named it
 */
record RouteFile(Path own, String name, boolean chosen) {
    private static final Path FOLDER = Path.of("routes");
    static final RouteFile MIGRATE = new RouteFile(FOLDER, "migrate.camel.yaml");
    static final RouteFile COMPARE = new RouteFile(FOLDER, "compare.camel.yaml");
    static final RouteFile KEYSPACE_EVENTS = new RouteFile(FOLDER, "keyspace-events.camel.yaml");

    static final RouteFile ON_CUTOVER = new RouteFile(FOLDER, "on-cutover.camel.yaml");
    static final RouteFile CONTROL = new RouteFile(FOLDER, "control.camel.yaml");
    static final RouteFile UI = new RouteFile(FOLDER, "ui.camel.yaml");

    /** In the class path. */
    static final String BUILT_IN = "META-INF/camel-rump/routes/";

    /** One that a person may have put into a folder. */
    RouteFile(Path folder, String name) {
        this(folder.resolve(name), name, false);
    }

    /** Whether a person's own is run; a copy without any edit is the built-in file. */
    boolean isOwn() {
        return chosen || Files.exists(own) && !text().equals(builtIn());
    }

    /** Where Camel finds it. */
    String location() {
        return isOwn() ? "file:" + own : "classpath:" + BUILT_IN + name;
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
            for (Path path : List.of(own.toAbsolutePath().getParent(), own)) {
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
                    .info("Running the routes of {} instead of the built-in ones", own.toAbsolutePath());
        }
    }

    String text() {
        try {
            return Files.readString(own);
        } catch (IOException e) {
            throw new UsageException(this + " cannot be read: " + OutputFile.reason(e), e);
        }
    }

    String builtIn() {
        try (InputStream file = RouteFile.class.getResourceAsStream("/" + BUILT_IN + name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UsageException("The built-in " + name + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return own.toString();
    }
}
