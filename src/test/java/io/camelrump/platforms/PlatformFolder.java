package io.camelrump.platforms;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A folder in which the commands of a page are run, as a person would who follows it. Maven works offline there, from
 * {@link LocalRepository}, but for the first build of each project: that fetches what the others need.
 */
final class PlatformFolder {
    private static final Path PROJECTS = Path.of("src/platforms");
    private static final Path ROUTE = Path.of("routes/migrate.camel.yaml");
    private static final Path FETCHED = LocalRepository.FOLDER.resolve(".fetched");

    private final Path path;
    private final Path programs;
    private final Map<String, String> environment = new HashMap<>();

    PlatformFolder(Path path) throws IOException {
        LocalRepository.prepare();
        this.path = path;
        programs = Files.createDirectories(path.resolveSibling("bin"));
        // mvnw looks for an installed Maven, which is not to be this
        addProgram("mvn", """
                PATH=${PATH#*:}
                exec '%s' -B -ntp -Dstyle.color=never -Dmaven.repo.local='%s' $OFFLINE "$@"
                """.formatted(Path.of("mvnw").toAbsolutePath(), LocalRepository.FOLDER));
        String java = System.getProperty("java.home");
        environment.put("JAVA_HOME", java);
        environment.put(
                "PATH", String.join(File.pathSeparator, programs.toString(), java + "/bin", System.getenv("PATH")));
        environment.put("OFFLINE", "-o");
    }

    /** A copy of a project below {@code src/platforms} with the built-in route at a place in it. */
    static PlatformFolder of(String project, Path parent, String route) throws IOException {
        PlatformFolder folder = copyOf(PROJECTS.resolve(project), parent);
        copy(ROUTE, folder.path.resolve(route));
        return folder;
    }

    /** A copy of a project without what was built in it. */
    static PlatformFolder copyOf(Path original, Path parent) throws IOException {
        Path path = parent.resolve(original.getFileName());
        try (Stream<Path> all = Files.walk(original)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                if (!file.startsWith(original.resolve("target"))) {
                    copy(file, path.resolve(original.relativize(file)));
                }
            }
        }
        return new PlatformFolder(path);
    }

    Path path() {
        return path;
    }

    /** Adds a program to the path of the commands, as the lines of a shell's script. */
    void addProgram(String name, String script) throws IOException {
        Path program = programs.resolve(name);
        Files.writeString(program, "#!/bin/sh\n" + script);
        assertThat(program.toFile().setExecutable(true)).isTrue();
    }

    /** Sets a variable of the environment of the commands to come. */
    PlatformFolder with(String name, Object value) {
        environment.put(name, String.valueOf(value));
        return this;
    }

    /** Runs a command that builds, and ends with 0. */
    String build(String command) throws IOException, InterruptedException {
        Path fetched = FETCHED.resolve(fingerprint(command));
        if (!Files.exists(fetched)) {
            environment.put("OFFLINE", "");
            succeed(command);
            environment.put("OFFLINE", "-o");
            Files.createDirectories(FETCHED);
            Files.writeString(fetched, command);
        }
        return succeed(command);
    }

    /** Runs a command to its end, which is 0, and returns its output. */
    String succeed(String command) throws InterruptedException {
        try (PlatformProcess process = start(command)) {
            assertThat(process.exitCode()).as(command + ": " + process.output()).isZero();
            return process.output();
        }
    }

    PlatformProcess start(String command) {
        return start(command, Map.of());
    }

    /** Starts a command with more variables, or with others in place of those that the folder has. */
    PlatformProcess start(String command, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(more);
        return new PlatformProcess(path, all, command);
    }

    /** What decides which artifacts a build needs. */
    private String fingerprint(String command) throws IOException {
        Path pom = path.resolve("pom.xml");
        String read = Files.exists(pom) ? Files.readString(pom) : "";
        return path.getFileName() + "-"
                + Integer.toHexString(List.of(command, read).hashCode());
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(from, to);
    }
}
