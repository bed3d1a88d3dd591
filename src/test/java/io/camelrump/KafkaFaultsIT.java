package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.EveryKey;
import io.camelrump.fixtures.KafkaBroker;
import io.camelrump.fixtures.RouteProcess;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Processes that run the routes under routes/kafka, and are killed or frozen in the midst of it. */
@Tag("long")
class KafkaFaultsIT extends RouteFileFixture {
    private static final int KEYS = 9_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @RegisterExtension
    private static final KafkaBroker KAFKA = new KafkaBroker();

    private static int topics;

    @TempDir
    private Path folder;

    @BeforeEach
    void makeTopic() throws Exception {
        String topic = "faults-" + topics++;
        KAFKA.create(topic, 4);
        SampleData.fillMixed(PAIR.atSource(), KEYS);
        at("source", PAIR.source());
        at("target", PAIR.target());
        properties.setProperty("kafka.brokers", KAFKA.address());
        properties.setProperty("kafka.topic", topic);
        properties.setProperty("kafka.group", topic);
        properties.setProperty("kafka.partitions", "4");
        properties.setProperty("kafka.session", "6000");
        properties.setProperty("kafka.write.within", "2500");
        properties.setProperty("rump.source.max-keys-per-second", "2000");
        properties.setProperty("rump.target.stall-timeout", "3s");
    }

    @Test
    void writerThatIsKilledLosesNothing() throws Exception {
        try (RouteProcess one = process("write");
                RouteProcess other = process("write");
                RouteProcess reader = process("read")) {
            awaitKeysAtTarget(KEYS / 4);
            one.kill();
            awaitOutput(reader, "Run rump ended COMPLETE");
            awaitOutput(other, "ended COMPLETE");
            // it ends without the lanes of the one that was killed, and goes on when it gets them
            awaitKeysAtTarget(KEYS);
        }
        checkEveryKey();
    }

    @Test
    void readerThatIsKilledAndResumesLosesNothing() throws Exception {
        Path resuming = folder.resolve("resuming.camel.yaml");
        String bean = "{ name: progress, type: io.camelrump.CheckpointFile, constructors: { '0': "
                + folder.resolve("checkpoint") + " } }";
        Files.writeString(
                resuming,
                Files.readString(Path.of("routes/kafka/read.camel.yaml"))
                        .replace("- beans:", "- beans:\n    - " + bean)
                        .replace("{ bigKey: 512kb }", "{ bigKey: 512kb, checkpoint: '#bean:progress', resume: true }"));
        try (RouteProcess writer = process("write")) {
            try (RouteProcess reader = RouteProcess.start(resuming, properties, folder)) {
                awaitKeysAtTarget(KEYS / 3);
                reader.kill();
            }
            try (RouteProcess reader = RouteProcess.start(resuming, properties, folder)) {
                awaitOutput(reader, "Run rump ended COMPLETE");
            }
            awaitOutput(writer, "ended COMPLETE");
        }
        checkEveryKey();
    }

    @Test
    void writerThatHangsWhileOthersTakeItsPartitionsLosesNothing() throws Exception {
        try (RouteProcess one = process("write");
                RouteProcess other = process("write");
                RouteProcess reader = process("read")) {
            awaitKeysAtTarget(KEYS / 4);
            one.freeze();
            awaitOutput(reader, "Run rump ended COMPLETE");
            awaitOutput(other, "ended COMPLETE");
            one.thaw();
            await().during(Duration.ofSeconds(2))
                    .atMost(PATIENCE)
                    .until(() -> PAIR.atTarget().dbSize() == PAIR.atSource().dbSize());
        }
        checkEveryKey();
    }

    @Test
    void brokerThatRestartsLosesNothing() throws Exception {
        try (RouteProcess writer = process("write");
                RouteProcess reader = process("read")) {
            awaitKeysAtTarget(KEYS / 4);
            KAFKA.stop();
            KAFKA.start();
            awaitOutput(reader, "Run rump ended COMPLETE");
            awaitOutput(writer, "ended COMPLETE");
        }
        checkEveryKey();
    }

    private RouteProcess process(String file) throws Exception {
        return RouteProcess.start(Path.of("routes/kafka", file + ".camel.yaml"), properties, folder);
    }

    private static void awaitKeysAtTarget(int keys) {
        await().atMost(PATIENCE).until(() -> PAIR.atTarget().dbSize() >= keys);
    }

    private static void awaitOutput(RouteProcess process, String text) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> assertThat(process.output())
                .contains(text));
    }

    private static void checkEveryKey() throws Exception {
        assertThat(EveryKey.of(PAIR.atSource(), PAIR.atTarget()).check()).isGreaterThan(KEYS / 2);
    }
}
