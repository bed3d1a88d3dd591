package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.ConsumerTemplate;
import org.apache.camel.ProducerTemplate;
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
        at("source", source);
        at("target", target);
        properties.setProperty("rump.source.latency-guard", "off");
    }

    @Test
    void prefixTenantsPutsAllDatabasesIntoOne() throws Exception {
        atSource.set("user:1", "of 0");
        atSource.select(3);
        atSource.psetex("user:1", 60_000, "of 3");
        atSource.rpush("list", "a", "b");
        atSource.select(0);

        Counts counts = run("examples/prefix-tenants");

        assertThat(counts.restored()).isEqualTo(3);
        assertThat(atTarget.keys("*")).containsExactlyInAnyOrder("tenant0:user:1", "tenant3:user:1", "tenant3:list");
        assertThat(atTarget.get("tenant0:user:1")).isEqualTo("of 0");
        assertThat(atTarget.get("tenant3:user:1")).isEqualTo("of 3");
        assertThat(atTarget.pttl("tenant3:user:1")).isBetween(1L, 60_000L);
        assertThat(atTarget.lrange("tenant3:list", 0, -1)).containsExactly("a", "b");
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
    }

    @Test
    void keepByConditionCopiesThoseKeysAlone() throws Exception {
        atSource.set("kept", "a");
        atSource.hset("kept too", "b", "c");
        atSource.psetex("expires", 60_000, "c");
        atSource.set("large", randomText(2000));
        atSource.rpush("list", "d");

        Counts counts = run("examples/keep-by-condition");

        assertThat(atTarget.keys("*")).containsExactlyInAnyOrder("kept", "kept too");
        assertThat(counts.filtered()).isEqualTo(3);
    }

    @Test
    void routeByKeySendsEachKeyToOneOfTwoTargets() throws Exception {
        atSource.set("eu:1", "a");
        atSource.set("eu:2", "b");
        atSource.set("us:1", "c");
        at("eu", target);
        at("others", second);

        Counts counts = run("examples/route-by-key");

        assertThat(atTarget.keys("*")).containsExactlyInAnyOrder("eu:1", "eu:2");
        assertThat(atSecond.keys("*")).containsExactly("us:1");
        assertThat(counts.restored()).isEqualTo(3);
    }

    @Test
    void dropSessionsLeavesOutThoseThatEndSoon() throws Exception {
        atSource.psetex("session:1", 60_000, "a");
        atSource.psetex("session:2", 7_200_000, "b");
        atSource.set("user:1", "c");

        Counts counts = run("examples/drop-sessions");

        assertThat(atTarget.keys("*")).containsExactlyInAnyOrder("session:2", "user:1");
        assertThat(counts.filtered()).isEqualTo(1);
    }

    @Test
    void maskAFieldMasksItInEachHashThatHasIt() throws Exception {
        atSource.hset("user:1", Map.of("name", "Ada", "email", "ada@example.org"));
        atSource.hset("user:2", Map.of("name", "Bob"));
        atSource.hset("long", Map.of("email", "x".repeat(1000), "n", "1"));
        atSource.pexpire("long", 60_000);
        atSource.set("email", "not a hash");

        Counts counts = run("examples/mask-a-field");

        assertThat(counts.restored()).isEqualTo(4);
        assertThat(atTarget.hgetAll("user:1")).isEqualTo(Map.of("name", "Ada", "email", "***"));
        assertThat(atTarget.hgetAll("user:2")).isEqualTo(Map.of("name", "Bob"));
        assertThat(atTarget.hgetAll("long")).isEqualTo(Map.of("email", "***", "n", "1"));
        assertThat(atTarget.pttl("long")).isBetween(1L, 60_000L);
        assertThat(atTarget.get("email")).isEqualTo("not a hash");
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
        assertThat(atTarget.mget("page:2", "page:3", "other")).containsExactly("\"null\"", "null", "http://b");
        assertThat(atTarget.lrange("page:list", 0, -1)).containsExactly("http://c");
    }

    @Test
    void jsonForAnalyticsSendsEveryKeyAndCopiesIt() throws Exception {
        atSource.set("a", "x");
        atSource.hset("user:1", Map.of("name", "Ada"));
        atSource.xadd("stream", Map.of("f", "v"), XAddParams.xAddParams());
        properties.setProperty("topic", "seda:topic");

        try (RouteRun run = start("examples/json-for-analytics");
                ConsumerTemplate topic = run.context().createConsumerTemplate()) {
            assertThat(List.of(
                            topic.receiveBody("seda:topic", 10_000, String.class),
                            topic.receiveBody("seda:topic", 10_000, String.class)))
                    .containsExactlyInAnyOrder(
                            "{\"key\":\"a\",\"type\":\"string\",\"database\":0,\"ttl\":null,\"value\":\"x\"}",
                            "{\"key\":\"user:1\",\"type\":\"hash\",\"database\":0,\"ttl\":null,\"value\":{\"name\":\"Ada\"}}");
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            assertThat(topic.receiveBodyNoWait("seda:topic")).isNull();
        }
        assertThat(atTarget.keys("*")).containsExactlyInAnyOrder("a", "user:1", "stream");
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
        }
    }

    @Test
    void noticeAtTheEndSendsOneMessage() throws Exception {
        atSource.set("a", "1");
        properties.setProperty("notice.to", "seda:notices");

        try (RouteRun run = start("examples/notice-at-the-end");
                ConsumerTemplate notices = run.context().createConsumerTemplate()) {
            assertThat(notices.receiveBody("seda:notices", 10_000, String.class))
                    .startsWith("The migration is COMPLETE: ")
                    .contains("restored=1");
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            assertThat(notices.receiveBodyNoWait("seda:notices")).isNull();
        }
        assertThat(atTarget.get("a")).isEqualTo("1");
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
        assertThat(Files.readAllLines(refused))
                .hasSize(2)
                .anySatisfy(line -> assertThat(line).startsWith("\"it's \\n another\" "))
                .anySatisfy(line -> assertThat(line).startsWith("\"third\" "));
        assertThat(atTarget.keys("*")).containsExactly("user:1");

        atTarget.sendCommand(() -> "ACL".getBytes(), "SETUSER", "some", "allkeys");
        atSource.set("user:2", "not of the second run");
        properties.setProperty("rump.source.keys-from", refused.toString());
        assertThat(run("examples/collect-refused-keys").read()).isEqualTo(2);
        assertThat(atTarget.keys("*")).containsExactlyInAnyOrder("user:1", "it's \n another", "third");
    }
}
