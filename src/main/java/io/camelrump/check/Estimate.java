package io.camelrump.check;

import io.camelrump.needs.Finding;
import io.camelrump.needs.Intent;
import io.camelrump.needs.Side;
import io.camelrump.redis.RedisConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How long the reading takes and what it costs the source, by the time that a few keys take. */
final class Estimate {
    private static final long MOST_NANOS = Duration.ofMillis(1500).toNanos();
    private static final int AT_ONCE = 32;
    /** From here on it is worth while to look for a faster way. */
    private static final double LONG_SECONDS = Duration.ofHours(1).toSeconds();

    private final Side source;
    private final Intent intent;

    private final Map<String, byte[]> kinds = new TreeMap<>();
    private long keys;
    private long pages;

    Estimate(Side source, Intent intent) {
        this.source = source;
        this.intent = intent;
    }

    List<Finding> findings() throws IOException {
        RedisConnection connection = source.connection();
        String name = "estimate";
        long all = connection.databaseSize();
        PayloadSample sample = new PayloadSample(connection, intent);
        double cpuBefore = cpuSeconds();
        double seconds = read(sample);
        if (keys == 0) {
            return List.of(Finding.note(name, "no key was read", ""));
        }
        double cpu = cpuSeconds() - cpuBefore;
        String load = source.info().isHidden()
                ? "the source's load is not known without INFO"
                : format("the source at %.0f %% of a core", 100 * cpu / seconds);
        String rate = format(
                "%,.0f keys/s, %,.1f MB/s in a sample of %,d keys, %s",
                keys / seconds, sample.bytesRead() / 1e6 / seconds, keys, load);
        // a filter leaves out what the scan has to pass all the same
        long passed = intent.isFiltered() ? pages * PayloadSample.SCAN_COUNT : keys;
        double wholeSeconds = all * seconds / passed;
        if (all < 0) {
            return List.of(Finding.note(name, rate, "add the rule +dbsize to have the time for all keys estimated"));
        }
        String found = format("at least %,.0f s to scan %,d keys: ", Math.ceil(wholeSeconds), all) + rate;
        return List.of(
                wholeSeconds < LONG_SECONDS
                        ? Finding.yes(name, found)
                        : Finding.note(name, found, "run it near the source"));
    }

    /** Reads some keys, and returns the seconds that it took. */
    private double read(PayloadSample sample) throws IOException {
        long started = System.nanoTime();
        do {
            pages++;
            List<ByteBuffer> page = sample.small(sample.scan());
            int atOnce = sample.hidesSizes() ? 1 : AT_ONCE;
            for (int i = 0; i < page.size() && System.nanoTime() - started < MOST_NANOS; i += atOnce) {
                int end = Math.min(page.size(), i + atOnce);
                for (byte[] payload : sample.readAll(page.subList(i, end))) {
                    if (payload != null) {
                        kinds.putIfAbsent(PayloadKind.of(payload), payload);
                    }
                }
                keys += end - i;
            }
        } while (!sample.isScanned() && System.nanoTime() - started < MOST_NANOS);
        return Math.max(1e-6, (System.nanoTime() - started) / 1e9);
    }

    /** A payload of each kind that was met. */
    Collection<byte[]> payloads() {
        return kinds.values();
    }

    /** CPU that the source's process has used; INFO gives it. */
    private double cpuSeconds() throws IOException {
        Side now =
                new Side(source.name(), source.connection(), source.connection().info(), source.database(), true);
        return now.decimal("used_cpu_sys") + now.decimal("used_cpu_user");
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
