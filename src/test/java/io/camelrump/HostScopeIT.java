package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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

    /** What the optional dependencies bring; a bare engine has the rest. */
    private static final Pattern OPTIONAL = Pattern.compile(
            "(camel-(main|yaml|seda|micrometer|micrometer-.*|core-(?!engine|processor|reifier|model|languages|catalog).*"
                    + "|core-4.*|xml.*|test.*|health.*|bean|direct|log|mock|timer|file|rest|ref|stub|dataset|scheduler"
                    + "|saga|validator|xslt|browse|class|controlbus|dataformat|language|cluster).*"
                    + "|micrometer.*|picocli.*|progressbar.*|jline.*|jackson.*|slf4j-simple.*|embedded-redis.*|snakeyaml.*"
                    + "|jspecify.*|junit.*|assertj.*|awaitility.*|jqwik.*|testcontainers.*|docker-java.*|hamcrest.*"
                    + "|opentest4j.*|apiguardian.*|byte-buddy.*|HdrHistogram.*|LatencyUtils.*|jna.*|duct-tape.*).*\\.jar");

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

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
                            "-cp",
                            hostClassPath(),
                            Host.class.getName(),
                            String.valueOf(source.port()),
                            String.valueOf(target.port())))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(host.getInputStream().readAllBytes());

            assertThat(output).contains("COMPLETE").contains("without: 5");
            assertThat(host.waitFor()).isZero();
            assertThat(b.dbSize()).isEqualTo(3000);
        }
    }

    private static String hostClassPath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(all.split(File.pathSeparator))
                .filter(entry -> !OPTIONAL.matcher(new File(entry).getName()).matches())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The host: a bare context, and a route in Java. */
    public static final class Host {

        private Host() {}

        public static void main(String[] args) throws Exception {
            long without = List.of(
                            "io.micrometer.core.instrument.MeterRegistry",
                            "picocli.CommandLine",
                            "org.apache.camel.main.Main",
                            "com.fasterxml.jackson.databind.ObjectMapper",
                            "org.slf4j.simple.SimpleLogger")
                    .stream()
                    .filter(Host::isAbsent)
                    .count();
            System.out.println("without: " + without);
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
                    Thread.onSpinWait();
                }
                System.out.println(ledger.state());
            }
        }

        private static boolean isAbsent(String name) {
            try {
                Class.forName(name);
                return false;
            } catch (ClassNotFoundException e) {
                return true;
            }
        }
    }
}
