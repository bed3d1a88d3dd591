package io.camelrump.bench;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.DoubleStream;
import redis.clients.jedis.Jedis;

/** Writes to the source some ten times per second, and looks how long it takes until the target has it. */
final class LagProbe implements AutoCloseable {
    private final DoubleStream.Builder millis = DoubleStream.builder();
    private final TestBed bed;
    private final Thread thread;
    private volatile boolean ended;

    LagProbe(TestBed bed) {
        this.bed = bed;
        thread = new Thread(this::probe, "lag-probe");
        thread.start();
    }

    private void probe() {
        Random random = new Random(1);
        try (Jedis from = bed.source().jedis();
                Jedis to = bed.target().jedis()) {
            for (int n = 0; !ended; n++) {
                from.set("live:lag", "probe" + n);
                long begin = System.nanoTime();
                while (!ended && !("probe" + n).equals(to.get("live:lag"))) {
                    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(300));
                }
                if (!ended) {
                    millis.add((System.nanoTime() - begin) / 1e6);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(60 + random.nextInt(60)));
            }
        }
    }

    /** Ends it, and gives the milliseconds from a write's answer until its value was at the target, shortest first. */
    double[] end() throws InterruptedException {
        close();
        return millis.build().sorted().toArray();
    }

    @Override
    public void close() throws InterruptedException {
        ended = true;
        thread.join();
    }
}
