package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.dataformat.RumpDataFormat;
import io.camelrump.properties.EndpointOptions;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.CatalogCamelContext;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.catalog.EndpointValidationResult;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.UriParam;
import org.apache.camel.tooling.model.BaseOptionModel;
import org.apache.camel.tooling.model.ComponentModel;
import org.apache.camel.tooling.model.DataFormatModel;
import org.apache.camel.tooling.model.JsonMapper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The component as editors and Camel's tools see it, by way of Camel's catalog. */
class CatalogTest {
    private static final CamelCatalog CATALOG = new DefaultCamelCatalog();

    private static ComponentModel component;

    @BeforeAll
    static void addAsEditorsDo() {
        CATALOG.addComponent("rump", RumpComponent.class.getName());
        component = JsonMapper.generateComponentModel(CATALOG.componentJSonSchema("rump"));
    }

    /** There is no S3 here to run them with. */
    @ParameterizedTest
    @ValueSource(strings = {"aws2-s3:bucket", "aws2-s3:bucket?prefix=pages/&deleteAfterRead=true"})
    void endpointsOfTheRoutesForBucketsAreKnownToCamel(String uri) throws IOException {
        assertThat(new DefaultCamelCatalog().validateEndpointProperties(uri).isSuccess())
                .isTrue();
        assertThat(Files.readString(Path.of("routes/examples/write-from-s3.camel.yaml")))
                .contains("{ prefix: pages/, deleteAfterRead: true }");
    }

    @Test
    void isFoundByTheClassOfTheComponent() {
        assertThat(CATALOG.findComponentNames()).contains("rump");
        assertThat(component.getArtifactId()).isEqualTo("camel-rump");
    }

    /**
     * Platforms ask for it by name, and take the component's, whose file has the same name, if it has none of its own.
     */
    @Test
    void describesTheDataFormatBesideItsClass() throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            DataFormatModel model = JsonMapper.generateDataFormatModel(
                    ((CatalogCamelContext) context).getDataFormatParameterJsonSchema("rump"));
            assertThat(model.getJavaType()).isEqualTo(RumpDataFormat.class.getName());
            assertThat(model.getOptions()).extracting(BaseOptionModel::getName).containsExactly("lazyLoad");
        }
    }

    @Test
    void acceptsWhatAnEndpointAccepts() {
        EndpointValidationResult source = CATALOG.validateEndpointProperties(
                "rump:source?host=old.example&match=user:*&scanCount=500&retryFor=5m&readFrom=replica",
                false,
                true,
                false);
        EndpointValidationResult target = CATALOG.validateEndpointProperties(
                "rump:target?host=new.example&onConflict=keep&waitReplicas=1&ttl=false", false, false, true);

        assertThat(source.isSuccess()).as(source.summaryErrorMessage(true)).isTrue();
        assertThat(target.isSuccess()).as(target.summaryErrorMessage(true)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "scanCuont=1000, Unknown option",
        "queuePages=many, Invalid integer value",
        "onConflict=keeep, Invalid enum value",
        "ttl=perhaps, Invalid boolean value",
    })
    void namesWhatAnEndpointWouldRefuse(String parameter, String error) {
        EndpointValidationResult result =
                CATALOG.validateEndpointProperties("rump:source?host=old.example&" + parameter);

        assertThat(result.isSuccess()).isFalse();
        assertThat(result.summaryErrorMessage(true)).contains(error, parameter.substring(0, parameter.indexOf('=')));
    }

    @Test
    void refusesAnOptionOfTargetsAtASource() {
        EndpointValidationResult result =
                CATALOG.validateEndpointProperties("rump:source?host=a&onConflict=keep", false, true, false);

        assertThat(result.getNotConsumerOnly()).containsExactly("onConflict");
    }

    @Test
    void writesAndReadsTheUriOfAnEndpoint() throws URISyntaxException {
        String uri = CATALOG.asEndpointUri(
                "rump", Map.of("name", "source", "host", "old.example", "match", "user:*", "port", "6380"), false);

        assertThat(uri).startsWith("rump:source?").contains("host=old.example", "match=user:*", "port=6380");
        assertThat(CATALOG.endpointProperties(uri))
                .containsEntry("name", "source")
                .containsEntry("match", "user:*");
    }

    /** An editor offers the values, and marks the default among them only if both are spelled alike. */
    @Test
    void valuesOfAnEnumAreThoseThatTheDocumentationUses() {
        assertThat(OptionFields.all().filter(field -> field.getType().isEnum()))
                .hasSizeGreaterThan(5)
                .allSatisfy(field -> {
                    ComponentModel.EndpointOptionModel option = option(field.getName());
                    assertThat(option.getEnums())
                            .as(field.getName())
                            .containsExactlyElementsOf(
                                    Arrays.stream(field.getType().getEnumConstants())
                                            .map(value -> ((Enum<?>) value)
                                                    .name()
                                                    .toLowerCase(Locale.ROOT)
                                                    .replace('_', '-'))
                                            .toList())
                            .contains(String.valueOf(option.getDefaultValue()));
                });
    }

    @Test
    void familiesOfOptionsAreKnownByName() {
        assertThat(new RumpEndpointUriFactory().multiValuePrefixes().keySet()).isEqualTo(EndpointOptions.FAMILIES);
    }

    /** A form shows one tab or fold per group. */
    @Test
    void optionsStandInGroups() {
        Set<String> groups = new TreeSet<>();
        OptionFields.all()
                .filter(field -> field.isAnnotationPresent(UriParam.class))
                .forEach(field -> groups.add(option(field.getName()).getGroup()));

        assertThat(groups)
                .containsExactly(
                        "advanced",
                        "checkpoint",
                        "common",
                        "compare",
                        "consumer",
                        "filter",
                        "live",
                        "mapping",
                        "producer",
                        "security",
                        "sentinel",
                        "speed",
                        "tls");
        assertThat(option("scanCount").getGroup()).isEqualTo("speed");
        assertThat(option("match").getGroup()).isEqualTo("filter");
        assertThat(option("tls").getGroup()).isEqualTo("tls");
        assertThat(option("live").getGroup()).isEqualTo("live");
        assertThat(option("rounds").getGroup()).isEqualTo("compare");
    }

    private static ComponentModel.EndpointOptionModel option(String name) {
        return component.getEndpointOptions().stream()
                .filter(option -> option.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in the catalog"));
    }
}
