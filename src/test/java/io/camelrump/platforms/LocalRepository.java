package io.camelrump.platforms;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Maven's local repository of the platform tests, which has the jar of this build: the user's own never gets it. It is
 * kept between builds where {@code rump.platforms.repository} names a folder that is.
 */
final class LocalRepository {
    static final Path FOLDER = Path.of(System.getProperty("rump.platforms.repository", "target/platforms/repository"))
            .toAbsolutePath();

    private static final Path USERS = Path.of(System.getProperty("user.home"), ".m2", "repository");
    /** The jar of this build. */
    static final Path JAR = Path.of(System.getProperty("rump.test.jar", "target/camel-rump-0.1.0-SNAPSHOT.jar"));

    private static boolean ready;

    private LocalRepository() {}

    /** Puts the jar of this build in, and before that, once, what the user's own repository has. */
    static synchronized void prepare() throws IOException {
        if (ready) {
            return;
        }
        if (!Files.exists(FOLDER)) {
            Files.createDirectories(FOLDER);
            if (Files.isDirectory(USERS)) {
                linkWhatTheUserHas();
            }
        }
        install("camel-rump", JAR, Path.of("pom.xml"));
        ready = true;
    }

    /** As {@code install:install-file} does; returns the jar there. */
    static Path install(String artifact, Path jar, Path pom) throws IOException {
        String version = JAR.getFileName().toString().replaceFirst("camel-rump-(.+)\\.jar", "$1");
        Path folder = Files.createDirectories(FOLDER.resolve(Path.of("io", "camelrump", artifact, version)));
        String name = artifact + "-" + version;
        Files.copy(pom, folder.resolve(name + ".pom"), StandardCopyOption.REPLACE_EXISTING);
        return Files.copy(jar, folder.resolve(name + ".jar"), StandardCopyOption.REPLACE_EXISTING);
    }

    private static void linkWhatTheUserHas() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(USERS)) {
            files = all.filter(Files::isRegularFile)
                    .map(USERS::relativize)
                    .filter(file -> !file.startsWith(Path.of("io", "camelrump")))
                    // what could not be had once is asked for again
                    .filter(file -> !file.toString().endsWith(".lastUpdated"))
                    .toList();
        }
        for (Path file : files) {
            Path copy = FOLDER.resolve(file);
            Files.createDirectories(copy.getParent());
            try {
                Files.createLink(copy, USERS.resolve(file));
            } catch (FileSystemException | UnsupportedOperationException e) {
                Files.copy(USERS.resolve(file), copy);
            }
        }
    }
}
