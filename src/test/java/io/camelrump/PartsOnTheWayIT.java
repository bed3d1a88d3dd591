package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.cli.EqualityProof;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.camel.Processor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** Parts of big keys that go missing between source and target, and what comes before and after them. */
class PartsOnTheWayIT {
    private static final byte[] STRING = "string".getBytes(StandardCharsets.US_ASCII);

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @Test
    void aPartOfAStringThatFailsInTheRouteIsMissed() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        byte[] random = new byte[1_300_001];
        new Random(7).nextBytes(random);
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            a.set(STRING, random);
            AtomicInteger failed = new AtomicInteger();
            try (RouteRun run = copy(
                    source, target, failsOnce(page -> KeyPart.of(page, 0).step() == KeyPart.Step.MIDDLE, failed))) {
                assertThat(run.awaitEnd().counts().restored()).isEqualTo(1);
            }
            assertThat(failed).hasValue(1);
            assertEqual(a, b);
            assertThat(b.keys("rump:tmp:*")).isEmpty();
        }
    }

    private static RouteRun copy(RedisServer source, RedisServer target, Processor between) throws Exception {
        return RouteRun.of(routes -> routes.from("rump:source?host=127.0.0.1&bigKey=64kb&port=" + source.port())
                .process(between)
                .to("rump:target?host=127.0.0.1&port=" + target.port()));
    }

    private static Processor failsOnce(Predicate<Page> which, AtomicInteger failed) {
        return exchange -> {
            Page page = exchange.getMessage().getBody(Page.class);
            if (page.size() > 0 && failed.get() == 0 && which.test(page)) {
                failed.incrementAndGet();
                throw new IllegalStateException("lost on the way");
            }
        };
    }

    private static void assertEqual(Jedis a, Jedis b) {
        assertThat(EqualityProof.compare(a, b, Duration.ofMillis(100)).differences())
                .isEmpty();
    }
}
