package io.camelrump.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.KeepKeys;
import io.camelrump.Ledger;
import io.camelrump.RunState;
import io.camelrump.TransientTargetException;
import io.camelrump.fixtures.FaultRun;
import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Processor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Jedis;

/** Rare moments of reading in which keys could be lost, or waited for without end. */
@Timeout(150)
class ReadingEdgesIT extends ReadingFixture {
    /** The target loses all while the reader, at its end, measures the source's clock. */
    @Test
    void restartOfTheTargetWhileTheReaderIsBusyAtItsEndIsNotComplete() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        strings(source, 100);
        CountDownLatch gate = new CountDownLatch(1);
        try (FaultyProxy proxy = new FaultyProxy(source);
                RouteRun run = RouteRun.of(routes -> {
                    routes.onException(TransientTargetException.class)
                            .maximumRedeliveries(-1)
                            .redeliveryDelay(50);
                    routes.from("rump:source?host=127.0.0.1&port=" + proxy.port())
                            .routeId("read")
                            .to("seda:p");
                    routes.from("seda:p")
                            .process(exchange -> gate.await())
                            .to("rump:target" + at(target) + "&retryFor=60s");
                })) {
            Ledger ledger = run.ledger();
            run.await().until(() -> ledger.counts().read() == 100 && ledger.progress() == 1);
            proxy.stall();
            makeStale(run.context().getRoute("read").getConsumer());
            pause(500);
            target.restart(false);
            gate.countDown();
            run.await().until(() -> ledger.counts().restarts() == 1);
            pause(200);
            proxy.heal();

            run.awaitEnd();
            assertThat(ledger.state()).isEqualTo(RunState.COMPLETE);
            assertThat(FaultRun.size(target)).isEqualTo(100);
        }
    }

    /** Keys that are filtered on the way to one target are still due at the other. */
    @Test
    void filterOfOneTargetLeavesTheOtherOneAlone() throws Exception {
        RedisServer source = servers.start();
        RedisServer all = servers.start();
        RedisServer some = servers.start();
        strings(source, 100);
        KeepKeys none = new KeepKeys();
        none.setInclude("no-such-key:*");
        none.setTarget("some");
        try (RouteRun run = RouteRun.of(routes -> {
            routes.from("rump:source" + at(source) + "&targets=2&stallTimeout=3s")
                    .multicast()
                    .to("direct:some", "direct:all");
            routes.from("direct:some").bean(none).to("rump:some" + at(some));
            routes.from("direct:all").to("rump:all" + at(all));
        })) {
            Ledger ledger = run.awaitEnd();
            assertThat(ledger.state()).isEqualTo(RunState.COMPLETE);
            assertThat(ledger.counts().restored()).isEqualTo(100);
            assertThat(FaultRun.size(some)).isZero();
            assertThat(FaultRun.size(all)).isEqualTo(100);
        }
    }

    /** A page that fails always is read again, but not for ever. */
    @Test
    void pageThatAlwaysFailsEndsTheRun() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        strings(source, 100);
        AtomicInteger tries = new AtomicInteger();
        Processor poison = exchange -> {
            tries.incrementAndGet();
            throw new IllegalStateException("always");
        };
        try (RouteRun run = RouteRun.of(routes -> {
            routes.from("rump:source" + at(source) + "&stallTimeout=5s")
                    .process(poison)
                    .to("rump:target" + at(target));
        })) {
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.INCOMPLETE);
            assertThat(tries.get()).isLessThan(9);
        }
    }

    /** A source that told who it is and does not any more. */
    @Test
    void sourceThatHidesItselfAfterARestartIsAnother() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        strings(source, 20_000);
        try (FaultyProxy proxy = new FaultyProxy(source);
                Migration run = Migration.from(proxy.port())
                        .to(target)
                        .with("rump.target.max-keys-per-second", 5_000)
                        .with("rump.source.scan-count", 100)
                        .start()) {
            FaultRun.awaitRestored(run, 5_000);
            proxy.refuse();
            proxy.cut();
            source.restart(true);
            try (Jedis jedis = source.jedis()) {
                jedis.aclSetUser("default", "-info");
            }
            proxy.heal();
            Ledger ledger = run.awaitEnd();
            assertThat(ledger.state()).isEqualTo(RunState.COMPLETE);
            assertThat(ledger.counts().restarts()).isEqualTo(1);
            assertThat(FaultRun.size(target)).isEqualTo(20_000);
        }
    }

    /** A target that hides who it is, and keys that all expire some day. */
    @Test
    void hiddenTargetThatLostVolatileKeysIsNoticed() throws Exception {
        RedisServer source = servers.start();
        RedisServer target =
                servers.start(RedisServers.usual(), "--user", "default", "on", "nopass", "~*", "&*", "+@all", "-info");
        try (Jedis jedis = source.jedis()) {
            for (int i = 0; i < 10_000; i++) {
                jedis.setex("session:" + i, 36_000, "v");
            }
        }
        try (Migration run = Migration.from(source)
                .to(target)
                .with("rump.target.max-keys-per-second", 5_000)
                .with("rump.source.scan-count", 100)
                .start()) {
            FaultRun.awaitRestored(run, 5_000);
            target.restart(false);
            assertThat(run.awaitEnd().counts().restarts()).isEqualTo(1);
            assertThat(FaultRun.size(target)).isEqualTo(10_000);
        }
    }

    /** A host asks the ledger to stop reading, and waits for the end. */
    @Test
    void runThatWasAskedToStopReadingEnds() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        strings(source, 5000);
        try (RouteRun run = RouteRun.of(routes -> {
            routes.from("rump:source" + at(source) + "&scanCount=50&stallTimeout=3s")
                    .to("rump:target" + at(target) + "&maxKeysPerSecond=2000");
        })) {
            run.awaitSettled(1000);
            run.ledger().stopReading();
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.INCOMPLETE);
        }
    }

    /** Suspended for longer than stallTimeout with keys that wait to be read again. */
    @Test
    void suspensionIsNoStall() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        strings(source, 2000);
        AtomicInteger pages = new AtomicInteger();
        CountDownLatch failed = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (RouteRun run = RouteRun.of(routes -> {
            routes.from("rump:source" + at(source) + "&scanCount=50&stallTimeout=2s")
                    .routeId("read")
                    .process(exchange -> {
                        if (pages.incrementAndGet() == 5) {
                            failed.countDown();
                            go.await();
                            throw new IllegalStateException("once");
                        }
                    })
                    .to("rump:target" + at(target));
        })) {
            failed.await();
            CompletableFuture<Void> suspended = CompletableFuture.runAsync(() -> {
                try {
                    run.context().getRouteController().suspendRoute("read");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            pause(500);
            go.countDown();
            suspended.get();
            pause(3000);
            run.context().getRouteController().resumeRoute("read");
            Ledger ledger = run.awaitEnd();
            assertThat(ledger.state()).isEqualTo(RunState.COMPLETE);
        }
    }
}
