package io.camelrump.bench;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import redis.clients.jedis.Jedis;

/**
 * Measures what a live run costs while it follows: the CPU of the source for each write, with a run behind it and
 * without, that of the command, and the lag from the answer of a write until its value is at the target.
 */
public final class LiveLoad {
    private static final int REPETITIONS = Integer.getInteger("rump.bench.repetitions", 3);
    private static final int[] RATES = {0, 500, 2_000, 10_000};
    private static final double SECONDS = 4;
    /** Enough for the source to be asked for the size of each key. */
    private static final int KEYS = 50_000;

    private static final int KEYS_AT_ONCE = 1_000;
    private static final double MICROS = 1e6;

    private final PrintStream out;

    private LiveLoad(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] none) throws Exception {
        LiveLoad load = new LiveLoad(System.out);
        try (RedisServers servers = new RedisServers()) {
            load.measure(servers.start(), servers.start());
        }
    }

    private void measure(RedisServer source, RedisServer target) throws Exception {
        fill(source);
        Cost[] alone = costs();
        Cost[] followed = costs();
        for (int i = 0; i < REPETITIONS; i++) {
            for (int n = 0; n < RATES.length; n++) {
                alone[n].source.add(sourcePerWrite(source, RATES[n]));
            }
            Benchmark.empty(target);
            try (Following run = new Following(source, target)) {
                // the command's own code is compiled meanwhile
                write(source, RATES[2]);
                for (int n = 0; n < RATES.length; n++) {
                    follow(source, target, RATES[n], run, followed[n]);
                }
            }
        }
        say(
                "%n%-22s %12s %12s %7s %12s %8s %8s",
                "Live run, writes/s", "source alone", "followed", "ratio", "command", "lag ms", "most ms");
        for (int n = 0; n < RATES.length; n++) {
            row(RATES[n], alone[n], followed[n]);
        }
    }

    private static void fill(RedisServer source) {
        try (Jedis jedis = source.jedis()) {
            for (int i = 0; i < KEYS; i += KEYS_AT_ONCE) {
                jedis.mset(IntStream.range(i, i + KEYS_AT_ONCE)
                        .boxed()
                        .flatMap(n -> Stream.of(key(n), value(n)))
                        .toArray(String[]::new));
            }
        }
    }

    private static String key(int n) {
        return "live:" + n;
    }

    private static String value(long n) {
        return String.format(Locale.ROOT, "%0100d", n);
    }

    private static Cost[] costs() {
        Cost[] costs = new Cost[RATES.length];
        for (int n = 0; n < costs.length; n++) {
            costs[n] = new Cost();
        }
        return costs;
    }

    private void follow(RedisServer source, RedisServer target, int rate, Following run, Cost cost) throws Exception {
        double before = run.cpuSeconds();
        double begin = System.nanoTime();
        try (LagProbe lag = rate == 0 ? null : new LagProbe(source, target)) {
            cost.source.add(sourcePerWrite(source, rate));
            double seconds = (System.nanoTime() - begin) / 1e9;
            cost.command.add((run.cpuSeconds() - before) / seconds);
            if (lag != null) {
                lag.close();
                cost.lag.add(lag.millis.median());
                cost.longLag.add(lag.millis.most());
            }
        }
    }

    /** Microseconds of CPU for each write; for each second if nothing is written. */
    private static double sourcePerWrite(RedisServer source, int rate) {
        double before = Benchmark.cpu(source);
        long written = write(source, rate);
        return (Benchmark.cpu(source) - before) * MICROS / (rate == 0 ? SECONDS : written);
    }

    /** Writes at a steady rate, one after the other, and says how often it did. */
    private static long write(RedisServer source, int rate) {
        long end = System.nanoTime() + (long) (SECONDS * 1e9);
        long between = rate == 0 ? Long.MAX_VALUE : TimeUnit.SECONDS.toNanos(1) / rate;
        Random random = new Random(rate);
        long written = 0;
        try (Jedis jedis = source.jedis()) {
            for (long due = System.nanoTime(); System.nanoTime() < end; written++) {
                if (rate == 0) {
                    LockSupport.parkNanos(end - System.nanoTime());
                    continue;
                }
                jedis.set(key(random.nextInt(KEYS)), value(written));
                due = Math.max(due + between, System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(100));
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
        return written;
    }

    private void row(int rate, Cost alone, Cost followed) {
        say(
                "%-22s %9.1f us %9.1f us %7.2f %9.1f %% %8s %8s",
                rate == 0 ? "none (us a second)" : rate,
                alone.source.median(),
                followed.source.median(),
                followed.source.median() / alone.source.median(),
                100 * followed.command.median(),
                text(followed.lag),
                text(followed.longLag));
    }

    private static String text(Figures figures) {
        return figures.isEmpty() ? "" : String.format(Locale.ROOT, "%.1f", figures.median());
    }

    private void say(String format, Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
    }

    private static final class Cost {
        private final Figures source = new Figures();
        /** Share of a core. */
        private final Figures command = new Figures();

        private final Figures lag = new Figures();
        private final Figures longLag = new Figures();
    }

    /** The command as it follows, from the end of its scan until it is cut over. */
    private static final class Following implements AutoCloseable {
        private final Path go = Files.createTempDirectory("rump-live").resolve("go");
        private final Process process;

        Following(RedisServer source, RedisServer target) throws IOException, InterruptedException {
            process = ToolRun.start(
                    List.of(), source.port(), target.port(), "", "--live", "--cutover-file", go.toString());
            try (Jedis from = source.jedis();
                    Jedis to = target.jedis()) {
                Awaitility.await()
                        .atMost(Duration.ofMinutes(2))
                        .failFast("the run has ended", () -> !process.isAlive())
                        .until(() -> to.dbSize() >= from.dbSize());
            }
        }

        double cpuSeconds() throws IOException {
            return ToolRun.cpuSeconds(process);
        }

        @Override
        public void close() throws IOException, InterruptedException {
            Files.createFile(go);
            if (process.waitFor() != 0) {
                throw new IOException("rump ended with " + process.exitValue());
            }
        }
    }

    /** Writes to the source some ten times per second, and looks how long it takes until the target has it. */
    private static final class LagProbe implements AutoCloseable {
        private final Figures millis = new Figures();
        private final Thread thread;
        private volatile boolean ended;

        LagProbe(RedisServer source, RedisServer target) {
            thread = new Thread(() -> probe(source, target), "lag-probe");
            thread.start();
        }

        private void probe(RedisServer source, RedisServer target) {
            Random random = new Random(1);
            try (Jedis from = source.jedis();
                    Jedis to = target.jedis()) {
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

        @Override
        public void close() throws InterruptedException {
            ended = true;
            thread.join();
        }
    }
}
