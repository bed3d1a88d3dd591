package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.cli.EqualityProof;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/**
 * A source, two targets, and the shipped route for edits to be made in. Whatever the route does: no key counts as
 * restored that the target does not have, no run is complete with keys missing, and what is in flight stays within its
 * bounds.
 */
abstract class RouteEditsFixture {
    static final int KEYS = 1500;
    static final int QUEUE_PAGES = 6;
    static final long QUEUE_BYTES = 1024 * 1024;

    @RegisterExtension
    static final RedisServers SERVERS = new RedisServers();

    static RedisServer source;
    static RedisServer target;
    static RedisServer second;
    RouteRun run;

    @BeforeAll
    static void start() {
        source = SERVERS.start();
        target = SERVERS.start();
        second = SERVERS.start();
    }

    @BeforeEach
    void fillSource() {
        for (RedisServer server : List.of(source, target, second)) {
            try (Jedis jedis = server.jedis()) {
                jedis.flushAll();
            }
        }
        try (Jedis jedis = source.jedis()) {
            SampleData.fillStrings(jedis, KEYS, 100);
        }
    }

    @AfterEach
    void stopRoutes() {
        if (run != null) {
            run.close();
        }
    }

    interface Edit {
        void configure(Routes routes);
    }

    /** The two halves of the shipped route, for edits to be made in. */
    static final class Routes extends RouteBuilder {
        private final Edit edit;

        Routes(Edit edit) {
            this.edit = edit;
        }

        @Override
        public void configure() {
            edit.configure(this);
        }

        RouteDefinition read() {
            return read("targets=1");
        }

        RouteDefinition read(String more) {
            return from(source(more)).routeId("read-source");
        }

        org.apache.camel.model.ProcessorDefinition<?> joined() {
            return joined("seda:pages");
        }

        org.apache.camel.model.ProcessorDefinition<?> joined(String queue) {
            return from(queue)
                    .routeId(queue.equals("seda:pages") ? "write-target" : "write-" + queue.substring(5))
                    .aggregate(constant(1))
                    .aggregationStrategy("join-pages")
                    .completionTimeout(100)
                    .forceCompletionOnStop();
        }

        void write() {
            joined().to(target());
        }
    }

    void runsWith(Edit edit) throws Exception {
        JoinPages joinPages = new JoinPages();
        joinPages.setBatchKeys(120);
        run = RouteRun.of(new Routes(edit), Map.of("join-pages", joinPages));
    }

    static String source(String more) {
        return "rump:source?host=127.0.0.1&scanCount=50&stallTimeout=2s&queuePages=" + QUEUE_PAGES + "&queueBytes="
                + QUEUE_BYTES + "&port=" + source.port() + "&" + more;
    }

    static String target() {
        return target("target", target.port());
    }

    static String target(String name, int port) {
        return "rump:" + name + "?host=127.0.0.1&retryFor=10s&port=" + port;
    }

    static Processor failsForPage(int number) {
        AtomicInteger pages = new AtomicInteger();
        return exchange -> {
            if (pages.incrementAndGet() == number) {
                throw new IllegalStateException("no page " + number);
            }
        };
    }

    static Processor failsTimes(int times) {
        AtomicInteger left = new AtomicInteger(times);
        return exchange -> {
            if (left.getAndDecrement() > 0) {
                throw new IllegalStateException("not now");
            }
        };
    }

    void isComplete() {
        Ledger ledger = run.awaitEnd();
        assertThat(ledger.failure()).isNull();
        assertThat(ledger.state()).isEqualTo(RunState.COMPLETE);
        assertThat(ledger.counts().restored()).isEqualTo(KEYS);
        areEqual(source, target);
        isBounded();
    }

    void isIncomplete(String cause) {
        Ledger ledger = run.awaitEnd();
        assertThat(ledger.state()).isEqualTo(RunState.INCOMPLETE);
        assertThat(ledger.failure()).contains("read-source", "page ", cause);
        isHonest();
        isBounded();
    }

    void isHonest() {
        try (Jedis jedis = target.jedis()) {
            assertThat(run.ledger().counts().restored()).isLessThanOrEqualTo(jedis.dbSize());
        }
    }

    void isBounded() {
        assertThat(run.mostPagesOut()).isLessThanOrEqualTo(QUEUE_PAGES);
        assertThat(run.mostBytesOut()).isLessThanOrEqualTo(QUEUE_BYTES + QUEUE_BYTES / QUEUE_PAGES);
    }

    static void areEqual(RedisServer left, RedisServer right) {
        try (Jedis from = left.jedis();
                Jedis to = right.jedis()) {
            assertThat(EqualityProof.compare(from, to, Duration.ofMillis(50)).differences())
                    .isEmpty();
        }
    }
}
