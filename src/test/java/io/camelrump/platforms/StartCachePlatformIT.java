package io.camelrump.platforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache that makes the command start faster, on Java 25: left out where {@code RUMP_TEST_JAVAS} names none. */
class StartCachePlatformIT {
    private static final Path BUILT = Path.of("target/rump");

    @TempDir
    private Path folder;

    private String javaHome;
    private Path lib;

    @BeforeEach
    void copyTheDistribution() throws IOException {
        String java = OtherJavas.withOwn().get("25");
        assumeThat(java).as("a Java 25").isNotNull();
        javaHome = Path.of(java).getParent().getParent().toString();
        lib = Files.createDirectories(folder.resolve("lib"));
        Files.createDirectory(folder.resolve("bin"));
        copy("bin/rump");
        try (Stream<Path> files = Files.list(BUILT.resolve("lib"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                copy("lib/" + file.getFileName());
            }
        }
    }

    @Test
    void isMadeBesideTheFirstCallsAndDoesNoHarmWhereItIsDamaged() throws Exception {
        List<PlatformProcess> first = List.of(start(Map.of()), start(Map.of()));
        String version = succeeded(first.get(0));
        assertThat(version).startsWith("rump ").contains("Java 25").hasLineCount(3);
        assertThat(succeeded(first.get(1))).isEqualTo(version);

        await().atMost(Duration.ofMinutes(2)).until(() -> caches().size() == 1 && Files.isRegularFile(caches().get(0)));
        Path cache = caches().get(0);
        assertThat(succeeded(start(Map.of("RUMP_JAVA_OPTS", "-Xlog:class+load"))))
                .contains("cli.Rump source: shared objects file", "picocli.CommandLine source: shared objects file")
                .endsWith(version);

        for (byte[] damaged : List.of(new byte[] {1}, new byte[100_000], start(cache, 1_000_000))) {
            FileTime age = Files.getLastModifiedTime(cache);
            Files.write(cache, damaged);
            Files.setLastModifiedTime(cache, age);
            assertThat(succeeded(start(Map.of()))).isEqualTo(version);
        }
    }

    private void copy(String file) throws IOException {
        Files.copy(BUILT.resolve(file), folder.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
    }

    private static byte[] start(Path cache, int bytes) throws IOException {
        try (var file = Files.newInputStream(cache)) {
            return file.readNBytes(bytes);
        }
    }

    /** The caches, and the folders that they are made in. */
    private List<Path> caches() throws IOException {
        try (Stream<Path> files = Files.list(lib)) {
            return files.filter(file -> file.getFileName().toString().contains(".aot"))
                    .toList();
        }
    }

    private PlatformProcess start(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("JAVA_HOME", javaHome);
        return new PlatformProcess(folder, environment, "bin/rump --version");
    }

    private static String succeeded(PlatformProcess process) throws InterruptedException {
        try (process) {
            assertThat(process.exitCode()).as(process.output()).isZero();
            return process.output();
        }
    }
}
