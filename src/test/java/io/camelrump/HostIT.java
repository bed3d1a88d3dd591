package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;

/** A host that loads whatever lies in the usual places of its class path gets nothing from our jar. */
class HostIT {

    @Test
    void usualPlacesHoldNothingOfOurs() throws Exception {
        Main host = new Main();
        host.configure()
                .withRoutesIncludePattern("classpath:camel/*,classpath:camel-template/*,classpath:camel-rest/*,"
                        + "classpath:routes/*.yaml,classpath:routes/**/*.yaml,classpath:kamelets/*.yaml");
        host.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:of-the-host").routeId("of-the-host").to("log:host");
            }
        });
        host.start();
        try {
            assertThat(host.getCamelContext().getRoutes())
                    .extracting(Route::getRouteId)
                    .containsExactly("of-the-host");
            assertThat(host.getCamelContext().getComponentNames()).doesNotContain("rump");
        } finally {
            host.stop();
        }
    }

    @Test
    void noSettingsLieWhereAHostLooksForItsOwn() throws Exception {
        ClassLoader loader = HostIT.class.getClassLoader();
        for (String name : List.of(
                "application.properties",
                "application.yaml",
                "application.yml",
                "camel.properties",
                "logback.xml",
                "log4j2.properties",
                "simplelogger.properties")) {
            assertThat(Collections.list(loader.getResources(name)).stream().filter(HostIT::isOurs))
                    .as(name)
                    .isEmpty();
        }
    }

    @Test
    void routesAreThereByTheirOwnName() {
        assertThat(HostIT.class.getResource("/META-INF/camel-rump/routes/migrate.camel.yaml"))
                .isNotNull();
    }

    private static boolean isOurs(java.net.URL url) {
        return url.getPath().contains("/classes/") || url.getPath().contains("camel-rump");
    }
}
