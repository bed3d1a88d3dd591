package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.apache.camel.spi.UriParam;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** What the build writes beside the classes, so that a host finds the component and its tools describe it. */
class MetadataTest {

    private static final Path CLASSES = classes();

    @Test
    void theComponentIsFoundByItsScheme() throws IOException {
        assertThat(properties("META-INF/services/org/apache/camel/component/rump"))
                .containsEntry("class", RumpComponent.class.getName());
        assertThat(properties("META-INF/services/org/apache/camel/component.properties"))
                .containsEntry("components", "rump")
                .containsEntry("artifactId", "camel-rump");
    }

    @Test
    void optionsAreSetWithoutReflection() throws Exception {
        for (String name : List.of("RumpComponentConfigurer", "RumpEndpointConfigurer", "RumpEndpointUriFactory")) {
            assertThat(Class.forName("io.camelrump." + name)).isNotNull();
        }
        for (String service :
                List.of("configurer/rump-component", "configurer/rump-endpoint", "urifactory/rump-endpoint")) {
            assertThat(properties("META-INF/services/org/apache/camel/" + service)
                            .getProperty("class"))
                    .startsWith("io.camelrump.Rump");
        }
    }

    @Test
    void everyOptionIsDescribedInTheCatalog() throws IOException {
        JsonNode catalog = new ObjectMapper()
                .readTree(CLASSES.resolve("META-INF/io/camelrump/rump.json").toFile());

        assertThat(catalog.at("/component/scheme").asText()).isEqualTo("rump");
        assertThat(catalog.at("/component/syntax").asText()).isEqualTo("rump:name");
        assertThat(OptionFields.all()).hasSizeGreaterThan(70).allSatisfy(field -> {
            JsonNode option = catalog.at("/properties/" + field.getName());
            assertThat(option.path("description").asText()).as(field.getName()).endsWith(".");
            assertThat(option.path("type").asText()).as(field.getName()).isNotEmpty();
        });
        assertThat(catalog.at("/properties/password/secret").asBoolean()).isTrue();
        assertThat(catalog.at("/properties/sentinelPassword/secret").asBoolean())
                .isTrue();
        assertThat(catalog.at("/properties/scanCount/defaultValue").asText()).isEqualTo("auto");
    }

    /**
     * Camel's generator drops characters such as a plus sign without a word, and an example may then say something
     * else.
     */
    @Test
    void noDescriptionLosesACharacterInTheCatalog() throws IOException {
        JsonNode catalog = new ObjectMapper()
                .readTree(CLASSES.resolve("META-INF/io/camelrump/rump.json").toFile());

        assertThat(OptionFields.all().filter(field -> field.isAnnotationPresent(UriParam.class)))
                .allSatisfy(field -> assertThat(catalog.at("/properties/" + field.getName() + "/description")
                                .asText())
                        .isEqualTo(field.getAnnotation(UriParam.class).description()));
    }

    @Test
    void everyHeaderIsInTheCatalog() throws IOException {
        JsonNode catalog = new ObjectMapper()
                .readTree(CLASSES.resolve("META-INF/io/camelrump/rump.json").toFile());
        List<String> constants = Arrays.stream(RumpConstants.class.getDeclaredFields())
                .filter(field -> field.isAnnotationPresent(org.apache.camel.spi.Metadata.class))
                .map(Field::getName)
                .toList();

        assertThat(constants).isNotEmpty();
        assertThat(catalog.path("headers").size()).isEqualTo(constants.size());
    }

    /**
     * Camel Main loads routes from camel/, camel-template/ and camel-rest/ of the class path, and reads
     * application.properties; platforms look in routes/ too. A Kamelet is loaded when a route names it.
     */
    @Test
    void nothingOfOursIsLoadedByAHostUnasked() {
        for (String name : List.of("camel", "camel-rest", "camel-template", "routes", "application.properties")) {
            assertThat(CLASSES.resolve(name)).doesNotExist();
        }
        assertThat(CLASSES.resolve("kamelets").toFile().list())
                .isNotEmpty()
                .allMatch(name -> name.matches("rump-[a-z-]+\\.kamelet\\.yaml"));
        assertThat(CLASSES.resolve("META-INF/camel-rump/routes/migrate.camel.yaml"))
                .exists();
    }

    @Test
    void theRouteInTheJarIsTheOneInTheFolder() throws IOException {
        assertThat(CLASSES.resolve("META-INF/camel-rump/routes/migrate.camel.yaml"))
                .hasSameTextualContentAs(Path.of("routes", "migrate.camel.yaml"));
        try (Stream<Path> examples = Files.list(Path.of("routes"))) {
            examples.filter(Files::isRegularFile).forEach(file -> assertThat(
                            CLASSES.resolve("META-INF/camel-rump/routes").resolve(file.getFileName()))
                    .exists());
        }
    }

    @Test
    void thePomsOfStarterAndPlatformsNameTheVersionOfTheComponent() throws Exception {
        String version = "camel-rump</artifactId>\n  <version>([^<]+)";
        Matcher own = Pattern.compile(version).matcher(Files.readString(Path.of("pom.xml")));
        assertThat(own.find()).isTrue();
        Matcher starter = Pattern.compile(version.replace("rump<", "rump-starter<"))
                .matcher(Files.readString(Path.of("src/starter/pom.xml")));
        assertThat(starter.find()).isTrue();
        assertThat(starter.group(1)).isEqualTo(own.group(1));

        try (Stream<Path> poms = Files.find(Path.of("src/platforms"), 2, (path, is) -> path.endsWith("pom.xml"))) {
            assertThat(poms)
                    .map(pom -> Files.readString(pom))
                    .filteredOn(pom -> pom.contains("<artifactId>camel-rump"))
                    .isNotEmpty()
                    .allSatisfy(pom ->
                            assertThat(pom).contains("<camel-rump.version>" + own.group(1) + "</camel-rump.version>"));
        }
    }

    /** A host has Camel already, maybe of another version: no jar of ours is to be found first, or beside it. */
    @Test
    void aHostGetsNoJarOfCamel() throws Exception {
        NodeList dependencies = (NodeList) XPathFactory.newInstance()
                .newXPath()
                .evaluate(
                        "/*/*[name()='dependencies']/*[name()='dependency'][not(*[name()='optional']='true')]"
                                + "[not(*[name()='scope']) or *[name()='scope']='runtime']/*[name()='artifactId']",
                        new InputSource("pom.xml"),
                        XPathConstants.NODESET);

        assertThat(dependencies.getLength()).isEqualTo(1);
        assertThat(dependencies.item(0).getTextContent()).isEqualTo("jedis");
        assertThat(((Element) dependencies.item(0).getParentNode())
                        .getElementsByTagName("exclusion")
                        .item(0)
                        .getTextContent())
                .as("what Jedis would bring, which is older than that of Camel")
                .contains("slf4j-api");
    }

    private static Properties properties(String file) throws IOException {
        Properties properties = new Properties();
        try (var in = Files.newInputStream(CLASSES.resolve(file))) {
            properties.load(in);
        }
        return properties;
    }

    private static Path classes() {
        try {
            return Path.of(RumpComponent.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
