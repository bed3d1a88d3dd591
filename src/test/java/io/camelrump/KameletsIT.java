package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.FaultRun;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import java.util.Set;
import org.apache.camel.ConsumerTemplate;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** Kamelets and the route template of the jar, between real servers. */
class KameletsIT {
    private static final int KEYS = 50;
    private static final String PASSWORD = "p@:#%&?=+ w/";
    private static final String TEMPLATE = "classpath:META-INF/camel-rump/templates/rump-migration.camel.yaml";

    @RegisterExtension
    private static final RedisServers SERVERS = new RedisServers();

    private static RedisServer source;
    private static RedisServer target;

    @BeforeAll
    static void start() {
        source = SERVERS.start();
        target = SERVERS.start(RedisServers.usual(), "--requirepass", PASSWORD);
        FaultRun.fill(source, KEYS);
        try (Jedis jedis = source.jedis()) {
            jedis.set("user:1", "anne");
            jedis.set("user:2", "bert");
            jedis.select(1);
            jedis.set("order:1", "tea");
        }
    }

    @BeforeEach
    void empty() {
        try (Jedis jedis = target.jedis()) {
            jedis.flushAll();
        }
    }

    @Test
    void aRouteOfTwoKameletsCopiesEveryKey() throws Exception {
        try (RouteRun run = run("""
                - route:
                    id: copy
                    from:
                      uri: kamelet:rump-source
                      parameters: { host: 127.0.0.1, port: %d }
                      steps:
                        - to:
                            uri: kamelet:rump-sink
                            parameters: { host: 127.0.0.1, port: %d, password: "RAW({{target.password}})" }
                """)) {
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
        }
        FaultRun.assertEqual(source, target);
    }

    @Test
    void aPipeCopiesTheKeysThatItsPatternMatches() throws Exception {
        try (RouteRun run = run("""
                apiVersion: camel.apache.org/v1
                kind: Pipe
                metadata:
                  name: copy-users
                spec:
                  source:
                    ref: { kind: Kamelet, apiVersion: camel.apache.org/v1, name: rump-source }
                    properties:
                      host: 127.0.0.1
                      port: %d
                      match: "user:*"
                      rename: "RAW(user:*=u:*)"
                      type: string,hash
                  sink:
                    ref: { kind: Kamelet, apiVersion: camel.apache.org/v1, name: rump-sink }
                    properties:
                      host: 127.0.0.1
                      port: %d
                      password: "RAW({{target.password}})"
                      onConflict: keep
                """)) {
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
        }
        assertThat(keysOfTarget(0)).containsExactlyInAnyOrder("u:1", "u:2");
    }

    @Test
    void theActionHandsPagesOnWithTheirCounts() throws Exception {
        try (RouteRun run = run("""
                - route:
                    id: copy
                    from:
                      uri: kamelet:rump-source
                      parameters: { host: 127.0.0.1, port: %d, migration: handed-on }
                      steps:
                        - to:
                            uri: kamelet:rump-migrate-action
                            parameters: { host: 127.0.0.1, port: %d, password: "RAW({{target.password}})" }
                        - to:
                            uri: seda:done
                """);
                ConsumerTemplate done = run.context().createConsumerTemplate()) {
            Exchange page = done.receive("seda:done", 10_000);
            assertThat(page.getMessage().getBody()).isInstanceOf(Page.class);
            assertThat(page.getMessage().getHeader(RumpConstants.RESTORED, Long.class))
                    .isEqualTo(KEYS + 2);
            // the run waits for those that have its pages
            done.doneUoW(page);
            assertThat(run.awaitEnd("handed-on").state()).isEqualTo(RunState.COMPLETE);
        }
        FaultRun.assertEqual(source, target);
    }

    @Test
    void aPipeHasTheActionAsAStep() throws Exception {
        try (RouteRun run = run("""
                apiVersion: camel.apache.org/v1
                kind: Pipe
                metadata:
                  name: copy-and-tell
                spec:
                  source:
                    ref: { kind: Kamelet, apiVersion: camel.apache.org/v1, name: rump-source }
                    properties: { host: 127.0.0.1, port: %d, migration: piped }
                  steps:
                    - ref: { kind: Kamelet, apiVersion: camel.apache.org/v1, name: rump-migrate-action }
                      properties: { host: 127.0.0.1, port: %d, password: "RAW({{target.password}})" }
                  sink:
                    uri: log:done
                """)) {
            assertThat(run.awaitEnd("piped").state()).isEqualTo(RunState.COMPLETE);
        }
        FaultRun.assertEqual(source, target);
    }

    @Test
    void oneFileRunsSeveralMigrationsByTheTemplate() throws Exception {
        try (RouteRun run = run("""
                - templatedRoute:
                    routeId: users
                    routeTemplateRef: rump-migration
                    parameters:
                      - { name: migration, value: users }
                      - { name: sourceHost, value: 127.0.0.1 }
                      - { name: sourcePort, value: %1$d }
                      - { name: match, value: "user:*" }
                      - { name: rename, value: "user:*=u:*" }
                      - { name: targetHost, value: 127.0.0.1 }
                      - { name: targetPort, value: %2$d }
                      - { name: targetPassword, value: "{{target.password}}" }
                - templatedRoute:
                    routeId: orders
                    routeTemplateRef: rump-migration
                    parameters:
                      - { name: migration, value: orders }
                      - { name: sourceHost, value: 127.0.0.1 }
                      - { name: sourcePort, value: %1$d }
                      - { name: sourceDatabase, value: 1 }
                      - { name: targetHost, value: 127.0.0.1 }
                      - { name: targetPort, value: %2$d }
                      - { name: targetPassword, value: "{{target.password}}" }
                      - { name: targetDatabase, value: 3 }
                """)) {
            assertThat(run.awaitEnd("users").counts().restored()).isEqualTo(2);
            assertThat(run.awaitEnd("orders").state()).isEqualTo(RunState.COMPLETE);
        }
        assertThat(keysOfTarget(0)).containsExactlyInAnyOrder("u:1", "u:2");
        assertThat(keysOfTarget(3)).containsExactly("order:1");
    }

    private static Set<String> keysOfTarget(int database) {
        try (Jedis jedis = target.jedis()) {
            jedis.select(database);
            return jedis.keys("*");
        }
    }

    /** Runs a file as a host would that has named the template among its routes. */
    private static RouteRun run(String file) throws Exception {
        RouteRun run = RouteRun.of(routes -> {});
        run.context().getPropertiesComponent().addOverrideProperty("target.password", PASSWORD);
        Resource template = PluginHelper.getResourceLoader(run.context()).resolveResource(TEMPLATE);
        Resource own = ResourceHelper.fromString("own.yaml", file.formatted(source.port(), target.port()));
        PluginHelper.getRoutesLoader(run.context()).loadRoutes(template, own);
        return run;
    }
}
