package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.EveryKey;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import io.camelrump.values.JsonDocuments;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.ConsumerTemplate;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.XAddParams;

/** The edits under routes/examples that name servers alone do what their first lines say, to every key. */
class EditExamplesIT extends RouteFileFixture {
    @RegisterExtension
    static final RedisServers SERVERS = new RedisServers();

    private static RedisServer source;
    private static RedisServer target;
    private static RedisServer second;
    private static Jedis atSource;
    private static Jedis atTarget;
    private static Jedis atSecond;

    @BeforeAll
    static void startServers() {
        source = SERVERS.start();
        target = SERVERS.start();
        second = SERVERS.start();
        atSource = source.jedis();
        atTarget = target.jedis();
        atSecond = second.jedis();
    }

    @BeforeEach
    void clear() {
        List.of(atSource, atTarget, atSecond).forEach(Jedis::flushAll);
        SampleData.fill(atSource, source.version());
        atSource.pexpire("expiring:10s", 3_600_000);
        at("source", source);
        at("target", target);
        properties.setProperty("rump.source.latency-guard", "off");
    }

    private static EveryKey everyKey() {
        return EveryKey.of(atSource, atTarget);
    }

    @Test
    void prefixTenantsPutsAllDatabasesIntoOne() throws Exception {
        atSource.set("user:1", "of 0");
        atSource.select(3);
        atSource.psetex("user:1", 60_000, "of 3");
        SampleData.fill(atSource, source.version());
        atSource.pexpire("expiring:10s", 3_600_000);
        atSource.select(0);

        Counts counts = run("examples/prefix-tenants");

        assertThat(atTarget.get("tenant0:user:1")).isEqualTo("of 0");
        assertThat(atTarget.get("tenant3:user:1")).isEqualTo("of 3");
        assertThat(atTarget.pttl("tenant3:user:1")).isBetween(1L, 60_000L);
        int keys = everyKey().named(key -> "tenant0:" + key).among("tenant0:").check();
        atSource.select(3);
        keys += everyKey().named(key -> "tenant3:" + key).among("tenant3:").check();
        atSource.select(0);
        assertThat(atTarget.dbSize()).isEqualTo(counts.restored()).isEqualTo(keys);
    }

    @Test
    void shortenExpiriesLetsNoKeyLiveLonger() throws Exception {
        long day = 24 * 3_600_000L;
        atSource.psetex("long", 3 * day, "a");
        atSource.psetex("short", 60_000, "b");
        atSource.set("none", "c");

        run("examples/shorten-expiries");

        assertThat(atTarget.pttl("long")).isBetween(day - 60_000, day);
        assertThat(atTarget.pttl("short")).isBetween(1L, 60_000L);
        assertThat(atTarget.pttl("none")).isBetween(day - 60_000, day);
        assertThat(atTarget.mget("long", "short", "none")).containsExactly("a", "b", "c");
        everyKey().living(ttl -> ttl < 0 ? day : Math.min(ttl, day)).check();
    }

    @Test
    void keepByConditionCopiesThoseKeysAlone() throws Exception {
        atSource.set("kept", "a");
        atSource.hset("kept too", "b", "c");
        atSource.psetex("expires", 60_000, "c");
        atSource.set("large", randomText(2000));
        atSource.rpush("list", "d");

        Counts counts = run("examples/keep-by-condition");

        assertThat(atTarget.keys("*")).contains("kept", "kept too").doesNotContain("expires", "large", "list");
        long kept = atTarget.dbSize();
        assertThat(everyKey().named(EditExamplesIT::ifSmallAndLasting).check())
                .isEqualTo((int) (kept + counts.filtered()));
    }

    private static @Nullable String ifSmallAndLasting(String key) {
        byte[] name = key.getBytes(StandardCharsets.ISO_8859_1);
        boolean kept = Set.of("string", "hash").contains(atSource.type(name))
                && atSource.dump(name).length < 1000
                && atSource.pttl(name) < 0;
        return kept ? key : null;
    }

    @Test
    void routeByKeySendsEachKeyToOneOfTwoTargets() throws Exception {
        atSource.set("eu:1", "a");
        atSource.set("eu:2", "b");
        atSource.set("us:1", "c");
        at("eu", target);
        at("target", second);

        Counts counts = run("examples/route-by-key");

        assertThat(atTarget.keys("*")).containsExactlyInAnyOrder("eu:1", "eu:2");
        assertThat(counts.restored()).isEqualTo(atSource.dbSize());
        everyKey().named(key -> key.startsWith("eu:") ? key : null).check();
        EveryKey.of(atSource, atSecond)
                .named(key -> key.startsWith("eu:") ? null : key)
                .check();
    }

    @Test
    void dropSessionsLeavesOutThoseThatEndSoon() throws Exception {
        atSource.psetex("session:1", 60_000, "a");
        atSource.psetex("session:2", 7_200_000, "b");
        atSource.set("user:1", "c");

        Counts counts = run("examples/drop-sessions");

        assertThat(counts.filtered()).isEqualTo(1);
        everyKey().named(key -> key.equals("session:1") ? null : key).check();
    }

    @Test
    void maskAFieldMasksItInEachHashThatHasIt() throws Exception {
        atSource.hset("user:1", Map.of("name", "Ada", "email", "ada@example.org"));
        atSource.hset("user:2", Map.of("name", "Bob"));
        atSource.hset("long", Map.of("email", "x".repeat(1000), "n", "1"));
        atSource.pexpire("long", 60_000);
        atSource.set("email", "not a hash");

        Counts counts = run("examples/mask-a-field");

        assertThat(counts.restored()).isEqualTo(atSource.dbSize());
        assertThat(atTarget.hgetAll("user:1")).isEqualTo(Map.of("name", "Ada", "email", "***"));
        assertThat(atTarget.hgetAll("user:2")).isEqualTo(Map.of("name", "Bob"));
        assertThat(atTarget.hgetAll("long")).isEqualTo(Map.of("email", "***", "n", "1"));
        assertThat(atTarget.pttl("long")).isBetween(1L, 60_000L);
        everyKey()
                .but("user:1", (there, key) -> there.hget("user:1", "email").equals("***"))
                .but("long", (there, key) -> there.hget("long", "email").equals("***"))
                .check();
    }

    @Test
    void maskAFieldMasksItInEachObjectOfAJsonDocument() throws Exception {
        byte[] json = JsonDocuments.payload(3, "{\"n\":1,\"users\":[{\"email\":{\"home\":\"a@b\"}}],\"email\":null}");
        DumpedKey key = DumpedKey.of(new byte[] {'d'}, json, Page.NO_EXPIRY);
        String mask = Files.readString(Path.of("routes/examples/mask-a-field.camel.yaml"))
                .replaceAll("(?s).*simple: \\{ expression: \"(\\$\\{body\\.with.*?)\" \\}.*", "$1")
                .replace("{{mask.field:email}}", "email");

        try (DefaultCamelContext context = new DefaultCamelContext()) {
            DefaultExchange exchange = new DefaultExchange(context);
            exchange.getMessage().setBody(key);
            DumpedKey masked =
                    context.resolveLanguage("simple").createExpression(mask).evaluate(exchange, DumpedKey.class);

            assertThat(JsonDocuments.text(masked))
                    .isEqualTo("{\"n\":1,\"users\":[{\"email\":\"***\"}],\"email\":\"***\"}");
        }
    }

    @Test
    void jsonForAnalyticsSendsTheKeysThatHaveAValueAndCopiesAll(@TempDir Path folder) throws Exception {
        RedisServers.Version version = RedisServers.versions().stream()
                .filter(RedisServers.Version::hasFieldExpiry)
                .findFirst()
                .orElse(RedisServers.usual());
        RedisServer newer = SERVERS.start(version);
        at("source", newer);
        at("target", SERVERS.start(version));
        properties.setProperty("rump.source.big-key", "64kb");
        properties.setProperty("rump.source.keys-from", folder.resolve("names").toString());
        properties.setProperty("topic", "mock:keys");
        Files.writeString(folder.resolve("names"), "small\nbig\nfields\ngone\nstream\n");
        try (Jedis jedis = newer.jedis()) {
            jedis.set("small", "a");
            jedis.rpush("big", randomText(200_000), "b");
            jedis.hset("fields", Map.of("f", "v", "g", "w"));
            if (version.hasFieldExpiry()) {
                jedis.hpexpire("fields", 3_600_000, "f");
            }
            jedis.xadd("stream", Map.of("f", "v"), XAddParams.xAddParams());

            try (RouteRun run = start("examples/json-for-analytics")) {
                Ledger ledger = run.awaitEnd();

                assertThat(ledger.failure()).isNull();
                assertThat(ledger.counts().restored()).isEqualTo(4);
                assertThat(ledger.counts().vanished()).isEqualTo(1);
                List<String> sent =
                        run.context().getEndpoint("mock:keys", MockEndpoint.class).getReceivedExchanges().stream()
                                .map(exchange -> exchange.getMessage().getBody(String.class))
                                .toList();
                assertThat(sent).hasSize(version.hasFieldExpiry() ? 1 : 2).anySatisfy(json -> assertThat(json)
                        .contains("\"small\""));
            }
        }
    }

    @Test
    void rewriteValuesChangesSomeStrings() throws Exception {
        atSource.set("page:1", "see http://a, 'http:' and ${body}");
        atSource.set("page:2", "\"null\"");
        atSource.set("page:3", "null");
        atSource.set("other", "http://b");
        atSource.rpush("page:list", "http://c");

        run("examples/rewrite-values");

        assertThat(atTarget.get("page:1")).isEqualTo("see https://a, 'https:' and ${body}");
        everyKey()
                .but("page:1", (there, key) -> there.get("page:1").startsWith("see https:"))
                .check();
    }

    @Test
    void runAgainCopiesWhatChangedMeanwhile() throws Exception {
        atSource.set("a", "1");
        properties.setProperty("run.every", "100");

        try (RouteRun run = start("examples/run-again")) {
            run.await().until(() -> "1".equals(atTarget.get("a")));
            atSource.set("a", "2");
            atSource.set("b", "3");
            run.await().until(() -> "2".equals(atTarget.get("a")) && "3".equals(atTarget.get("b")));
        }
        everyKey().check();
    }

    @Test
    void runAgainRunsTheNextNightAfterOneThatFailed() throws Exception {
        atSource.set("a", "1");
        atTarget.set("a", "foreign");
        properties.setProperty("run.every", "300");
        properties.setProperty("rump.target.on-conflict", "FAIL");

        try (RouteRun run = start("examples/run-again")) {
            // until the next night begins
            run.await().until(() -> PollingIT.health(run).getState() == HealthCheck.State.DOWN);
            atTarget.del("a");
            run.await().until(() -> run.ledger().state() == RunState.COMPLETE);
            assertThat(PollingIT.health(run).getState()).isEqualTo(HealthCheck.State.UP);
        }
        everyKey().check();
    }

    @Test
    void startByCallCopiesAnewWithEachCall() throws Exception {
        atSource.set("a", "1");
        properties.setProperty("start.by", "direct:start");

        try (RouteRun run = start("examples/start-by-call");
                ProducerTemplate caller = run.context().createProducerTemplate()) {
            assertThat(atTarget.dbSize()).isZero();
            assertThat(caller.requestBody("direct:start", "", String.class)).isEqualTo("started");
            run.await().until(() -> "1".equals(atTarget.get("a")));
            atSource.set("a", "2");
            caller.requestBody("direct:start", "");
            run.await().until(() -> "2".equals(atTarget.get("a")));
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
        }
        everyKey().check();
    }

    @Test
    void noticeAtTheEndSendsOneMessage() throws Exception {
        atSource.set("a", "1");
        properties.setProperty("notice.to", "seda:notices");

        try (RouteRun run = start("examples/notice-at-the-end");
                ConsumerTemplate notices = run.context().createConsumerTemplate()) {
            assertThat(notices.receiveBody("seda:notices", 10_000, String.class))
                    .startsWith("The migration is COMPLETE: ")
                    .contains("restored=" + atSource.dbSize());
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            assertThat(notices.receiveBodyNoWait("seda:notices")).isNull();
        }
        everyKey().check();
    }

    @Test
    void noticeAtTheEndReportsAFailureAndItsCause() throws Exception {
        atSource.set("a", "1");
        atTarget.set("a", "foreign");
        properties.setProperty("notice.to", "seda:notices");
        properties.setProperty("rump.target.on-conflict", "FAIL");

        try (RouteRun run = start("examples/notice-at-the-end");
                ConsumerTemplate notices = run.context().createConsumerTemplate()) {
            assertThat(notices.receiveBody("seda:notices", 10_000, String.class))
                    .startsWith("The migration is FAILED: ")
                    .endsWith(String.valueOf(run.ledger().failure()))
                    .contains("onConflict=fail");
            assertThat(notices.receiveBody("seda:notices", 200, String.class)).isNull();
        }
    }

    @Test
    void collectRefusedKeysNamesThemForASecondRun(@TempDir Path folder) throws Exception {
        atSource.set("user:1", "a");
        atSource.set("it's \n another", "b");
        atSource.set("third", "c");
        atTarget.sendCommand(() -> "ACL".getBytes(), "SETUSER", "some", "on", ">pw", "+@all", "~user:*");
        properties.setProperty("rump.target.username", "some");
        properties.setProperty("rump.target.password", "pw");
        properties.setProperty("refused.folder", folder.toString());

        try (RouteRun run = start("examples/collect-refused-keys")) {
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.REFUSED);
        }
        Path refused = folder.resolve("refused.keys");
        long missing = atSource.dbSize() - 1;
        assertThat(Files.readAllLines(refused))
                .hasSize((int) missing)
                .anySatisfy(line -> assertThat(line).startsWith("\"it's \\n another\" "))
                .anySatisfy(line -> assertThat(line).startsWith("\"third\" "));
        assertThat(atTarget.keys("*")).containsExactly("user:1");

        atTarget.sendCommand(() -> "ACL".getBytes(), "SETUSER", "some", "allkeys");
        atSource.set("user:2", "not of the second run");
        properties.setProperty("rump.source.keys-from", refused.toString());
        assertThat(run("examples/collect-refused-keys").read()).isEqualTo(missing);
        assertThat(everyKey().named(key -> key.equals("user:2") ? null : key).check())
                .isEqualTo((int) missing + 2);
    }
}
