package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.camelrump.fixtures.EveryKey;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import java.util.Map;
import org.apache.camel.builder.Builder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.language.SimpleExpression;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.SetParams;

/** Keys that routes change one by one: in a split that JoinPages ends, or by a condition on each. */
class KeyEditsIT {
    @RegisterExtension
    static final RedisServers SERVERS = new RedisServers();

    private static RedisServer source;
    private static RedisServer target;
    private static Jedis atSource;
    private static Jedis atTarget;

    private RouteRun run;

    private interface Edit {
        ProcessorDefinition<?> of(ProcessorDefinition<?> key);
    }

    @BeforeAll
    static void start() {
        source = SERVERS.start();
        target = SERVERS.start();
        atSource = source.jedis();
        atTarget = target.jedis();
    }

    @BeforeEach
    void clear() {
        atSource.flushAll();
        atTarget.flushAll();
    }

    @AfterEach
    void stopRoutes() {
        if (run != null) {
            run.close();
        }
    }

    @Test
    void keysGetNamesOfTheirOwnByAnExpression() throws Exception {
        atSource.set("it's, a) ${name}", "a");
        atSource.set(new byte[] {'b', (byte) 0xff, 0}, new byte[] {1, (byte) 0xfe});
        atSource.hset("h", Map.of("f", "v"));
        atSource.psetex("t", 60_000, "t");
        atSource.set("\"quoted\"", "q");

        Ledger ledger = splits(key -> key.setBody().simple("${body.withKey('eu:${body.name}')}"));

        assertThat(ledger.counts().restored()).isEqualTo(5);
        assertThat(atTarget.dbSize()).isEqualTo(5);
        assertThat(atTarget.get("eu:\"quoted\"")).isEqualTo("q");
        assertThat(atTarget.get("eu:it's, a) ${name}")).isEqualTo("a");
        assertThat(atTarget.get(new byte[] {'e', 'u', ':', 'b', (byte) 0xff, 0}))
                .isEqualTo(new byte[] {1, (byte) 0xfe});
        assertThat(atTarget.hgetAll("eu:h")).isEqualTo(Map.of("f", "v"));
        assertThat(atTarget.pttl("eu:t")).isBetween(1L, 60_000L);
    }

    @Test
    void keysGetAPrefixOfTheirDatabase() throws Exception {
        atSource.set("it's, a) ${name}", "a");
        atSource.set(new byte[] {'b', (byte) 0xff, 0}, new byte[] {1, (byte) 0xfe});
        atSource.psetex("", 60_000, "t");

        Ledger ledger = splits(key -> key.setBody().simple("${body.withPrefix('db${body.database}:')}"));

        assertThat(ledger.counts().restored()).isEqualTo(3);
        assertThat(EveryKey.of(atSource, atTarget).named(name -> "db0:" + name).check())
                .isEqualTo(3);
    }

    @Test
    void keysGetNamesMadeOfAPattern() throws Exception {
        atSource.set("it's, a) ${name} $type", "a");
        atSource.set(new byte[] {'b', (byte) 0xff, 0}, new byte[] {1, (byte) 0xfe});
        atSource.psetex("", 60_000, "t");

        Ledger ledger = splits(key -> key.setBody().simple("${body.withKeyPattern('eu:$database:$type:[$name]$$')}"));

        assertThat(ledger.counts().restored()).isEqualTo(3);
        assertThat(EveryKey.of(atSource, atTarget)
                        .named(name -> "eu:0:string:[" + name + "]$")
                        .check())
                .isEqualTo(3);
    }

    @Test
    void expiriesAndDatabasesChangeByTypeAndTimeToLive() throws Exception {
        atSource.psetex("long", 7_200_000, "a");
        atSource.psetex("short", 60_000, "b");
        atSource.set("for ever", "c");
        atSource.rpush("list", "d");

        splits(key -> {
            ChoiceDefinition choice = key.choice();
            choice.when(simple("${body.type} == 'list'")).setBody(simple("${body.withDatabase(3)}"));
            choice.when(simple("${body?.ttl?.toMinutes} > 30")).setBody(simple("${body.withTtl('PT30M')}"));
            choice.when(simple("${body.name} starts with 'for' && ${body.size} < 100"))
                    .setBody(simple("${body.withTtl('PT10S')}"));
            return choice.end();
        });

        assertThat(atTarget.pttl("long")).isBetween(1_700_000L, 1_800_000L);
        assertThat(atTarget.pttl("short")).isBetween(1L, 60_000L);
        assertThat(atTarget.pttl("for ever")).isBetween(1L, 10_000L);
        assertThat(atTarget.exists("list")).isFalse();
        atTarget.select(3);
        assertThat(atTarget.lrange("list", 0, -1)).containsExactly("d");
        atTarget.select(0);
    }

    @Test
    void secondOfTwoKeysThatWouldGetOneNameIsRefused() throws Exception {
        atSource.set("a", "of a");
        atSource.set("b", "of b");
        atSource.set("c", "of c");

        runs(split(key -> key.filter()
                .simple("${body.name} == 'a'")
                .setBody()
                .simple("${body.withKey('b')}")
                .end()));

        Ledger ledger = run.awaitEnd();
        assertThat(ledger.state()).isEqualTo(RunState.REFUSED);
        assertThat(ledger.counts().restored()).isEqualTo(2);
        assertThat(ledger.refusals()).singleElement().satisfies(refusal -> {
            assertThat(refusal.quotedKey()).matches("\"[ab]\"");
            assertThat(refusal.cause()).contains("it would be called \"b\" at the target, as another key");
            assertThat(atTarget.get("b")).isEqualTo(refusal.quotedKey().equals("\"a\"") ? "of b" : "of a");
        });
        assertThat(atTarget.keys("*")).containsExactlyInAnyOrder("b", "c");
    }

    @Test
    void keysThatAreDroppedInTheSplitCountAsFiltered() throws Exception {
        atSource.set("secret:1", "a");
        atSource.set("user:1", "b");

        Ledger ledger = splits(key -> key.filter()
                .simple("${body.name} starts with 'secret:'")
                .process(new DropKey())
                .end());

        assertThat(atTarget.keys("*")).containsExactly("user:1");
        assertThat(ledger.counts().filtered()).isEqualTo(1);
    }

    @Test
    void keysOfWhichAConditionIsFalseAreTakenOutOfPages() throws Exception {
        atSource.set("a", "x", SetParams.setParams().px(90_000));
        atSource.set("b", "x");
        atSource.hset("c", Map.of("f", "v"));
        KeepKeys keep = new KeepKeys();
        keep.setKeepIf("${body.type} == 'string' && ${body?.ttl?.toSeconds} > 60");

        Ledger ledger = completes(routes -> routes.process(keep));

        assertThat(atTarget.keys("*")).containsExactly("a");
        assertThat(ledger.counts().filtered()).isEqualTo(2);
    }

    @Test
    void conditionThatCannotBeSaidOfAKeyFailsTheRun() throws Exception {
        atSource.set("a", "x");
        KeepKeys keep = new KeepKeys();
        keep.setKeepIf("${body.nonsense} > 60");

        runs(routes -> routes.process(keep));

        assertThat(failure()).contains("keepIf=${body.nonsense} > 60", "\"a\"", "nonsense");
    }

    @Test
    void conditionThatIsNoneFailsTheStart() {
        KeepKeys keep = new KeepKeys();
        keep.setKeepIf("${body.name ==");
        assertThatThrownBy(() -> {
                    try (DefaultCamelContext context = new DefaultCamelContext()) {
                        keep.setCamelContext(context);
                    }
                })
                .hasMessageContaining("${body.name ==");
    }

    @Test
    void keyWhoseStepFailsIsRefusedAndTheOthersArrive() throws Exception {
        for (int i = 0; i < 20; i++) {
            atSource.set("key:" + i, "x");
        }

        runs(split(key -> key.process(exchange -> {
            DumpedKey dumped = exchange.getMessage().getBody(DumpedKey.class);
            if (dumped.name().equals("key:0") || dumped.name().equals("key:7")) {
                exchange.getMessage().setBody("half done");
                throw new IllegalStateException("no such tenant");
            }
        })));

        Ledger ledger = run.awaitEnd();
        assertThat(ledger.state()).isEqualTo(RunState.REFUSED);
        assertThat(ledger.counts().restored()).isEqualTo(18);
        assertThat(ledger.refusals())
                .extracting(Refusal::quotedKey, Refusal::cause)
                .containsExactlyInAnyOrder(
                        tuple("\"key:0\"", "a step of the route failed with it: no such tenant"),
                        tuple("\"key:7\"", "a step of the route failed with it: no such tenant"));
        assertThat(atTarget.dbSize()).isEqualTo(18);
    }

    @Test
    void keysInPartsAreRenamedAndShortenedAsAWhole() throws Exception {
        for (int i = 0; i < 400; i++) {
            atSource.hset("big", "field:" + i, "x".repeat(1000));
        }
        atSource.set("small", "x");

        runs("bigKey=64kb&windowBytes=64kb", split(key -> key.setBody()
                .simple("${body.withKey('eu:${body.name}').withTtl('PT1H')}")));

        Ledger ledger = run.awaitEnd();
        assertThat(ledger.failure()).isNull();
        assertThat(ledger.counts().restored()).isEqualTo(2);
        assertThat(atTarget.keys("*")).containsExactlyInAnyOrder("eu:big", "eu:small");
        assertThat(atTarget.hgetAll("eu:big")).isEqualTo(atSource.hgetAll("big"));
        assertThat(atTarget.pttl("eu:big")).isBetween(1L, 3_600_000L);
    }

    @Test
    void keyInPartsWhoseValueAStepWantsIsRefusedOnce() throws Exception {
        for (int i = 0; i < 400; i++) {
            atSource.hset("big", "field:" + i, "x".repeat(1000));
        }
        atSource.hset("small", "f", "x");

        runs("bigKey=64kb&windowBytes=64kb", split(key -> key.setBody().simple("${body.withField('f', 'y')}")));

        Ledger ledger = run.awaitEnd();
        assertThat(ledger.state()).isEqualTo(RunState.REFUSED);
        assertThat(ledger.refusals()).singleElement().satisfies(refusal -> assertThat(refusal.cause())
                .contains("travels in parts", "bigKey=off"));
        assertThat(ledger.counts().refused()).isEqualTo(1);
        assertThat(atTarget.keys("*")).containsExactly("small");
        assertThat(atTarget.hget("small", "f")).isEqualTo("y");
    }

    @Test
    void databaseThatTheTargetDoesNotHaveIsNamed() throws Exception {
        atSource.set("a", "x");

        runs("retryFor=1s", split(key -> key.setBody().simple("${body.withDatabase(99)}")));

        assertThat(failure()).contains("99", "DB index is out of range");
    }

    @Test
    void stepThatWouldFailWithEachKeyFailsTheRun() throws Exception {
        atSource.set("a", "x");

        runs(split(key -> key.process(new ReplaceValue())));

        assertThat(failure()).contains("ReplaceValue finds no key in the variable key");
    }

    @Test
    void editedValuesFollowChangesInALiveRun() throws Exception {
        atSource.hset("user:1", "email", "a@b");
        atSource.set("string", "x");

        runs("live=true", split(key -> key.setVariable("key", simple("${body}"))
                .setBody(simple("${body.value}"))
                .process(new ReplaceValue())
                .setBody(simple("${body.withField('email', '***')}"))));
        run.await().until(() -> "***".equals(atTarget.hget("user:1", "email")));
        atSource.hset("user:1", Map.of("email", "c@d", "name", "x"));

        atSource.del("string");

        run.await().until(() -> "x".equals(atTarget.hget("user:1", "name")) && !atTarget.exists("string"));
        assertThat(atTarget.hget("user:1", "email")).isEqualTo("***");
    }

    @Test
    void splitThatEndsWithoutAKeyFailsTheRun() throws Exception {
        atSource.set("a", "x");

        runs(split(key -> key.setBody().simple("${body.name}")));

        assertThat(failure()).contains("java.lang.String in the place of a key", "end the split with a key");
        assertThat(atTarget.dbSize()).isZero();
    }

    @Test
    void aPatternWithAnUnknownVariableEndsTheRun() throws Exception {
        atSource.set("a", "1");

        runs(split(key -> key.setBody().simple("${body.withKeyPattern('$nam')}")));

        assertThat(failure()).contains("$nam in the pattern $nam is not known: it may have $name, $type");
        assertThat(atTarget.dbSize()).isZero();
    }

    @Test
    void renamedByABeanInTheSplitALiveRunFollowsDeletes() throws Exception {
        atSource.set("user:1", "a");
        atSource.set("user:2", "b");
        RenameKeys rename = new RenameKeys();
        rename.setToPrefix("eu:");

        runs("live=true", split(key -> key.process(rename)));
        run.await().until(() -> atTarget.exists("eu:user:1", "eu:user:2") == 2);
        atSource.del("user:1");
        atSource.set("user:3", "c");

        run.await().until(() -> !atTarget.exists("eu:user:1") && atTarget.exists("eu:user:3"));
        assertThat(atTarget.keys("*")).containsExactlyInAnyOrder("eu:user:2", "eu:user:3");
    }

    @Test
    void liveRunRefusesNamesThatItCannotFollow() throws Exception {
        atSource.set("user:1", "a");

        runs("live=true", split(key -> key.setBody().simple("${body.withKey('eu:${body.name}')}")));

        assertThat(failure()).contains("(withKey), which a live run cannot follow", "--rename");
        assertThat(atTarget.dbSize()).isZero();
    }

    private static SimpleExpression simple(String text) {
        return new SimpleExpression(text);
    }

    private Edit split(Edit edit) {
        return page -> edit.of(page.split(Builder.body(), new JoinPages())).end();
    }

    private Ledger splits(Edit edit) throws Exception {
        return completes(split(edit));
    }

    private Ledger completes(Edit edit) throws Exception {
        runs(edit);
        Ledger ledger = run.awaitEnd();
        assertThat(ledger.failure()).isNull();
        assertThat(ledger.state()).isEqualTo(RunState.COMPLETE);
        return ledger;
    }

    private void runs(Edit edit) throws Exception {
        runs("scanCount=10", edit);
    }

    private void runs(String options, Edit edit) throws Exception {
        run = RouteRun.of(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        RouteDefinition page = from("rump:source?host=127.0.0.1&stallTimeout=5s&latencyGuard=off&port="
                                + source.port() + "&" + options);
                        edit.of(page).to("rump:target?host=127.0.0.1&port=" + target.port());
                    }
                },
                Map.of());
    }

    /** Why the run has failed. */
    private String failure() throws Exception {
        Ledger ledger = run.awaitEnd();
        assertThat(ledger.state()).isEqualTo(RunState.FAILED);
        return ledger.failure();
    }
}
