package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.cli.EqualityProof;
import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

class ConflictIT {

    private static final Duration CLOSE = Duration.ofMillis(5);

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    private RedisServer source;
    private RedisServer target;

    @BeforeEach
    void startBoth() {
        source = servers.start();
        target = servers.start();
    }

    @Test
    void replaceOverwritesForeignKeysAndLeavesOthersAlone() {
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            SampleData.fillMixed(a, 500);
            b.set("mixed:1", "foreign");
            b.setex("mixed:2", 1000, "foreign");
            b.set("bystander", "stays");

            assertThat(run("replace").restored()).isEqualTo(500);

            assertThat(b.get("bystander")).isEqualTo("stays");
            b.del("bystander");
            assertEqual(a, b);
        }
    }

    @Test
    void addressesThatLookSwappedAreRefusedUnlessThePolicyIsGiven() {
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            SampleData.fillMixed(a, 5);
            SampleData.fillStrings(b, 10, 10);

            try (Migration refused = Migration.from(source).to(target).start()) {
                assertThat(refused.awaitEnd().counts().restored()).isZero();
                assertThat(refused.ledger().state()).isEqualTo(RunState.FAILED);
                assertThat(refused.ledger().failure())
                        .contains("holds 10 keys", "holds 5", "10 of 10 keys", "swapped", "onConflict=replace");
            }
            assertThat(b.dbSize()).isEqualTo(10);

            assertThat(run("replace").restored()).isEqualTo(5);
            assertThat(b.dbSize()).isEqualTo(15);
        }
    }

    @Test
    void aTargetWithTheSameKeysUnderOtherNamesIsNotSwapped() {
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            a.mset("old:1", "1", "old:2", "2");
            b.mset("new:1", "1", "new:2", "2", "more", "3");

            try (Migration run = Migration.from(source)
                    .to(target)
                    .with("rump.source.rename", "old:*=new:*")
                    .start()) {
                assertThat(run.awaitComplete().restored()).isEqualTo(2);
            }
        }
    }

    @Test
    void keepLeavesForeignKeysAsTheyAre() {
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            SampleData.fillMixed(a, 500);
            b.set("mixed:1", "foreign");
            b.setex("mixed:2", 1000, "foreign");

            Counts counts = run("keep");

            assertThat(counts.kept()).isEqualTo(2);
            assertThat(counts.restored()).isEqualTo(498);
            assertThat(b.get("mixed:1")).isEqualTo("foreign");
            assertThat(b.ttl("mixed:2")).isPositive();
            assertThat(b.dbSize()).isEqualTo(500);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"keep", "fail"})
    void anEmptyTargetHoldsOnlyOurs(String policy) {
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            SampleData.fill(a, source.version());

            assertThat(run(policy).kept()).isZero();

            assertEqual(a, b);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"keep", "fail"})
    void keysEqualAtTheTargetCountAsRestored(String policy) {
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            SampleData.fill(a, source.version());
            long keys = a.dbSize();
            run("replace");
            b.set("bystander", "stays");

            Counts again = run(policy);

            assertThat(again.kept()).isZero();
            assertThat(again.restored()).isEqualTo(keys);
            b.del("bystander");
            assertEqual(a, b);
        }
    }

    @Test
    void anotherExpiryMakesAKeyForeign() {
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            a.setex("one", 1000, "same");
            b.setex("one", 2000, "same");
            a.set("two", "same");
            b.setex("two", 2000, "same");
            a.setex("three", 1000, "same");
            b.set("three", "same");

            assertThat(run("keep").kept()).isEqualTo(3);
            assertThat(b.ttl("two")).isPositive();
        }
    }

    @Test
    void failStopsAtTheFirstForeignKeyWithItsNameAndWhatWasWritten() {
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            SampleData.fillStrings(a, 5000, 20);
            b.set("string:17", "foreign");

            try (Migration run = migration("fail").start()) {
                Ledger ledger = run.awaitEnd();

                assertThat(ledger.state()).isEqualTo(RunState.FAILED);
                assertThat(ledger.failure())
                        .contains("\"string:17\"", "onConflict=fail")
                        .containsPattern("; \\d+ keys were written before");
                long told = Long.parseLong(
                        String.valueOf(ledger.failure()).replaceAll("(?s).*; (\\d+) keys were written.*", "$1"));
                assertThat(told).isEqualTo(b.dbSize() - 1);
                assertThat(b.get("string:17")).isEqualTo("foreign");
            }
        }
    }

    /** The replies are lost after the commands were carried out: what is there then is ours. */
    @ParameterizedTest
    @CsvSource({"keep, 9000", "fail, 9000", "keep, 14000", "fail, 14000", "keep, 23456", "fail, 23456"})
    @Tag("long")
    void aRetriedBatchMeetsItsOwnKeysOnly(String policy, int bytesUntilCut) {
        try (Jedis a = source.jedis();
                Jedis b = target.jedis();
                FaultyProxy proxy = new FaultyProxy(target)) {
            SampleData.fill(a, source.version());
            SampleData.fillMixed(a, 10_000);
            long keys = a.dbSize();
            // not empty, so that the policy counts
            b.set("bystander", "stays");

            try (Migration run = Migration.from(source)
                    .to(proxy.port())
                    .with("rump.target.on-conflict", policy)
                    .with("rump.source.scan-count", 100)
                    .start()) {
                for (int cut = 0; cut < 4; cut++) {
                    int accepted = proxy.accepted();
                    proxy.cutAfter(FaultyProxy.Direction.TO_CLIENT, bytesUntilCut);
                    Awaitility.await("another connection, or the end")
                            .atMost(30, TimeUnit.SECONDS)
                            .until(() -> proxy.accepted() > accepted
                                    || run.ledger().state().isFinal());
                }
                proxy.heal();
                Counts counts = run.awaitComplete();

                assertThat(counts.kept()).isZero();
                assertThat(run.ledger().refusals()).isEmpty();
                assertThat(counts.restored()).isGreaterThanOrEqualTo(keys);
            }
            assertThat(CommandStats.calls(b, "restore"))
                    .as("RESTOREs carried out")
                    .isGreaterThan(keys);
            b.del("bystander");
            assertEqual(a, b);
        }
    }

    private Counts run(String policy) {
        try (Migration run = migration(policy).start()) {
            return run.awaitComplete();
        }
    }

    private Migration migration(String policy) {
        return Migration.from(source).to(target).with("rump.target.on-conflict", policy);
    }

    private static void assertEqual(Jedis source, Jedis target) {
        assertThat(EqualityProof.compare(source, target, CLOSE).differences()).isEmpty();
    }
}
