package io.camelrump.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;

/**
 * Measures runs that share out a cluster of six masters. Each is held to a rate at first, so that not the few cores of
 * this machine decide how the sum grows; then none is held; and at the end one at a time is killed, again and again,
 * and resumes.
 */
public final class ShardSpeed {
    private static final int MASTERS = 6;
    private static final int[] SHARDS = {1, 2, 3};
    private static final int VALUE_BYTES = 100;
    private static final int HELD_KEYS_EACH = 100_000;
    private static final String HELD_TO = "5000";
    private static final int FREE_KEYS = 600_000;
    private static final int KILLED_KEYS = 300_000;
    private static final int KILLS = 20;
    private static final int KILLED_SHARDS = 3;
    private static final long PATIENCE_SECONDS = 120;

    private final Path folder = Files.createTempDirectory("rump-shards");
    private final RedisCluster cluster;
    private final RedisServer target;
    private final RedisServer filled;

    private ShardSpeed(RedisServers servers) throws IOException {
        cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 0);
        target = servers.start();
        filled = servers.start();
    }

    /** @param parts held, free, killed; all if there is none */
    public static void main(String[] parts) throws Exception {
        List<String> named = List.of(parts.length == 0 ? new String[] {"held", "free", "killed"} : parts);
        try (RedisServers servers = new RedisServers()) {
            ShardSpeed speed = new ShardSpeed(servers);
            if (named.contains("held")) {
                speed.held();
            }
            if (named.contains("free")) {
                speed.free();
            }
            if (named.contains("killed")) {
                speed.killed();
            }
        }
    }

    /**
     * What some runs side by side took: their rates added up, the time until the last end, starts included, and CPU of
     * all.
     */
    private record Sum(double keysPerSecond, double seconds, double cpuSeconds) {}

    private void held() throws Exception {
        say("Each held to %s keys/s, %,d strings of %d B each", HELD_TO, HELD_KEYS_EACH, VALUE_BYTES);
        say("%8s %10s %8s %12s %8s", "shards", "keys/s", "of one", "CPU us/key", "of one");
        Sum one = null;
        for (int shards : SHARDS) {
            int keys = shards * HELD_KEYS_EACH;
            fill(keys);
            Sum sum = copy(shards, "--max-keys-per-second", HELD_TO);
            requireEqual(keys);
            one = one == null ? sum : one;
            double cpu = sum.cpuSeconds() / keys;
            say(
                    "%8d %,10.0f %8.3f %12.1f %8.2f",
                    shards,
                    sum.keysPerSecond(),
                    sum.keysPerSecond() / one.keysPerSecond() / shards,
                    cpu * 1e6,
                    cpu / (one.cpuSeconds() / HELD_KEYS_EACH));
        }
    }

    private void free() throws Exception {
        fill(FREE_KEYS);
        say("%nNone held, %,d strings of %d B; shares of one core, of %d there are", FREE_KEYS, VALUE_BYTES, cores());
        say("%8s %10s %8s %8s %8s %8s", "shards", "keys/s", "runs", "masters", "busiest", "target");
        for (int shards : SHARDS) {
            double[] before =
                    cluster.masters().stream().mapToDouble(TestBed::cpu).toArray();
            double targetBefore = TestBed.cpu(target);
            Sum sum = copy(shards);
            double seconds = sum.seconds();
            double all = 0;
            double most = 0;
            for (int i = 0; i < before.length; i++) {
                double used = TestBed.cpu(cluster.masters().get(i)) - before[i];
                all += used;
                most = Math.max(most, used);
            }
            say(
                    "%8d %,10.0f %8.2f %8.2f %8.2f %8.2f",
                    shards,
                    FREE_KEYS / seconds,
                    sum.cpuSeconds() / seconds,
                    all / seconds,
                    most / seconds,
                    (TestBed.cpu(target) - targetBefore) / seconds);
            requireEqual(FREE_KEYS);
        }
    }

    private void killed() throws Exception {
        fill(KILLED_KEYS);
        TestBed.empty(target);
        long dumpsBefore = dumps();
        Semaphore kills = new Semaphore(KILLS);
        ExecutorService hands = Executors.newFixedThreadPool(KILLED_SHARDS);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < KILLED_SHARDS; i++) {
                int shard = i;
                ends.add(hands.submit(() -> killAndResume(shard, new Random(shard), kills)));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        } finally {
            hands.shutdownNow();
        }
        requireEqual(KILLED_KEYS);
        double twice = 100.0 * (dumps() - dumpsBefore - KILLED_KEYS) / KILLED_KEYS;
        say(
                "%n%d kills of %d shards, %,d keys: both sides equal, %.2f %% of the keys read twice",
                KILLS, KILLED_SHARDS, KILLED_KEYS, twice);
    }

    private @Nullable Void killAndResume(int shard, Random random, Semaphore kills) throws Exception {
        Process run = start(shard, KILLED_SHARDS, resuming(false));
        while (kills.tryAcquire()) {
            if (run.waitFor(1_000 + random.nextInt(4_000), TimeUnit.MILLISECONDS)) {
                kills.release();
                break;
            }
            run.destroyForcibly().waitFor();
            do {
                // refused until the lock of the killed run has expired
                run = start(shard, KILLED_SHARDS, resuming(true));
            } while (run.waitFor(3, TimeUnit.SECONDS) && run.exitValue() != 0);
        }
        requireEnd(run);
        return null;
    }

    private static String[] resuming(boolean resume) {
        List<String> flags =
                new ArrayList<>(List.of("--checkpoint", "target:rump-shards", "--max-keys-per-second", "2500"));
        if (resume) {
            flags.add("--resume");
        }
        return flags.toArray(String[]::new);
    }

    private Sum copy(int shards, String... flags) throws Exception {
        TestBed.empty(target);
        List<Process> runs = new ArrayList<>();
        double before = ToolRun.cpuOfChildren();
        long begin = System.nanoTime();
        for (int i = 0; i < shards; i++) {
            runs.add(start(i, shards, flags));
        }
        for (Process run : runs) {
            requireEnd(run);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        double rate = 0;
        for (int i = 0; i < shards; i++) {
            JsonNode document = new ObjectMapper().readTree(document(i).toFile());
            rate += document.path("counts").path("restored").asDouble()
                    / document.path("seconds").asDouble();
        }
        return new Sum(rate, seconds, ToolRun.cpuOfChildren() - before);
    }

    private Process start(int shard, int shards, String... flags) throws IOException {
        return Build.current()
                .startCopy(
                        cluster.port(),
                        target.port(),
                        Stream.concat(
                                        Stream.of(
                                                "--shard",
                                                shard + "/" + shards,
                                                "--json",
                                                document(shard).toString()),
                                        Stream.of(flags))
                                .toArray(String[]::new));
    }

    private Path document(int shard) {
        return folder.resolve("shard-" + shard + ".json");
    }

    private static void requireEnd(Process run) throws InterruptedException {
        if (!run.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || run.exitValue() != 0) {
            run.destroyForcibly();
            throw new IllegalStateException("a run has not ended, or not well");
        }
    }

    /** Has the cluster hold so many keys, brought there by the command. */
    private void fill(int keys) throws Exception {
        try (Jedis jedis = filled.jedis()) {
            jedis.flushAll();
            DataSet.strings(keys, VALUE_BYTES).fill(jedis);
        }
        cluster.masters().forEach(TestBed::empty);
        Build.current().copy(filled.port(), cluster.port());
    }

    private void requireEqual(int keys) {
        List<RedisServer> copy = List.of(target);
        try (Jedis jedis = target.jedis()) {
            jedis.del("rump-shards");
        }
        if (!RedisCluster.digest(List.of(filled)).equals(RedisCluster.digest(copy))) {
            throw new IllegalStateException("the target does not hold the " + keys + " keys of the cluster, or others");
        }
    }

    /** DUMP commands that the masters have answered. */
    private long dumps() {
        return cluster.masters().stream()
                .mapToLong(master -> {
                    try (Jedis jedis = master.jedis()) {
                        return jedis.info("commandstats")
                                .lines()
                                .filter(line -> line.startsWith("cmdstat_dump:calls="))
                                .mapToLong(line ->
                                        Long.parseLong(line.substring(line.indexOf('=') + 1, line.indexOf(','))))
                                .sum();
                    }
                })
                .sum();
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
