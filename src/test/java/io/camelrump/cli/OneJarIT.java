package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The distribution's one jar offers all that the jars do which are joined in it. */
class OneJarIT {
    private static final Path ONE = RumpProcess.DISTRIBUTION.resolve("lib/rump.jar");
    private static final String SERVICES = "META-INF/services/";

    /** Read by Camel's build tools alone. */
    private static final Pattern INDEX = Pattern.compile(SERVICES + "org/apache/camel/[\\w-]+\\.properties");

    @Test
    void hasEveryServiceOfEveryJar() throws IOException {
        Map<String, Set<String>> joined = services(List.of(ONE));

        assertThat(services(parts())).isEqualTo(joined).hasSizeGreaterThan(100);
    }

    @Test
    void hasEveryClassOfTheCommandAndOfWhatItNeeds() throws IOException {
        Set<String> missing = new TreeSet<>();
        try (JarFile one = new JarFile(ONE.toFile())) {
            for (Path part : parts()) {
                try (JarFile jar = new JarFile(part.toFile())) {
                    jar.stream()
                            .map(entry -> entry.getName())
                            .filter(name -> name.endsWith(".class") && !name.endsWith("module-info.class"))
                            .filter(name -> one.getEntry(name) == null)
                            .forEach(missing::add);
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void everyLicenseOfWhatIsJoinedIsBesideIt() throws IOException {
        List<String> without = new ArrayList<>();
        for (Path part : parts()) {
            try (JarFile jar = new JarFile(part.toFile())) {
                boolean has =
                        jar.stream().anyMatch(entry -> entry.getName().matches("(?i)META-INF/(LICENSE|NOTICE)[^/]*"));
                Path folder = RumpProcess.DISTRIBUTION.resolve(
                        "licenses/" + part.getFileName().toString().replaceFirst("\\.jar$", "-jar"));
                boolean joined = !part.getFileName().toString().startsWith("camel-rump-");
                if (joined && has && !Files.isDirectory(folder)) {
                    without.add(folder.toString());
                }
            }
        }
        assertThat(without).isEmpty();
    }

    /** Our two jars, and those of this JVM's class path that have a class of the one jar. */
    private static List<Path> parts() throws IOException {
        Path own = Path.of(System.getProperty("rump.test.jar"));
        List<Path> parts = new ArrayList<>(
                List.of(own, own.resolveSibling(own.getFileName().toString().replaceFirst("\\.jar$", "-cli.jar"))));
        try (JarFile one = new JarFile(ONE.toFile())) {
            for (URL manifest :
                    Collections.list(OneJarIT.class.getClassLoader().getResources("META-INF/MANIFEST.MF"))) {
                if (manifest.getProtocol().equals("jar")) {
                    Path path = Path.of(
                            manifest.getPath().replaceFirst("^file:", "").replaceFirst("!.*", ""));
                    try (JarFile jar = new JarFile(path.toFile())) {
                        if (jar.stream()
                                .anyMatch(entry -> isClass(entry.getName()) && one.getEntry(entry.getName()) != null)) {
                            parts.add(path);
                        }
                    }
                }
            }
        }
        assertThat(parts).hasSizeGreaterThan(50);
        return parts;
    }

    private static boolean isClass(String name) {
        return name.endsWith(".class") && !name.contains("-info.");
    }

    /** Lines of each file of services, without comments. */
    private static Map<String, Set<String>> services(List<Path> jars) throws IOException {
        Map<String, Set<String>> services = new TreeMap<>();
        for (Path path : jars) {
            try (JarFile jar = new JarFile(path.toFile())) {
                for (var entry : Collections.list(jar.entries())) {
                    String name = entry.getName();
                    if (name.startsWith(SERVICES)
                            && !entry.isDirectory()
                            && !INDEX.matcher(name).matches()) {
                        try (InputStream in = jar.getInputStream(entry)) {
                            services.computeIfAbsent(name, none -> new TreeSet<>())
                                    .addAll(lines(in));
                        }
                    }
                }
            }
        }
        return services;
    }

    private static List<String> lines(InputStream in) throws IOException {
        try (Stream<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()) {
            return lines.map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .toList();
        }
    }
}
