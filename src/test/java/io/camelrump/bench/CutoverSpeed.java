package io.camelrump.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.fixtures.AcknowledgedWriter;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;

/**
 * How long writers stand still at a cutover, by the number of keys and the rate of the writes: from the begin of the
 * pause until both sides are known to be equal. A client writes all the while, and each write that it was acknowledged
 * must be at the target. With a way back, the client moves over at the barrier, and goes on writing there.
 */
public final class CutoverSpeed {
    private static final int VALUE_BYTES = 100;
    private static final int[] RATES = {2_000, 10_000};
    private static final List<Integer> SIZES = List.of(100_000, 1_000_000, 5_000_000);
    /** Writes that nobody verifies beside them, between the sweep and the cutover. */
    private static final long FOLLOWING_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final String WAY_BACK = "--way-back";
    private static final String TOKEN = "of-this-benchmark-alone";

    private CutoverSpeed() {}

    /** @param words numbers of keys, none for the usual ones; and {@code --way-back} for runs that have one */
    public static void main(String[] words) throws Exception {
        boolean wayBack = List.of(words).contains(WAY_BACK);
        List<Integer> sizes = Stream.of(words)
                .filter(word -> !word.equals(WAY_BACK))
                .map(Integer::valueOf)
                .toList();
        say(
                "%10s %9s %12s %12s %10s %12s %9s",
                "keys", "writes/s", "verified s", "pause ms", "compared", "acknowledged", "missing");
        long missing = 0;
        for (int keys : sizes.isEmpty() ? SIZES : sizes) {
            for (int rate : RATES) {
                missing += measure(keys, rate, wayBack);
            }
        }
        System.exit(missing == 0 ? 0 : 1);
    }

    private static long measure(int keys, int rate, boolean wayBack) throws Exception {
        Path folder = Files.createTempDirectory("rump-cutover");
        try (RedisServers servers = new RedisServers()) {
            RedisServer source = servers.start();
            RedisServer target = servers.start();
            try (Jedis jedis = source.jedis()) {
                SampleData.populate(jedis, keys, VALUE_BYTES);
            }
            try (AcknowledgedWriter writer = new AcknowledgedWriter(source, keys, rate)) {
                Ended run = new Cutover(source, target, folder, wayBack).run(writer);
                writer.close();
                long missing = writer.missingAt(target) + differing(source, target);
                say(
                        "%,10d %,9d %12.1f %12.0f %,10d %,12d %,9d%s",
                        keys,
                        rate,
                        run.verifiedSeconds(),
                        run.live().path("pauseToConvergedSeconds").asDouble(Double.NaN) * 1e3,
                        run.live().path("comparedAtCutover").asLong(),
                        writer.written(),
                        missing,
                        run.code() == 0 ? "" : "  ended with " + run.code());
                return missing + run.code();
            }
        } finally {
            Files.deleteIfExists(folder.resolve("run.json"));
            Files.deleteIfExists(folder.resolve("go"));
            Files.deleteIfExists(folder.resolve("token"));
            Files.delete(folder);
        }
    }

    /** @param live what its summary says of what was followed */
    private record Ended(int code, double verifiedSeconds, JsonNode live) {}

    /** One run, to its end. */
    private record Cutover(RedisServer source, RedisServer target, Path folder, boolean wayBack) {
        Ended run(AcknowledgedWriter writer) throws Exception {
            Path json = folder.resolve("run.json");
            Path go = folder.resolve("go");
            Path token = Files.writeString(folder.resolve("token"), TOKEN);
            int port = RedisServer.freePort();
            List<String> flags = new ArrayList<>(List.of(
                    "--from=redis://" + RedisServer.HOST + ":" + source.port(),
                    "--to=redis://" + RedisServer.HOST + ":" + target.port(),
                    "--live",
                    "--latency-guard=off",
                    "--final-compare=waiting",
                    "--pause-writes=30s",
                    "--cutover-file=" + go,
                    "--json=" + json));
            if (wayBack) {
                flags.addAll(List.of(WAY_BACK, "--control-port=" + port, "--control-token-file=" + token));
            }
            long begin = System.nanoTime();
            Process run = Build.current().startHeard(flags.toArray(String[]::new));
            BufferedReader said = run.errorReader(StandardCharsets.UTF_8);
            awaitLine(said, "Verified beside the writers");
            double verified = (System.nanoTime() - begin) / 1e9;
            LockSupport.parkNanos(FOLLOWING_NANOS);
            Files.createFile(go);
            if (wayBack) {
                awaitLine(said, "Writes at the source stay paused");
                writer.moveTo(target);
                awaitLine(said, "The way back begins");
                LockSupport.parkNanos(FOLLOWING_NANOS);
                writer.finish();
                release(port, token);
            }
            hear(said);
            return new Ended(
                    run.waitFor(),
                    verified,
                    new ObjectMapper().readTree(json.toFile()).path("live"));
        }
    }

    private static void release(int port, Path token) throws IOException, InterruptedException {
        Process released = Build.current()
                .startCall(
                        "release",
                        "--control=http://" + RedisServer.HOST + ":" + port,
                        "--control-token-file=" + token);
        if (released.waitFor() != 0) {
            throw new IOException("the way back was not released");
        }
    }

    private static void awaitLine(BufferedReader said, String text) throws IOException {
        String line = said.readLine();
        while (line != null && !line.contains(text)) {
            line = said.readLine();
        }
        if (line == null) {
            throw new IOException("the run has ended, and has not said: " + text);
        }
    }

    /** Shows the rest of what is said. */
    private static void hear(BufferedReader said) {
        Thread rest = new Thread(() -> said.lines().forEach(System.err::println), "said");
        rest.setDaemon(true);
        rest.start();
    }

    /** 1 if one side has other keys than the other one, beside those that were written. */
    private static long differing(RedisServer source, RedisServer target) {
        return digest(source).equals(digest(target)) ? 0 : 1;
    }

    private static String digest(RedisServer server) {
        try (Jedis jedis = new Jedis(RedisServer.HOST, server.port(), (int) TimeUnit.MINUTES.toMillis(5))) {
            return new String(
                    (byte[]) jedis.sendCommand(() -> "DEBUG".getBytes(StandardCharsets.US_ASCII), "DIGEST"),
                    StandardCharsets.US_ASCII);
        }
    }

    private static void say(String text, Object... values) {
        System.out.printf(Locale.ROOT, text + "%n", values);
    }
}
