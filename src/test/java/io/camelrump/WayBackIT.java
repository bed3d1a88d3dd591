package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.camelrump.cli.EqualityProof;
import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.LiveWriter;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.args.ClientPauseMode;
import redis.clients.jedis.params.XReadGroupParams;

/** A run that begins with equal sides, and copies changes alone. */
class WayBackIT extends LiveFixture {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int KEYS = 2_000;

    private static final String LIBRARY =
            "#!lua name=lib\nredis.register_function('f', function(keys, args) return 1 end)";
    private static final Map<String, StreamEntryID> UNDELIVERED =
            Map.of("stream", StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY);

    private RedisServer fresh;
    private RedisServer former;

    @BeforeEach
    void fillBothAlike() {
        fillBothAlike(servers.start(), servers.start());
    }

    private void fillBothAlike(RedisServer one, RedisServer other) {
        fresh = one;
        former = other;
        for (RedisServer server : List.of(fresh, former)) {
            try (Jedis jedis = server.jedis()) {
                SampleData.fillMixed(jedis, KEYS);
                jedis.xgroupCreate("stream", "group", new StreamEntryID(), true);
                jedis.xadd("stream", new StreamEntryID("1-1"), Map.of("field", "value"));
            }
        }
        try (Jedis left = fresh.jedis();
                Jedis right = former.jedis()) {
            // one was filled after the other, and their expiries are relative
            left.keys("*").stream()
                    .filter(key -> left.pexpireTime(key) > 0)
                    .forEach(key -> right.pexpireAt(key, left.pexpireTime(key)));
            left.configResetStat();
            right.configResetStat();
        }
    }

    /** Reads nothing before {@link #begin}. */
    private Migration heldWayBack() {
        Migration run = live(fresh, former).with("rump.source.way-back", true).with("rump.source.functions", true);
        run.main().addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport main) {
                main.getCamelContext().getManagementStrategy().addEventNotifier(new Holder(main.getCamelContext()));
            }
        });
        return run.start();
    }

    /** Holds the run when its ledger is there, which is before the first key is read. */
    private static final class Holder extends EventNotifierSupport {
        private final CamelContext context;

        Holder(CamelContext context) {
            this.context = context;
        }

        @Override
        public void notify(CamelEvent event) {
            if (event instanceof CamelEvent.RouteAddedEvent) {
                context.getRegistry().findByType(Ledger.class).forEach(ledger -> ledger.wayBack()
                        .hold());
            }
        }
    }

    private static void begin(Migration run) {
        long moment = run.ledger().wayBack().equal();
        await().atMost(PATIENCE).until(() -> run.ledger().wayBack().isHeard(moment));
        run.ledger().wayBack().begin();
    }

    private static void assertEqual(RedisServer one, RedisServer other) {
        try (Jedis left = one.jedis();
                Jedis right = other.jedis()) {
            assertThat(EqualityProof.compare(left, right, Duration.ofMillis(50)).differences())
                    .isEmpty();
        }
    }

    @Test
    void onlyWhatChangesAfterTheStartIsCopied() {
        try (Migration run = heldWayBack();
                Jedis jedis = fresh.jedis();
                Jedis arrived = former.jedis()) {
            jedis.functionLoad(LIBRARY);
            arrived.functionLoad(LIBRARY);
            begin(run);
            await().atMost(PATIENCE).until(() -> changes(run).isFirstCopyComplete());
            long epoch = changes(run).verification().epoch();
            drain(run);
            // streams alone are read, as their groups change unreported
            assertThat(run.ledger().counts().restored()).isLessThan(KEYS / 5);
            assertThat(unverified(run)).isEmpty();

            try (LiveWriter writer = LiveWriter.start(fresh, 200, 7)) {
                await().atMost(PATIENCE).until(() -> writer.written() > 10_000);
            }
            jedis.del("mixed:0");
            jedis.xreadGroup("group", "consumer", XReadGroupParams.xReadGroupParams(), UNDELIVERED);
            jedis.functionDelete("lib");
            drain(run);

            assertThat(changes(run).verification().epoch()).isEqualTo(epoch);
            assertThat(disputed(run)).isEmpty();
            assertEqual(fresh, former);
            assertThat(arrived.functionList()).isEmpty();
        }
    }

    @Test
    void nothingIsWrittenBeforeItMayBegin() {
        try (Migration run = heldWayBack();
                Jedis jedis = fresh.jedis();
                Jedis arrived = former.jedis()) {
            await().atMost(PATIENCE).until(() -> CommandStats.calls(arrived, "client|tracking") > 0);
            jedis.set("early", "of the migration before");
            arrived.set("of the service", "written before both were equal");
            arrived.set("early", "of the service");
            jedis.set("early", "of the service");
            jedis.set("of the service", "written before both were equal");
            long moment = run.ledger().wayBack().equal();
            await().atMost(PATIENCE).until(() -> run.ledger().wayBack().isHeard(moment));
            jedis.set("late", "value");

            assertThat(arrived.exists("late")).isFalse();
            assertThat(run.ledger().counts().read()).isZero();
            assertThat(unverified(run)).isEmpty();

            run.ledger().wayBack().begin();
            await().atMost(PATIENCE).until(() -> arrived.exists("late"));
            drain(run);
            assertThat(unverified(run)).isEmpty();
        }
    }

    @Test
    void keysThatOthersWriteAtTheFormerSourceAreNamed() {
        try (Migration run = heldWayBack();
                Jedis arrived = former.jedis()) {
            begin(run);
            arrived.set("mixed:3", "of a forgotten client");
            arrived.psetex("brief", 20, "of a forgotten client");
            arrived.select(1);
            arrived.set("mixed:4", "in a database that is not followed");
            arrived.set("no such key", "in a database that is not followed");

            await().atMost(PATIENCE).until(() -> disputed(run).contains("mixed:3"));
            await().atMost(PATIENCE).until(() -> unverified(run).contains("mixed:3"));
            assertThat(disputed(run)).doesNotContain("no such key");
        }
    }

    @Test
    void aDisputedKeyIsCopiedAgainOnlyWhenAPersonSaysThatTheNewServerIsRight() {
        try (Migration run = heldWayBack();
                Jedis jedis = fresh.jedis();
                Jedis arrived = former.jedis()) {
            begin(run);
            arrived.set("left", "of a forgotten client");
            await().atMost(PATIENCE).until(() -> disputed(run).contains("left"));
            jedis.set("left", "of the service");
            drain(run);
            assertThat(arrived.get("left")).isEqualTo("of a forgotten client");

            changes(run).decide(false);
            assertThat(disputed(run)).isEmpty();
            arrived.set("again", "of a forgotten client");
            await().atMost(PATIENCE).until(() -> disputed(run).contains("again"));
            jedis.set("again", "of the service");
            jedis.set("left", "of the service, later");
            changes(run).decide(true);
            drain(run);

            assertThat(arrived.get("again")).isEqualTo("of the service");
            assertThat(arrived.get("left")).isEqualTo("of a forgotten client");
        }
    }

    @Test
    void aKeyThatExpiresThereAndIsRewrittenIsNotTakenForOneOfOthersHoweverLongItsWriteTakes() {
        try (Migration run = heldWayBack();
                Jedis jedis = fresh.jedis();
                Jedis arrived = former.jedis()) {
            begin(run);
            List<String> keys =
                    IntStream.range(0, 300).mapToObj(i -> "brief:" + i).toList();
            keys.forEach(key -> jedis.psetex(key, 2_000, "old"));
            await().atMost(PATIENCE).until(() -> keys.stream().allMatch(arrived::exists));
            // as long as this, nothing that has expired there is reported, and nothing of ours is written
            arrived.clientPause(8_000, ClientPauseMode.WRITE);
            await().atMost(PATIENCE).until(() -> keys.stream().noneMatch(jedis::exists));
            keys.forEach(key -> jedis.set(key, "new"));

            await().atMost(PATIENCE).until(() -> keys.stream().allMatch(key -> "new".equals(arrived.get(key))));
            drain(run);
            assertThat(disputed(run)).isEmpty();
            keys.forEach(key -> jedis.set(key, "newer"));
            drain(run);
            assertThat(disputed(run)).isEmpty();
            assertEqual(fresh, former);
        }
    }

    @Test
    void aKeyThatOthersWriteWhileTheRunWritesItHasTheNewServersValue() {
        try (Migration run = heldWayBack();
                Jedis jedis = fresh.jedis();
                Jedis arrived = former.jedis()) {
            begin(run);
            jedis.set("both", "of the service");
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> arrived.exists("both"));
            arrived.set("both", "of a forgotten client");

            await().atMost(PATIENCE).until(() -> arrived.get("both").equals("of the service"));
            assertThat(disputed(run)).isEmpty();
            assertThat(changes(run).contended()).contains("both");
        }
    }

    @Test
    void aKeyOfTheSameNameInAnotherDatabaseIsNobodysConcern() {
        try (Migration run = heldWayBack();
                Jedis jedis = fresh.jedis();
                Jedis arrived = former.jedis()) {
            begin(run);
            arrived.select(1);
            arrived.set("mixed:4", "in a database that is not followed");
            arrived.select(0);
            arrived.set("mixed:3", "of a forgotten client");
            await().atMost(PATIENCE).until(() -> disputed(run).equals(List.of("mixed:3")));

            jedis.set("mixed:4", "later");
            drain(run);
            assertThat(arrived.get("mixed:4")).isEqualTo("later");
        }
    }

    @Test
    void fieldsOfAHashThatExpireThereAreNobodysConcern() {
        RedisServers.Version version = RedisServers.versions().stream()
                .filter(RedisServers.Version::hasFieldExpiry)
                .findFirst()
                .orElse(null);
        assumeTrue(version != null);
        fillBothAlike(servers.start(version), servers.start(version));
        try (Migration run = heldWayBack();
                Jedis jedis = fresh.jedis();
                Jedis arrived = former.jedis()) {
            begin(run);
            jedis.hset("hash", Map.of("stays", "a", "goes", "b"));
            jedis.hpexpire("hash", 4_000, "goes");
            await().atMost(PATIENCE).until(() -> arrived.hlen("hash") == 2);
            await().atMost(PATIENCE).until(() -> arrived.hlen("hash") == 1);
            arrived.set("mixed:3", "of a forgotten client");
            await().atMost(PATIENCE).until(() -> disputed(run).equals(List.of("mixed:3")));

            jedis.hset("hash", "stays", "later");
            drain(run);
            assertThat(arrived.hget("hash", "stays")).isEqualTo("later");
        }
    }

    private static List<String> disputed(Migration run) {
        return changes(run).disputedKeys().stream()
                .map(key -> new String(key, StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void aGapHasAllKeysReadAgain() {
        try (Migration run = heldWayBack();
                Jedis jedis = fresh.jedis()) {
            begin(run);
            await().atMost(PATIENCE).until(() -> changes(run).isFirstCopyComplete());
            long epoch = changes(run).verification().epoch();
            killTail(jedis);

            await().atMost(PATIENCE).until(() -> run.ledger().counts().restored() > KEYS);
            assertThat(changes(run).verification().epoch()).isGreaterThan(epoch);
            drain(run);
            assertEqual(fresh, former);
        }
    }
}
