package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** Routes with more targets, more threads, or fewer queues. */
class RouteBranchesIT extends RouteEditsFixture {
    @Test
    void eitherOfTwoTargetsMayFailForAWhile() throws Exception {
        runsWith(routes -> {
            routes.read("targets=2").multicast().to("seda:first", "seda:second");
            routes.joined("seda:first").process(failsTimes(3)).to(target("first", target.port()));
            routes.joined("seda:second").process(failsTimes(2)).to(target("second", second.port()));
        });
        isComplete();
        areEqual(source, second);
        assertThat(run.ledger().counts().restored()).isEqualTo(KEYS);
        assertThat(run.ledger().counts().reread()).isPositive();
    }

    @Test
    void pagesThatOneOfTwoTargetsNeverGetsAreMissed() throws Exception {
        runsWith(routes -> {
            routes.read("targets=2").multicast().to("seda:first", "seda:second");
            routes.joined("seda:first").to(target("first", target.port()));
            routes.joined("seda:second").process(failsForPage(2)).to("log:lost?level=OFF");
        });
        isIncomplete("are missing");
        assertThat(run.ledger().counts().restored()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"first", "second"})
    void oneOfTwoTargetsWhoseLegFailsForGoodIsMissed(String broken) throws Exception {
        runsWith(routes -> {
            routes.read("targets=2").multicast().to("seda:first", "seda:second");
            for (String leg : List.of("first", "second")) {
                routes.joined("seda:" + leg)
                        .process(failsTimes(leg.equals(broken) ? Integer.MAX_VALUE : 0))
                        .to(target(leg, (leg.equals("first") ? target : second).port()));
            }
        });
        Ledger ledger = run.awaitEnd();
        assertThat(ledger.state()).isEqualTo(RunState.INCOMPLETE);
        assertThat(ledger.failure())
                .contains("read-source", "The last one failed with: not now")
                .doesNotContain(" 0 pages");
        assertThat(ledger.counts().restored()).isZero();
        isBounded();
        try (Jedis jedis = (broken.equals("first") ? target : second).jedis()) {
            assertThat(jedis.dbSize()).isZero();
        }
    }

    @Test
    void severalConsumersAndParallelBatchesArrive() throws Exception {
        runsWith(routes -> {
            routes.read().to("seda:pages?concurrentConsumers=4");
            routes.from("seda:pages?concurrentConsumers=4")
                    .aggregate(routes.constant(1))
                    .aggregationStrategy("join-pages")
                    .completionTimeout(100)
                    .parallelProcessing()
                    .forceCompletionOnStop()
                    .to(target());
        });
        isComplete();
    }

    @Test
    void routeWithoutAQueueArrives() throws Exception {
        runsWith(routes -> {
            routes.read().to("direct:pages");
            routes.from("direct:pages").to(target());
        });
        isComplete();
    }

    @Test
    void twoMigrationsInOneContextKeepTheirOwnBooks() throws Exception {
        try (Jedis jedis = second.jedis()) {
            SampleData.fillMixed(jedis, 300);
        }
        run = RouteRun.of(routes -> {
            routes.from(source("migration=one")).to(target());
            routes.from("rump:other?host=127.0.0.1&migration=two&stallTimeout=2s&port=" + second.port())
                    .to("rump:other?host=127.0.0.1&database=1&port=" + target.port());
        });

        assertThat(run.awaitEnd("one").state()).isEqualTo(RunState.COMPLETE);
        assertThat(run.awaitEnd("two").state()).isEqualTo(RunState.COMPLETE);
        assertThat(run.ledger("one").counts().restored()).isEqualTo(KEYS);
        assertThat(run.ledger("two").counts().restored()).isEqualTo(300);
        try (Jedis jedis = target.jedis()) {
            assertThat(jedis.dbSize()).isEqualTo(KEYS);
            jedis.select(1);
            assertThat(jedis.dbSize()).isEqualTo(300);
        }
    }

    @Test
    void repeatedScanBringsWhatIsNew() throws Exception {
        AtomicInteger ends = new AtomicInteger();
        runsWith(routes -> routes.read("scan=repeat&delay=50")
                .filter(exchange -> exchange.getMessage().getHeader(RumpConstants.COMPLETE) != null)
                .process(exchange -> ends.incrementAndGet())
                .end()
                .to(target()));
        run.await().until(() -> ends.get() == 1);
        try (Jedis jedis = source.jedis()) {
            jedis.set("late", "1");
        }
        try (Jedis jedis = target.jedis()) {
            run.await().until(() -> jedis.exists("late"));
        }
        run.await().until(() -> ends.get() >= 3);
        areEqual(source, target);
    }
}
