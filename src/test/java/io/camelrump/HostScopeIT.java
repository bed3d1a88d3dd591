package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** A host that takes the component gets what it needs: a run in a JVM without our optional dependencies. */
class HostScopeIT {

    /** What the component brings, and the engine that a host has; nothing else is on its class path. */
    private static final Pattern NEEDED = Pattern.compile(
            "(camel-(support|api|util|util-json|management-api)|jedis|commons-pool2|gson|error_prone_annotations|json"
                    + "|redis-authx-core|slf4j-api"
                    + "|camel-(base|base-engine|core-engine|core-model|core-processor|core-reifier|core-languages|language))"
                    + "-[0-9].*\\.jar|camel-rump-.*\\.jar|classes|test-classes");

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    /** Else their absence in the host would prove nothing. */
    @Test
    void theOptionalClassesAreThereInTheBuild() {
        assertThat(Host.OPTIONAL).allMatch(Host::isPresent);
    }

    @Test
    void aRunNeedsNoOptionalClass() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            SampleData.fillMixed(a, 3000);

            Process host = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            hostClassPath(),
                            Host.class.getName(),
                            String.valueOf(source.port()),
                            String.valueOf(target.port())))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(host.getInputStream().readAllBytes());

            assertThat(output).contains("COMPLETE").contains("present: []");
            assertThat(host.waitFor()).isZero();
            assertThat(b.dbSize()).isEqualTo(3000);
        }
    }

    private static String hostClassPath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(all.split(File.pathSeparator))
                .filter(entry -> NEEDED.matcher(new File(entry).getName()).matches())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The host: a bare context, and a route in Java. */
    public static final class Host {

        /** A class of each optional dependency. */
        private static final List<String> OPTIONAL = List.of(
                "io.micrometer.core.instrument.MeterRegistry",
                "org.apache.camel.component.micrometer.MicrometerComponent",
                "org.apache.camel.component.redis.RedisComponent",
                "org.springframework.data.redis.core.RedisTemplate",
                "org.springframework.core.SpringVersion",
                "org.apache.camel.main.Main",
                "org.apache.camel.component.seda.SedaComponent",
                "org.apache.camel.dsl.yaml.YamlRoutesBuilderLoader",
                "picocli.CommandLine",
                "com.samskivert.mustache.Mustache",
                "com.fasterxml.jackson.databind.ObjectMapper",
                "org.slf4j.simple.SimpleServiceProvider",
                "redis.embedded.RedisServer");

        private Host() {}

        public static void main(String[] args) throws Exception {
            System.out.println(
                    "present: " + OPTIONAL.stream().filter(Host::isPresent).toList());
            try (CamelContext context = new DefaultCamelContext()) {
                context.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("rump:source?host=127.0.0.1&port=" + args[0])
                                .to("rump:target?host=127.0.0.1&port=" + args[1]);
                    }
                });
                context.start();
                Ledger ledger = context.getRegistry().findSingleByType(Ledger.class);
                while (!ledger.state().isFinal()) {
                    LockSupport.parkNanos(1_000_000);
                }
                System.out.println(ledger.state());
            }
        }

        private static boolean isPresent(String name) {
            try {
                Class.forName(name);
                return true;
            } catch (ClassNotFoundException e) {
                return false;
            }
        }
    }
}
