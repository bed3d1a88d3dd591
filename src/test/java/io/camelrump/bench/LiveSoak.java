package io.camelrump.bench;

import static org.awaitility.Awaitility.await;

import io.camelrump.ChangeStatus;
import io.camelrump.Changes;
import io.camelrump.cli.EqualityProof;
import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.LiveWriter;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.TrackingConnection;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.Jedis;

/**
 * Live runs, one after the other, each between other versions and with another seed, while a service writes with every
 * kind of operation and connections are cut: at the end of each no key and no expiry may be wrong.
 *
 * <p>"told" and "followed" are the source's CPU for each write, against the same writes alone: while a connection
 * listens to its changes, and while a live run also reads them.
 */
public final class LiveSoak {
    private static final long SECONDS = Long.getLong("rump.soak.seconds", 300);
    private static final long FIRST_SEED = Long.getLong("rump.soak.seed", 1);
    private static final int KEYS = 20_000;
    private static final int WRITTEN = 500;
    private static final long WRITES = 30_000;
    private static final int CUTS = 6;

    private final PrintStream out;
    private long wrong;

    private LiveSoak(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] none) {
        LiveSoak soak = new LiveSoak(System.out);
        soak.say(
                "%n%-12s %-12s %5s %10s %9s %8s %5s %6s %10s %7s %10s %10s",
                "from",
                "to",
                "seed",
                "operations",
                "deleted",
                "most ms",
                "gaps",
                "scans",
                "drained ms",
                "wrong",
                "told",
                "followed");
        List<RedisServers.Version[]> pairs = pairs();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        int runs = 0;
        while (System.nanoTime() < until) {
            RedisServers.Version[] pair = pairs.get((int) ((FIRST_SEED + runs - 1) % pairs.size()));
            soak.run(pair[0], pair[1], FIRST_SEED + runs);
            runs++;
        }
        soak.say("%d runs, %d wrong keys", runs, soak.wrong);
        System.exit(soak.wrong == 0 ? 0 : 1);
    }

    /** Those that can follow changes, to those that take every type. */
    private static List<RedisServers.Version[]> pairs() {
        List<RedisServers.Version[]> pairs = new ArrayList<>();
        for (RedisServers.Version from : RedisServers.versions()) {
            for (RedisServers.Version to : RedisServers.versions()) {
                if (from.isLike(6, 2) && to.isLike(6, 2)) {
                    pairs.add(new RedisServers.Version[] {from, to});
                }
            }
        }
        return pairs;
    }

    private void run(RedisServers.Version from, RedisServers.Version to, long seed) {
        try (RedisServers servers = new RedisServers()) {
            RedisServer source = servers.start(from);
            RedisServer target = servers.start(to);
            try (Jedis jedis = source.jedis()) {
                SampleData.fillMixed(jedis, KEYS);
            }
            double alone = cpuOfWrites(source, seed);
            double told = cpuOfWritesTold(source, seed);
            say("%-12s %-12s %5d %s", from.name(), to.name(), seed, follow(source, target, seed, alone, told));
        }
    }

    /** A live run under faults, and what was measured of it. */
    private String follow(RedisServer source, RedisServer target, long seed, double alone, double told) {
        try (FaultyProxy toSource = new FaultyProxy(source);
                FaultyProxy toTarget = new FaultyProxy(target);
                Migration run = Migration.from(toSource.port())
                        .to(toTarget.port())
                        .with("rump.source.live", true)
                        .with("rump.source.scan-count", 500)
                        .start()) {
            Changes changes = Objects.requireNonNull(run.ledger().changes());
            long mostLag;
            long operations;
            double followed;
            try (LiveWriter writer = LiveWriter.start(source, WRITTEN, seed)) {
                mostLag = mostLagWhileCut(writer, changes, List.of(toSource, toTarget), new Random(seed));
                await().atMost(Duration.ofSeconds(60)).until(() -> run.ledger().progress() == 1);
                followed = cpuOfWritesFollowed(writer, source, changes);
                operations = writer.written();
            }
            long stopped = System.nanoTime();
            changes.cutOver();
            run.awaitComplete();
            long drained = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - stopped);
            long differing = differing(source, target);
            wrong += differing;
            ChangeStatus status = changes.status();
            return String.format(
                    Locale.ROOT,
                    "%,10d %,9d %8d %5d %6d %10d %7d %8.2f x %8.2f x",
                    operations,
                    run.ledger().counts().deleted(),
                    mostLag,
                    status.gaps(),
                    status.scans(),
                    drained,
                    differing,
                    told / alone,
                    followed / alone);
        }
    }

    private static long mostLagWhileCut(LiveWriter writer, Changes changes, List<FaultyProxy> proxies, Random random) {
        long most = 0;
        for (int cut = 1; cut <= CUTS; cut++) {
            most = Math.max(most, awaitWrites(writer, cut * WRITES / CUTS, changes));
            proxies.get(random.nextInt(proxies.size()))
                    .cutAfter(
                            random.nextBoolean() ? FaultyProxy.Direction.TO_CLIENT : FaultyProxy.Direction.TO_SERVER,
                            random.nextInt(50_000));
        }
        proxies.forEach(FaultyProxy::heal);
        return most;
    }

    private static double cpuOfWritesFollowed(LiveWriter writer, RedisServer source, Changes changes) {
        double before = cpu(source);
        long written = writer.written();
        awaitWrites(writer, written + WRITES, changes);
        return (cpu(source) - before) / (writer.written() - written);
    }

    /** Seconds of CPU of the source for each write, while nobody follows them. */
    private static double cpuOfWrites(RedisServer source, long seed) {
        try (LiveWriter writer = LiveWriter.start(source, WRITTEN, seed)) {
            double before = cpu(source);
            await().atMost(Duration.ofSeconds(60)).until(() -> writer.written() >= WRITES);
            return (cpu(source) - before) / writer.written();
        }
    }

    /** The same while they are told to a connection that does no more than listen: what the tail costs by itself. */
    private static double cpuOfWritesTold(RedisServer source, long seed) {
        ServerAddress address = new ServerAddress(
                RedisServer.HOST, source.port(), null, null, 0, Duration.ofSeconds(10), Duration.ofSeconds(60));
        try (TrackingConnection tail = Objects.requireNonNull(TrackingConnection.open(address))) {
            Thread listener = new Thread(() -> listen(tail), "listener");
            listener.setDaemon(true);
            listener.start();
            return cpuOfWrites(source, seed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void listen(TrackingConnection tail) {
        try {
            while (true) {
                tail.read(new TrackingConnection.Listener() {
                    @Override
                    public void changed(byte[] key) {
                        // read, and that is all
                    }

                    @Override
                    public void flushed() {
                        // read, and that is all
                    }

                    @Override
                    public void answered(long ping) {
                        // read, and that is all
                    }
                });
            }
        } catch (IOException e) {
            // the measurement is over
        }
    }

    private static double cpu(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            String info = jedis.info("cpu");
            return field(info, "used_cpu_sys") + field(info, "used_cpu_user");
        }
    }

    private static double field(String info, String name) {
        return Double.parseDouble(info.replaceAll("(?s).*\\b" + name + ":([0-9.]+).*", "$1"));
    }

    /** Waits for so many writes, and gives the longest lag seen meanwhile, in milliseconds. */
    private static long awaitWrites(LiveWriter writer, long written, Changes changes) {
        long[] most = new long[1];
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    most[0] = Math.max(most[0], changes.status().lag().toMillis());
                    return writer.written() >= written;
                });
        return most[0];
    }

    private long differing(RedisServer source, RedisServer target) {
        try (Jedis left = source.jedis();
                Jedis right = target.jedis()) {
            EqualityProof.Result result = EqualityProof.compare(left, right, Duration.ofMillis(50));
            result.differences().forEach(difference -> say("  %s", difference));
            return result.differing();
        }
    }

    private void say(String text, Object... values) {
        out.printf(Locale.ROOT, text + "%n", values);
    }
}
