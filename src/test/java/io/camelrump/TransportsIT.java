package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.EveryKey;
import io.camelrump.fixtures.KafkaBroker;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.nio.file.Path;
import java.util.Comparator;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The routes under routes/examples that read to a transport and write from it, each half in a context of its own. */
class TransportsIT extends RouteFileFixture {
    private static final int KEYS = 2_000;

    static {
        // it tells of each message
        System.setProperty("org.slf4j.simpleLogger.log.org.apache.activemq", "error");
    }

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @RegisterExtension
    private static final KafkaBroker KAFKA = new KafkaBroker();

    @TempDir
    private Path folder;

    @BeforeEach
    void fill() {
        SampleData.fillMixed(PAIR.atSource(), KEYS);
        at("source", PAIR.source());
        at("target", PAIR.target());
        properties.setProperty("pages.folder", folder.toString());
        properties.setProperty("kafka.brokers", KAFKA.address());
    }

    @Test
    void filesCarryPagesFromOneProcessToAnother() throws Exception {
        Counts read = run("examples/read-to-files");
        assertThat(read.handedOn()).isEqualTo(KEYS);
        try (RouteRun writer = start("examples/write-from-files")) {
            assertRestored(writer);
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void kafkaCarriesPagesFromOneProcessToAnother() throws Exception {
        properties.setProperty("kafka.topic", "pages");
        KAFKA.create("pages", 1);
        PAIR.atSource().set("large", randomText(3_000_000));
        try (RouteRun writer = start("examples/write-from-kafka")) {
            Counts read = run("examples/read-to-kafka");
            assertThat(read.handedOn()).isEqualTo(KEYS + 1);

            assertRestored(writer);
        }
    }

    @Test
    void aQueueCarriesPagesFromOneProcessToAnother() throws Exception {
        EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
        broker.setConfiguration(new ConfigurationImpl()
                .setPersistenceEnabled(false)
                .setSecurityEnabled(false)
                .addAcceptorConfiguration("vm", "vm://0"));
        broker.start();
        try (RouteRun writer = startWithQueue("examples/write-from-jms")) {
            try (RouteRun reader = startWithQueue("examples/read-to-jms")) {
                assertThat(reader.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            }

            assertRestored(writer);
        } finally {
            broker.stop();
        }
    }

    private RouteRun startWithQueue(String file) throws Exception {
        properties.setProperty("jms.queue", "pages");
        return RouteRun.of(Path.of("routes", file + ".camel.yaml"), properties, context -> context.getRegistry()
                .bind("connectionFactory", new ActiveMQConnectionFactory("vm://0")));
    }

    private static void assertRestored(RouteRun writer) throws Exception {
        Ledger received = awaitEnd(writer);
        assertThat(received.failure()).isNull();
        assertThat(received.state()).isEqualTo(RunState.COMPLETE);
        assertThat(received.migration()).startsWith("received-");
        assertThat(received.counts().read()).isEqualTo(PAIR.atSource().dbSize());
        assertThat(received.counts().restored()).isEqualTo(PAIR.atSource().dbSize());
        assertThat(EveryKey.of(PAIR.atSource(), PAIR.atTarget()).check()).isGreaterThan(KEYS / 2);
    }

    /** The books of the run that came last. */
    private static Ledger awaitEnd(RouteRun writer) {
        writer.await().until(() -> !ledgers(writer).isEmpty());
        Ledger last = ledgers(writer).get(0);
        writer.await().until(() -> last.state().isFinal());
        return last;
    }

    private static java.util.List<Ledger> ledgers(RouteRun writer) {
        return writer.context().getRegistry().findByType(Ledger.class).stream()
                .sorted(Comparator.comparing(Ledger::migration))
                .toList();
    }
}
