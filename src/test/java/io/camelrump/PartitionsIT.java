package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.EveryKey;
import io.camelrump.fixtures.KafkaBroker;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** The routes under routes/kafka: a topic with several partitions, and several writers in one group. */
class PartitionsIT extends RouteFileFixture {
    private static final int KEYS = 4_000;
    private static final int PARTITIONS = 4;

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @RegisterExtension
    private static final KafkaBroker KAFKA = new KafkaBroker();

    private static int topics;

    @BeforeEach
    void makeTopic() throws Exception {
        String topic = "pages-" + topics++;
        KAFKA.create(topic, PARTITIONS);
        at("source", PAIR.source());
        at("target", PAIR.target());
        properties.setProperty("kafka.brokers", KAFKA.address());
        properties.setProperty("kafka.topic", topic);
        properties.setProperty("kafka.group", topic);
        properties.setProperty("kafka.partitions", String.valueOf(PARTITIONS));
        properties.setProperty("rump.target.stall-timeout", "2s");
    }

    @Test
    void writersShareThePartitionsAndEachIsCompleteAsToItsOwn() throws Exception {
        SampleData.fillMixed(PAIR.atSource(), KEYS);
        PAIR.atSource().set("large", randomText(3_000_000));
        try (RouteRun one = start("kafka/write");
                RouteRun other = start("kafka/write")) {
            KAFKA.awaitMembers(properties.getProperty("kafka.group"), 2);
            assertThat(run("kafka/read").handedOn()).isEqualTo(KEYS + 1);
            List<Ledger> both = List.of(awaitEnd(one), awaitEnd(other));

            assertThat(both).allSatisfy(ledger -> {
                assertThat(ledger.failure()).isNull();
                assertThat(ledger.state()).isEqualTo(RunState.COMPLETE);
                assertThat(ledger.counts().restored()).isPositive();
                assertThat(ledger.remarks()).anyMatch(remark -> remark.startsWith("Other writers had 2 of 4 lanes"));
            });
            assertThat(both.stream()
                            .mapToLong(ledger -> ledger.counts().restored())
                            .sum())
                    .isEqualTo(KEYS + 1);
        }
        assertThat(EveryKey.of(PAIR.atSource(), PAIR.atTarget()).check()).isGreaterThan(KEYS / 2);
    }

    @Test
    void changesAndDeletionsOfALiveRunKeepTheirOrder() throws Exception {
        SampleData.fillStrings(PAIR.atSource(), KEYS, 20);
        properties.setProperty("rump.source.live", "true");
        properties.setProperty("rump.target.prune", "true");
        try (RouteRun one = start("kafka/write");
                RouteRun other = start("kafka/write");
                RouteRun reader = start("kafka/read")) {
            KAFKA.awaitMembers(properties.getProperty("kafka.group"), 2);
            reader.awaitSettled(KEYS);
            Jedis source = PAIR.atSource();
            List<String> names = List.copyOf(source.keys("*"));
            for (int i = 0; i < 300; i++) {
                source.set(names.get(i % 30), "value " + i);
                source.del(names.get(100 + i));
            }
            one.await().untilAsserted(() -> {
                assertThat(PAIR.atTarget().dbSize()).isEqualTo(source.dbSize());
                assertThat(PAIR.atTarget().get(names.get(29))).isEqualTo(source.get(names.get(29)));
            });
            assertThat(List.of(ledger(one), ledger(other)))
                    .allSatisfy(ledger -> assertThat(ledger.state()).isEqualTo(RunState.RUNNING));
        }
        assertThat(EveryKey.of(PAIR.atSource(), PAIR.atTarget()).check()).isGreaterThan(KEYS / 2);
    }

    private static Ledger ledger(RouteRun writer) {
        writer.await().until(() -> !ledgers(writer).isEmpty());
        return ledgers(writer).get(0);
    }

    private static List<Ledger> ledgers(RouteRun writer) {
        return List.copyOf(writer.context().getRegistry().findByType(Ledger.class));
    }

    private static Ledger awaitEnd(RouteRun writer) {
        Ledger ledger = ledger(writer);
        writer.await().until(() -> ledger.state().isFinal());
        return ledger;
    }
}
