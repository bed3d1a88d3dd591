package io.camelrump.bench;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Measures how long both servers are blocked while one big key is copied, in parts by the command and by a plain DUMP
 * and RESTORE; and copies a list whose payload no server takes back.
 */
public final class BigKeys {
    private static final int FIELDS = Integer.getInteger("rump.bench.fields", 5_000_000);
    private static final int FIELDS_AT_ONCE = 1_000;
    private static final int ELEMENTS = 600;
    private static final int ELEMENT_BYTES = 1_000_000;
    private static final int PATIENCE_MILLIS = 300_000;

    private final PrintStream out;

    private BigKeys(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] none) throws Exception {
        BigKeys bench = new BigKeys(System.out);
        bench.say(
                "%n%-34s %9s %16s %16s %9s",
                "One key, 2 clients at each server", "seconds", "source blocked", "target blocked", "MB RSS");
        bench.hash();
        bench.list();
    }

    private void hash() throws Exception {
        try (RedisServers servers = new RedisServers()) {
            RedisServer source = servers.start();
            RedisServer target = servers.start();
            try (Jedis from = patient(source);
                    Jedis to = patient(target)) {
                fillHash(from);
                double[] plain = plain(source, target, from, to);
                to.flushAll();
                double[] parts = byParts(source, target);
                if (to.hlen("big") != FIELDS) {
                    throw new IllegalStateException("the hash has " + to.hlen("big") + " fields");
                }
                String title = String.format(Locale.ROOT, "hash of %,d fields", FIELDS);
                row(title + ", DUMP, RESTORE", plain, "");
                row(title + ", rump", parts, String.format(Locale.ROOT, "%.0f", parts[3] / (1 << 20)));
                say(
                        "in parts the source is blocked for 1/%.0f of that, the target for 1/%.0f",
                        plain[1] / parts[1], plain[2] / parts[2]);
            }
        }
    }

    private static double[] plain(RedisServer source, RedisServer target, Jedis from, Jedis to) throws Exception {
        try (Hammer atSource = new Hammer(source);
                Hammer atTarget = new Hammer(target)) {
            long begin = System.nanoTime();
            byte[] payload = from.dump("big".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            to.restore("big".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, payload);
            double seconds = (System.nanoTime() - begin) / 1e9;
            return new double[] {seconds, longest(atSource), longest(atTarget), 0};
        }
    }

    private static double[] byParts(RedisServer source, RedisServer target) throws Exception {
        try (Hammer atSource = new Hammer(source);
                Hammer atTarget = new Hammer(target)) {
            ToolRun run = Build.current().copy(source.port(), target.port());
            return new double[] {run.seconds(), longest(atSource), longest(atTarget), run.peakBytes()};
        }
    }

    /** Milliseconds of the longest round trip. */
    private static double longest(Hammer hammer) throws InterruptedException {
        double[] roundTrips = hammer.end();
        return roundTrips[roundTrips.length - 1];
    }

    private void list() throws Exception {
        try (RedisServers servers = new RedisServers()) {
            RedisServer source = servers.start();
            RedisServer target = servers.start();
            try (Jedis from = patient(source);
                    Jedis to = patient(target)) {
                byte[] noise = new byte[ELEMENT_BYTES];
                Random random = new Random(7);
                for (int i = 0; i < ELEMENTS; i++) {
                    random.nextBytes(noise);
                    from.rpush("list".getBytes(java.nio.charset.StandardCharsets.US_ASCII), noise);
                }
                double[] parts = byParts(source, target);
                row(
                        "list of 600 MB, rump",
                        parts,
                        String.format(Locale.ROOT, "%.0f, %d elements there", parts[3] / (1 << 20), to.llen("list")));
            }
            say("its RESTORE: %s", plainRestore(source, target));
        }
    }

    /** What a target says to the list's payload. */
    private static String plainRestore(RedisServer source, RedisServer target) {
        byte[] key = "list".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        try (Jedis from = patient(source);
                Jedis to = patient(target)) {
            byte[] payload = from.dump(key);
            to.del(key);
            to.restore(key, 0, payload);
            return "taken, " + payload.length + " bytes";
        } catch (JedisException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static void fillHash(Jedis jedis) {
        try (Pipeline pipeline = jedis.pipelined()) {
            for (int i = 0; i < FIELDS; i += FIELDS_AT_ONCE) {
                Map<String, String> fields = new HashMap<>();
                for (int n = i; n < i + FIELDS_AT_ONCE; n++) {
                    fields.put("field:" + n, "value:" + n);
                }
                pipeline.hset("big", fields);
            }
        }
    }

    private static Jedis patient(RedisServer server) {
        return new Jedis(RedisServer.HOST, server.port(), PATIENCE_MILLIS);
    }

    private void row(String title, double[] figures, String memory) {
        say("%-34s %9.1f %13.1f ms %13.1f ms %9s", title, figures[0], figures[1], figures[2], memory);
    }

    private void say(String text, Object... values) {
        out.printf(Locale.ROOT, text + "%n", values);
    }
}
