package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.cutover.Steering;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.run.PageData;
import io.camelrump.run.Run;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** SCAN may give a key twice, and a page may overtake another: of two readings the last one stands. */
class LastReadingIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @Test
    void newerReadingStandsWhenTheOlderOneArrivesLater() throws Exception {
        Ledger ledger = send((template, older, newer) -> {
            template.sendBody("direct:page", new Page(newer));
            template.sendBody("direct:page", new Page(older));
        });

        assertThat(ledger.counts().balanced()).isTrue();
    }

    @Test
    void newerReadingStandsWithinOneBatchInWrongOrder() throws Exception {
        send((template, older, newer) -> template.sendBody("direct:page", Pages.batch(newer, older)));
    }

    private interface Sending {
        void send(ProducerTemplate template, PageData older, PageData newer);
    }

    private Ledger send(Sending sending) throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        Run ledger = new Run("rump", 1);
        try (Jedis at = source.jedis();
                Jedis atTarget = target.jedis();
                RouteRun run = RouteRun.of(restoring(target), Map.of());
                ProducerTemplate template = run.context().createProducerTemplate()) {
            sending.send(template, read(at, ledger, "old"), read(at, ledger, "new"));

            assertThat(atTarget.get("key")).isEqualTo("new");
            assertThat(ledger.pages().size()).isZero();
        }
        return new Ledger(ledger, new Steering());
    }

    private static RouteBuilder restoring(RedisServer target) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:page").to("rump:target?host=127.0.0.1&port=" + target.port());
            }
        };
    }

    private static PageData read(Jedis source, Run ledger, String value) {
        source.set("key", value);
        PageData page = PageData.of(key(), source.dump(key()), PageData.NO_EXPIRY);
        return page.out(Objects.requireNonNull(ledger.pages().open(page, ledger.epoch())), false);
    }

    private static byte[] key() {
        return "key".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
}
