package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Options of the component as properties, where nobody but the component itself reads them, and where Camel Main does.
 */
class ComponentPropertiesTest {
    private final CamelContext context = new DefaultCamelContext();

    @AfterEach
    void close() {
        context.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bridge-error-handler", "bridgeErrorHandler"})
    void areSetWhereThePlatformDoesNot(String name) {
        RumpComponent component = component(Map.of(
                name, "true", "health-check-consumer-enabled", "false", "use-global-ssl-context-parameters", "true"));

        assertThat(component.isBridgeErrorHandler()).isTrue();
        assertThat(component.isHealthCheckConsumerEnabled()).isFalse();
        assertThat(component.isUseGlobalSslContextParameters()).isTrue();
        assertThat(component.isLazyStartProducer()).isFalse();
    }

    @Test
    void applyToTheEndpointsOfTheComponent() throws Exception {
        RumpComponent component = component(Map.of("bridge-error-handler", "true"));

        assertThat(component.createEndpoint("rump:source?host=localhost"))
                .isInstanceOfSatisfying(RumpEndpoint.class, endpoint -> assertThat(endpoint.isBridgeErrorHandler())
                        .isTrue());
    }

    @Test
    void anUnknownOneIsRefusedWithTheNearest() {
        assertThatThrownBy(() -> component(Map.of("bridge-error-handling", "true")))
                .hasStackTraceContaining("camel.component.rump.bridge-error-handling is set, but there is no such"
                        + " option: did you mean camel.component.rump.bridge-error-handler?");
    }

    @Test
    void camelMainSetsThemAsWell() {
        Main main = new Main();
        main.setDefaultPropertyPlaceholderLocation("false");
        main.addOverrideProperty("camel.component.rump.bridgeErrorHandler", "true");
        main.start();
        try {
            assertThat(main.getCamelContext().getComponent("rump", RumpComponent.class))
                    .satisfies(component ->
                            assertThat(component.isBridgeErrorHandler()).isTrue());
        } finally {
            main.stop();
        }
    }

    @Test
    void camelMainRefusesAMisspeltOne() {
        Main main = new Main();
        main.setDefaultPropertyPlaceholderLocation("false");
        main.addOverrideProperty("camel.component.rump.bridgeErrorHandling", "true");
        try {
            assertThatThrownBy(main::start).hasStackTraceContaining("bridgeErrorHandling");
        } finally {
            main.stop();
        }
    }

    private RumpComponent component(Map<String, String> options) {
        Properties properties = new Properties();
        options.forEach((name, value) -> properties.put("camel.component.rump." + name, value));
        context.getPropertiesComponent().setInitialProperties(properties);
        context.start();
        return context.getComponent("rump", RumpComponent.class);
    }
}
