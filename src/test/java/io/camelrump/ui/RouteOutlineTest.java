package io.camelrump.ui;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.Test;

class RouteOutlineTest {
    private static JsonArray outline(RouteBuilder routes) throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            context.addRoutes(routes);
            context.start();
            return RouteOutline.of(context);
        }
    }

    private static JsonObject step(JsonObject parent, int index) {
        return ((JsonArray) parent.get("steps")).getMap(index);
    }

    @Test
    void everyStepIsThereInItsPlaceAndWithItsExpression() throws Exception {
        JsonObject route = outline(new RouteBuilder() {
                    @Override
                    public void configure() {
                        onException(IllegalStateException.class).to("log:failed");
                        from("direct:a")
                                .routeId("split-it")
                                .choice()
                                .id("which")
                                .when(simple("${body} == 'x'"))
                                .id("an-x")
                                .to("seda:x")
                                .id("to-x")
                                .otherwise()
                                .id("another")
                                .to("log:other")
                                .id("log-it")
                                .end()
                                .to("seda:all")
                                .id("to-all");
                    }
                })
                .getMap(0);

        assertThat(route.getString("id")).isEqualTo("split-it");
        assertThat(route.getString("origin")).isEqualTo("direct:a");
        assertThat(route.getString("place")).isEqualTo("of the application");
        JsonObject which = step(route, 0);
        assertThat(which.getString("kind")).isEqualTo("choice");
        assertThat(step(which, 0).getString("label")).isEqualTo("${body} == 'x'");
        assertThat(step(step(which, 0), 0).getString("to")).isEqualTo("seda:x");
        assertThat(step(step(which, 1), 0).getString("id")).isEqualTo("log-it");
        assertThat(step(route, 1).getString("id")).isEqualTo("to-all");
        assertThat((JsonArray) route.get("steps")).hasSize(2);
    }

    @Test
    void noOptionAndNoPasswordOfAnEndpointIsShown() throws Exception {
        JsonArray routes = outline(new RouteBuilder() {
            @Override
            public void configure() {
                from("timer:t?delay=-1")
                        .to("log:x?marker=s3cret")
                        .toD("log:y?marker=s3cret")
                        .to("mock:ftp://user:s3cret@host/path");
            }
        });

        assertThat(routes.toJson()).contains("log:x", "log:y", "timer:t").doesNotContain("s3cret", "delay", "marker");
    }

    @Test
    void routesThatSteerTheRunAreNoPartOfIt() throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            context.getPropertiesComponent().addInitialProperty("control.port", "1");
            context.getPropertiesComponent().addInitialProperty("control.token", "a-token-of-a-test");
            context.getPropertiesComponent().addInitialProperty("queue.pages", "16");
            for (String file : new String[] {"ui", "control", "migrate"}) {
                PluginHelper.getRoutesLoader(context)
                        .loadRoutes(PluginHelper.getResourceLoader(context)
                                .resolveResource("file:routes/" + file + ".camel.yaml"));
            }

            JsonArray routes = RouteOutline.of(context);

            assertThat(routes).hasSize(2);
            assertThat(routes.<JsonObject>getMap(0).getString("place")).isEqualTo("routes/migrate.camel.yaml");
            assertThat(routes.<JsonObject>getMap(0).getBoolean("isOwn")).isTrue();
        }
    }
}
