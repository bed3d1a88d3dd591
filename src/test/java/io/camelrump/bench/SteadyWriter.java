package io.camelrump.bench;

import io.camelrump.fixtures.RedisServer;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;

/** A client that sets keys at random at a steady rate, one after the other. */
final class SteadyWriter {
    static final int KEYS = 50_000;

    private static final int KEYS_AT_ONCE = 1_000;

    private final RedisServer server;

    SteadyWriter(RedisServer server) {
        this.server = server;
    }

    /** Sets every key once. */
    static void fill(Jedis jedis) {
        for (int i = 0; i < KEYS; i += KEYS_AT_ONCE) {
            jedis.mset(IntStream.range(i, i + KEYS_AT_ONCE)
                    .boxed()
                    .flatMap(n -> Stream.of(key(n), value(n)))
                    .toArray(String[]::new));
        }
    }

    /** What so many seconds of writing cost the source; units are the writes, or seconds where nothing is written. */
    static Measurement measure(TestBed bed, int rate, double seconds) {
        double before = bed.sourceCpu();
        long begin = System.nanoTime();
        new SteadyWriter(bed.source()).write(rate, seconds);
        return Measurement.of(
                (System.nanoTime() - begin) / 1e9, bed.sourceCpu() - before, rate == 0 ? seconds : rate * seconds);
    }

    /** Writes as often as that rate has it in that time, longer where the server is slower; at a rate of 0 it waits. */
    void write(int rate, double seconds) {
        if (rate == 0) {
            parkUntil(System.nanoTime() + (long) (seconds * 1e9));
            return;
        }
        long between = TimeUnit.SECONDS.toNanos(1) / rate;
        Random random = new Random(rate);
        try (Jedis jedis = server.jedis()) {
            long due = System.nanoTime();
            for (int written = 0; written < rate * seconds; written++) {
                jedis.set(key(random.nextInt(KEYS)), value(written));
                due = Math.max(due + between, System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(100));
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
    }

    private static void parkUntil(long end) {
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private static String key(int n) {
        return "live:" + n;
    }

    private static String value(long n) {
        return String.format(Locale.ROOT, "%0100d", n);
    }
}
