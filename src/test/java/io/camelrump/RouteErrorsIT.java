package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.FaultyProxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Steps of the route that fail, with error handlers of all kinds and with none. */
class RouteErrorsIT extends RouteEditsFixture {
    @Test
    void exceptionHandledLeavesThePageOut() throws Exception {
        runsWith(routes -> {
            routes.onException(IllegalStateException.class).handled(true);
            routes.read().process(failsForPage(3)).to("seda:pages");
            routes.write();
        });
        isIncomplete("A step of the route may swallow pages");
    }

    @Test
    void exceptionContinuedLetsThePageArrive() throws Exception {
        runsWith(routes -> {
            routes.onException(IllegalStateException.class).continued(true);
            routes.read().process(failsForPage(3)).to("seda:pages");
            routes.write();
        });
        isComplete();
    }

    @Test
    void exceptionOfTheTargetContinuedLeavesTheBatchOut() throws Exception {
        try (FaultyProxy proxy = new FaultyProxy(target)) {
            AtomicInteger batches = new AtomicInteger();
            runsWith(routes -> {
                routes.onException(TransientTargetException.class).continued(true);
                routes.read().to("seda:pages");
                routes.from("seda:pages")
                        .process(exchange -> {
                            if (batches.incrementAndGet() == 4) {
                                proxy.cut();
                            }
                        })
                        .to(target("target", proxy.port()));
            });
            isIncomplete("read-source");
        }
    }

    @Test
    void deadLetterChannelLeavesThePageOut() throws Exception {
        runsWith(routes -> {
            routes.errorHandler(routes.deadLetterChannel("log:dead?level=OFF"));
            routes.read().process(failsForPage(3)).to("seda:pages");
            routes.write();
        });
        isIncomplete("A step of the route may swallow pages");
    }

    @Test
    void exceptionCaughtLeavesThePageOut() throws Exception {
        runsWith(routes -> {
            routes.read()
                    .doTry()
                    .process(failsForPage(3))
                    .to("seda:pages")
                    .doCatch(IllegalStateException.class)
                    .to("log:caught?level=OFF")
                    .end();
            routes.write();
        });
        isIncomplete("A step of the route may swallow pages");
    }

    @Test
    void pageWhoseStepThrowsIsReadAgain() throws Exception {
        runsWith(routes -> {
            routes.errorHandler(routes.noErrorHandler());
            routes.read().process(failsTimes(2)).to("seda:pages");
            routes.write();
        });
        isComplete();
        assertThat(run.ledger().counts().reread()).isGreaterThanOrEqualTo(2 * 50L);
    }

    @Test
    void batchWhoseStepThrowsIsReadAgain() throws Exception {
        runsWith(routes -> {
            routes.read().to("seda:pages");
            routes.joined().process(failsTimes(2)).to(target());
        });
        isComplete();
        assertThat(run.ledger().counts().reread()).isPositive();
    }

    @Test
    void targetThatIsAwayForAWhileGetsItsPagesAgainWithoutOnException() throws Exception {
        try (FaultyProxy proxy = new FaultyProxy(target)) {
            AtomicInteger batches = new AtomicInteger();
            runsWith(routes -> {
                routes.read().to("seda:pages");
                routes.joined()
                        .process(exchange -> {
                            int batch = batches.incrementAndGet();
                            if (batch == 3) {
                                proxy.refuse();
                                proxy.cut();
                            } else if (batch == 8) {
                                proxy.heal();
                            }
                        })
                        .to(target("target", proxy.port()));
            });
            isComplete();
            assertThat(run.ledger().counts().reread()).isPositive();
        }
    }

    @Test
    void stepThatFailsTwiceIsRedelivered() throws Exception {
        runsWith(routes -> {
            routes.onException(IllegalStateException.class)
                    .maximumRedeliveries(3)
                    .redeliveryDelay(10);
            routes.read().to("seda:pages");
            routes.joined().process(failsTimes(2)).to(target());
        });
        isComplete();
        assertThat(run.ledger().counts().reread()).isZero();
    }
}
