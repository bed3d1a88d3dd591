package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** Connections that a network has lost without a word, by a reply timeout of some seconds. */
class HalfOpenIT {
    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(8);

    @RegisterExtension
    private static final RedisServers SERVERS = new RedisServers();

    private static String endpoint(String name, FaultyProxy proxy, String more) {
        return "rump:" + name + "?host=" + RedisServer.HOST + "&port=" + proxy.port()
                + "&connectTimeout=500ms&replyTimeout=" + REPLY_TIMEOUT.toMillis() + "&retryFor=60s" + more;
    }

    @Test
    void bothSidesAndTheTailOfALiveRunAreFoundAtOnce() throws Exception {
        RedisServer source = SERVERS.start();
        RedisServer target = SERVERS.start();
        try (FaultyProxy toSource = new FaultyProxy(source);
                FaultyProxy toTarget = new FaultyProxy(target);
                Jedis from = source.jedis();
                Jedis to = target.jedis();
                RouteRun run =
                        RouteRun.of(routes -> routes.from(endpoint("source", toSource, "&live=true&latencyGuard=off"))
                                .to(endpoint("target", toTarget, "")))) {
            from.set("before", "1");
            await().until(() -> to.exists("before"));
            toSource.leaveHalfOpen();
            toTarget.leaveHalfOpen();
            from.set("after", "2");

            await().atMost(REPLY_TIMEOUT).until(() -> to.exists("after"));
            assertThat(run.ledger().state()).isEqualTo(RunState.RUNNING);
            run.ledger().stopReading();
        }
    }
}
