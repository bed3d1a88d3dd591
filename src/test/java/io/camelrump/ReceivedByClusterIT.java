package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A cluster as the target of a run whose pages another process has read. */
class ReceivedByClusterIT extends ClusterTargetFixture {
    private final List<byte[]> taken = new CopyOnWriteArrayList<>();

    @Test
    void runIsCompleteWhenEachMasterHasItsKeys() throws Exception {
        RedisServer source = filled(RedisServers.usual(), FEW);
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 0);
        try (RouteRun reader =
                RouteRun.of(routes -> routes.from("rump:source?host=127.0.0.1&scanCount=50&port=" + source.port())
                        .marshal()
                        .custom("rump")
                        .process(exchange -> taken.add(exchange.getMessage().getBody(byte[].class)))
                        .process(new Acknowledge()))) {
            reader.awaitEnd();
            await().until(() -> taken.size() > 2);
        }
        try (RouteRun writer = RouteRun.of(routes -> routes.from("direct:bytes")
                .unmarshal()
                .custom("rump")
                .to("rump:target?host=127.0.0.1&port="
                        + cluster.masters().get(0).port()))) {
            taken.forEach(message -> writer.context().createProducerTemplate().sendBody("direct:bytes", message));
            Ledger ledger = writer.context().getRegistry().findSingleByType(Ledger.class);
            await().untilAsserted(() -> assertThat(ledger.state()).isEqualTo(RunState.COMPLETE));
            assertThat(ledger.counts().restored())
                    .isEqualTo(ledger.counts().read())
                    .isPositive();
        }

        assertEqual(source, cluster);
    }
}
