package io.camelrump.platforms;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The starter for Spring Boot, built once by its own pom and put where the platforms find it. */
final class SpringBootStarter {
    private static final Path PROJECT = Path.of("src/starter");

    private static Path jar;

    private SpringBootStarter() {}

    /** Builds it below a folder unless that is done, and returns its jar. */
    static synchronized Path install(Path parent) throws IOException, InterruptedException {
        if (jar == null) {
            PlatformFolder folder = PlatformFolder.copyOf(PROJECT, parent);
            folder.build("mvn -q package");
            Path built = Optional.ofNullable(
                            folder.path().resolve("target").toFile().listFiles((dir, name) -> name.endsWith(".jar")))
                    .map(jars -> jars[0].toPath())
                    .orElseThrow();
            jar = LocalRepository.install("camel-rump-starter", built, PROJECT.resolve("pom.xml"));
        }
        return jar;
    }
}
