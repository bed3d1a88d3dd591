package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The jar as the build packed it: what a host and its tools look for is in it, and nothing that a host loads unasked.
 */
class JarIT {
    private static final Path JAR =
            Path.of(System.getProperty("rump.test.jar", "target/camel-rump-0.1.0-SNAPSHOT.jar"));

    private static final Pattern OF_COMMAND = Pattern.compile("io/camelrump/(catalog|check|cli|console|report)/");

    private JarFile jar;

    @BeforeEach
    void open() throws IOException {
        assertThat(JAR).as("made by the phase package").isRegularFile();
        jar = new JarFile(JAR.toFile());
    }

    @AfterEach
    void close() throws IOException {
        jar.close();
    }

    @ParameterizedTest
    @CsvSource({
        "component/rump, io.camelrump.RumpComponent",
        "configurer/rump-component, io.camelrump.RumpComponentConfigurer",
        "configurer/rump-endpoint, io.camelrump.RumpEndpointConfigurer",
        "urifactory/rump-endpoint, io.camelrump.RumpEndpointUriFactory",
    })
    void aServiceFileNamesAClassThatIsThere(String service, String type) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = entry("META-INF/services/org/apache/camel/" + service)) {
            properties.load(in);
        }
        assertThat(properties).containsEntry("class", type);
        assertThat(jar.getEntry(type.replace('.', '/') + ".class")).isNotNull();
    }

    @Test
    void theCatalogDescribesTheComponent() throws IOException {
        try (InputStream in = entry("META-INF/io/camelrump/rump.json")) {
            JsonNode catalog = new ObjectMapper().readTree(in);
            assertThat(catalog.at("/component/scheme").asText()).isEqualTo("rump");
            assertThat(catalog.at("/component/javaType").asText()).isEqualTo("io.camelrump.RumpComponent");
            assertThat(catalog.at("/properties/scanCount/defaultValue").asText())
                    .isEqualTo("auto");
            assertThat(catalog.at("/headers/CamelRumpRestored/javaType").asText())
                    .isEqualTo("int");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "META-INF/camel-rump/kaoto/components.json",
                "META-INF/camel-rump/kaoto/kamelets.json",
                "org/apache/camel/catalog/components/rump.json"
            })
    void theCatalogsOfToolsHaveTheirEntries(String entries) throws IOException {
        try (InputStream in = entry(entries)) {
            assertThat(new ObjectMapper().readTree(in)).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"migrate.camel.yaml", "compare.camel.yaml", "keyspace-events.camel.yaml"})
    void aRouteIsThereUnderOurOwnName(String route) throws IOException {
        try (InputStream in = entry("META-INF/camel-rump/routes/" + route)) {
            assertThat(in).hasBinaryContent(java.nio.file.Files.readAllBytes(Path.of("routes", route)));
        }
    }

    @Test
    void nothingLiesWhereAHostLoadsWhatItFinds() {
        assertThat(jar.stream().filter(entry -> !entry.isDirectory()).map(JarEntry::getName))
                .isNotEmpty()
                // Camel's own jars have these too
                .filteredOn(name -> !name.equals("component.properties") && !name.equals("dev-consoles.properties"))
                // nor is a Kamelet loaded before a route names it
                .filteredOn(name -> !name.matches("kamelets/rump-[a-z-]+\\.kamelet\\.yaml"))
                // nor is the component described before Camel's catalog is asked for it
                .filteredOn(name -> !name.equals("org/apache/camel/catalog/components/rump.json"))
                .allMatch(name -> name.startsWith("META-INF/") || name.startsWith("io/camelrump/"));
    }

    @Test
    void theCommandIsInAJarOfItsOwn() throws IOException {
        assertThat(classes(jar)).isNotEmpty().noneMatch(JarIT::isOfCommand);

        String name = JAR.getFileName().toString();
        Path command = JAR.resolveSibling(name.substring(0, name.length() - ".jar".length()) + "-cli.jar");
        try (JarFile other = new JarFile(command.toFile())) {
            assertThat(classes(other)).contains("io/camelrump/cli/Rump.class").allMatch(JarIT::isOfCommand);
        }
    }

    /** A host has no other jar of ours. */
    @Test
    void noClassForAHostNeedsOneOfTheCommand() {
        Set<String> needed = new ClassFileImporter()
                .importJar(jar).stream()
                        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                        .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                        .map(type -> type.getName().replace('.', '/') + ".class")
                        .filter(JarIT::isOfCommand)
                        .collect(Collectors.toCollection(TreeSet::new));

        assertThat(needed).isEmpty();
    }

    private static List<String> classes(JarFile jar) {
        return jar.stream()
                .map(JarEntry::getName)
                .filter(name -> name.endsWith(".class"))
                .toList();
    }

    private static boolean isOfCommand(String name) {
        return OF_COMMAND.matcher(name).lookingAt();
    }

    private InputStream entry(String name) throws IOException {
        JarEntry entry = jar.getJarEntry(name);
        assertThat(entry).as(name).isNotNull();
        return jar.getInputStream(entry);
    }
}
