package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.Vault;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;

/** Passwords on their way from a property through the route file to the server. */
class PasswordIT {

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "p@:#%&?=+ w/",
                "100%25",
                "100%",
                "%41%zz",
                "#foo",
                "RAW(x)",
                "RAW{x}",
                "a)b&c",
                "a}b&c",
                "(x",
                "x)",
                "a\"b'c\\d",
                "$x${y}",
                "{x}",
                "grüße",
                " both ends ",
                "true",
            })
    void arrivesAsItWasWritten(String password) {
        migrate(password, password);
    }

    /** Camel reads meaning into these; a bean that is no String it takes as it is. */
    @ParameterizedTest
    @ValueSource(strings = {"#bean:foo", "a)&port=1", "{{x}}", "x){{y}}", "p@:#%&?=+ w/", "100%25", "RAW(x)"})
    void arrivesAsItWasWrittenWhenGivenByReference(String password) {
        migrate(password, "#bean:password");
    }

    @Test
    void comesFromTheEnvironmentOrASystemProperty() {
        migrate(System.getenv("PATH"), "{{env:PATH}}");
        System.setProperty("rump.test.password", "p@:#%w");
        migrate("p@:#%w", "{{sys:rump.test.password}}");
    }

    @Test
    void comesFromAFileOfProperties(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("secrets.properties"),
                "rump.source.password = of the file\nrump.target.password = p@:#%w\n");
        RedisServer source = servers.start(RedisServers.usual(), "--requirepass", "of the file");
        RedisServer target = servers.start(RedisServers.usual(), "--requirepass", "p@:#%w");

        try (Migration run =
                Migration.from(source).to(target).properties("file:" + file).start()) {
            assertThat(run.awaitComplete().read()).isZero();
        }
    }

    /** A service rotates its password while a run of days goes on: the server first, and the file a moment later. */
    @Test
    void isReadFromItsFileAgainForEachConnection(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("password #1"), "first\n");
        RedisServer source = servers.start(RedisServers.usual(), "--requirepass", "first");
        RedisServer target = servers.start(RedisServers.usual(), "--requirepass", "first");
        try (Jedis from = source.jedis();
                Jedis to = target.jedis();
                Migration run = Migration.from(source)
                        .to(target)
                        .bind("file", new StringBuilder(file.toString()))
                        .with("rump.source.password-file", "#bean:file")
                        .with("rump.target.password-file", "#bean:file")
                        .with("rump.source.live", true)
                        .start()) {
            from.set("before", "1");
            await().until(() -> to.exists("before"));
            for (Jedis server : List.of(from, to)) {
                server.configSet("requirepass", "second");
                disconnectOthers(server);
            }
            long refused = refusedLogIns(from);
            await().until(() -> refusedLogIns(from) > refused + 1);
            Files.writeString(file, "second\n");
            from.set("after", "2");

            await().until(() -> to.exists("after"));
        }
    }

    /** A vault rotates user and password of the target, and the password of the source, while a run goes on. */
    @Test
    void isLookedUpByItsNameAgainForEachConnection() {
        RedisServer source = servers.start(RedisServers.usual(), "--requirepass", "first");
        RedisServer target = servers.start(RedisServers.usual(), "--user", "a", "on", ">first", "~*", "&*", "+@all");
        Map<String, String> vault = new ConcurrentHashMap<>(
                Map.of("rump.source.password", "first", "redis.user", "a", "redis.password", "first"));
        try (Jedis from = source.jedis();
                Jedis to = target.jedis();
                Migration run = Migration.from(source)
                        .to(target)
                        .bind("vault", new Vault(vault))
                        .with("rump.target.username", "{{redis.user}}")
                        .with("rump.target.password", "{{redis.password}}")
                        .with("rump.source.live", true)
                        .start()) {
            from.set("before", "1");
            await().until(() -> to.exists("before"));
            from.configSet("requirepass", "second");
            to.aclSetUser("b", "on", ">second", "~*", "&*", "+@all");
            to.aclDelUser("a");
            long refused = refusedLogIns(from);
            disconnectOthers(from);
            await().until(() -> refusedLogIns(from) > refused + 1);
            vault.putAll(Map.of("rump.source.password", "second", "redis.user", "b", "redis.password", "second"));
            from.set("after", "2");

            await().until(() -> to.exists("after"));
        }
    }

    private static void disconnectOthers(Jedis server) {
        server.clientKill(
                ClientKillParams.clientKillParams().type(ClientType.NORMAL).skipMe(ClientKillParams.SkipMe.YES));
    }

    private static long refusedLogIns(Jedis server) {
        return server.info("errorstats")
                .lines()
                .filter(line -> line.startsWith("errorstat_WRONGPASS:count="))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf('=') + 1)))
                .sum();
    }

    @Test
    void thePasswordIsPartOfNoName() throws Exception {
        String password = "S3cret";
        RedisServer source = servers.start(RedisServers.usual(), "--requirepass", password);
        RedisServer target = servers.start(RedisServers.usual(), "--requirepass", password);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (Jedis jedis = source.jedis()) {
            SampleData.fillStrings(jedis, 2_000, 10);
        }
        try (Migration run = Migration.from(source)
                .to(target)
                .bind("meters", meters)
                .with("rump.source.password", password)
                .with("rump.target.password", password)
                .with("rump.target.max-keys-per-second", 1_000)
                .start()) {
            run.awaitRead(1_000);
            CamelContext context = run.main().getCamelContext();

            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .anyMatch(name -> name.contains("rump"))
                    .noneMatch(name -> name.contains(password));
            assertThat(ManagementFactory.getPlatformMBeanServer().queryNames(null, null))
                    .noneMatch(name -> name.toString().contains(password));
            assertThat(meters.getMeters())
                    .isNotEmpty()
                    .noneMatch(meter -> meter.getId().toString().contains(password));
            assertThat(Stream.of(context.getRoutes(), context.getEndpoints(), context.getComponentNames(), run.ledger())
                            .map(Object::toString))
                    .anyMatch(text -> text.contains("rump://source"))
                    .noneMatch(text -> text.contains(password));
            for (RedisServer server : List.of(source, target)) {
                try (Jedis jedis = server.jedis()) {
                    assertThat(jedis.clientList()).contains("name=camel-rump").doesNotContain(password);
                }
            }
            run.awaitComplete();
        }
    }

    private void migrate(String password, String property) {
        RedisServer source = servers.start(RedisServers.usual(), "--requirepass", password);
        RedisServer target = servers.start(RedisServers.usual(), "--requirepass", password);
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            a.set("key", "value");

            try (Migration run = Migration.from(source)
                    .to(target)
                    .bind("password", new StringBuilder(password))
                    .with("rump.source.password", property)
                    .with("rump.target.password", property)
                    .start()) {
                assertThat(run.awaitComplete().restored()).isEqualTo(1);
            }
            assertThat(b.get("key")).isEqualTo("value");
        }
    }
}
