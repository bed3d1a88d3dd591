package io.camelrump.bench;

import io.camelrump.fixtures.KafkaBroker;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteProcess;
import io.camelrump.fixtures.RouteRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.Jedis;

/**
 * Measures processes that share the partitions of a topic of Kafka and restore the pages in them, by
 * {@code routes/kafka/}. Each is held to a rate at first, so that not the few cores of this machine decide how the sum
 * grows; then none is held.
 */
public final class WriterSpeed {
    private static final int PARTITIONS = 4;
    private static final int[] WRITERS = {1, 2, 4};
    private static final int VALUE_BYTES = 100;
    private static final int HELD_KEYS_EACH = 150_000;
    private static final int FREE_KEYS = 300_000;
    /** A page of 1000 keys is spread over all partitions, so a message holds about 250 keys: 5000 keys a second. */
    private static final int HELD_TO_MESSAGES = 20;

    private static final String UNMARSHAL = "        - unmarshal:";
    private static final String HOLD = """
            - throttle:
                expression: { constant: { expression: "%d" } }
                timePeriodMillis: "1000"
            """.indent(8);

    private final Path folder = Files.createTempDirectory("rump-writers");
    private final KafkaBroker broker;
    private final RedisServer source;
    private final RedisServer target;
    private int topics;

    private WriterSpeed(KafkaBroker broker, RedisServers servers) throws IOException {
        this.broker = broker;
        source = servers.start();
        target = servers.start();
    }

    /** @param parts held, free; both if there is none */
    public static void main(String[] parts) throws Exception {
        List<String> named = List.of(parts.length == 0 ? new String[] {"held", "free"} : parts);
        KafkaBroker broker = new KafkaBroker();
        broker.beforeAll(null);
        try (RedisServers servers = new RedisServers()) {
            WriterSpeed speed = new WriterSpeed(broker, servers);
            say("%nWriters of one group, %d partitions, strings of %d B", PARTITIONS, VALUE_BYTES);
            say(
                    "%-8s %8s %10s %8s %12s %8s %8s %8s",
                    "", "writers", "keys/s", "of one", "CPU us/key", "of one", "writers", "target");
            for (String part : named) {
                speed.measure(part, part.equals("held"));
            }
        } finally {
            broker.afterAll(null);
        }
    }

    private void measure(String title, boolean held) throws Exception {
        Taken one = null;
        for (int writers : WRITERS) {
            int keys = held ? writers * HELD_KEYS_EACH : FREE_KEYS;
            Taken taken = write(writers, keys, held);
            one = one == null ? taken : one;
            double share = taken.keysPerSecond() / one.keysPerSecond() / (held ? writers : 1);
            say(
                    "%-8s %8d %,10.0f %8.3f %12.1f %8.2f %8.2f %8.2f",
                    title,
                    writers,
                    taken.keysPerSecond(),
                    share,
                    taken.cpuPerKey() * 1e6,
                    taken.cpuPerKey() / one.cpuPerKey(),
                    taken.cpuPerKey() * taken.keysPerSecond(),
                    taken.targetCpuPerKey() * taken.keysPerSecond());
        }
    }

    /** What all writers took together, in seconds of CPU. */
    private record Taken(double keysPerSecond, double cpuPerKey, double targetCpuPerKey) {}

    private Taken write(int writers, int keys, boolean held) throws Exception {
        try (Jedis jedis = source.jedis()) {
            jedis.flushAll();
            DataSet.strings(keys, VALUE_BYTES).fill(jedis);
        }
        TestBed.empty(target);
        Properties properties = properties();
        broker.create(properties.getProperty("kafka.topic"), PARTITIONS);
        Path file = folder.resolve(held ? "held.camel.yaml" : "free.camel.yaml");
        Files.writeString(file, route(held));
        List<RouteProcess> running = new ArrayList<>();
        try {
            for (int i = 0; i < writers; i++) {
                running.add(RouteProcess.start(file, properties, folder));
            }
            broker.awaitMembers(properties.getProperty("kafka.group"), writers);
            double cpuBefore = cpu(running);
            double targetBefore = TestBed.cpu(target);
            try (RouteRun reader = RouteRun.of(Path.of("routes/kafka/read.camel.yaml"), properties)) {
                awaitKeys(1);
                long begin = System.nanoTime();
                awaitKeys(keys);
                double seconds = (System.nanoTime() - begin) / 1e9;
                return new Taken(
                        keys / seconds, (cpu(running) - cpuBefore) / keys, (TestBed.cpu(target) - targetBefore) / keys);
            }
        } finally {
            for (RouteProcess process : running) {
                process.close();
            }
        }
    }

    private static String route(boolean held) throws IOException {
        String shipped = Files.readString(Path.of("routes/kafka/write.camel.yaml"));
        if (!shipped.contains(UNMARSHAL)) {
            throw new IllegalStateException("the shipped route has no step to hold it at");
        }
        return held ? shipped.replace(UNMARSHAL, HOLD.formatted(HELD_TO_MESSAGES) + UNMARSHAL) : shipped;
    }

    private Properties properties() {
        Properties properties = new Properties();
        String topic = "pages-" + topics++;
        properties.setProperty("kafka.brokers", broker.address());
        properties.setProperty("kafka.topic", topic);
        properties.setProperty("kafka.group", topic);
        properties.setProperty("kafka.partitions", String.valueOf(PARTITIONS));
        properties.setProperty("rump.source.host", RedisServer.HOST);
        properties.setProperty("rump.source.port", String.valueOf(source.port()));
        properties.setProperty("rump.source.scan-count", "1000");
        properties.setProperty("rump.target.host", RedisServer.HOST);
        properties.setProperty("rump.target.port", String.valueOf(target.port()));
        return properties;
    }

    private static double cpu(List<RouteProcess> processes) throws IOException {
        double sum = 0;
        for (RouteProcess process : processes) {
            sum += ToolRun.cpuSeconds(process.pid());
        }
        return sum;
    }

    private void awaitKeys(int keys) throws InterruptedException {
        try (Jedis jedis = target.jedis()) {
            long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
            while (jedis.dbSize() < keys) {
                if (System.nanoTime() - patience > 0) {
                    throw new IllegalStateException(jedis.dbSize() + " of " + keys + " keys have come");
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
