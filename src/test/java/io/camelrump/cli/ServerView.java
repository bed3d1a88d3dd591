package io.camelrump.cli;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;

/** One database of one server, read by {@link EqualityProof}. Byte arrays are given as buffers, equal by content. */
final class ServerView {

    static final long NO_EXPIRY = -1;
    static final long GONE = -2;

    private static final String SCAN_COUNT = "1000";

    /** Parts of XINFO STREAM FULL that follow from when and where it is looked at, not from the data. */
    private static final Set<String> NOT_DATA =
            Set.of("radix-tree-keys", "radix-tree-nodes", "entries", "seen-time", "active-time", "lag");

    /** What a stream tells that never saw an id of a producer (Redis 8.6). */
    static final Map<String, Object> NO_PRODUCER_IDS = Map.of(
            "idmp-duration", 100L,
            "idmp-maxsize", 100L,
            "pids-tracked", 0L,
            "iids-tracked", 0L,
            "iids-added", 0L,
            "iids-duplicates", 0L);

    private final Jedis jedis;
    private final boolean knowsExpiryTime;
    private final boolean knowsFieldExpiry;
    private final boolean knowsValueDigest;

    /** What a key is and when it expires by this server's clock, in ms; or {@link #NO_EXPIRY}, {@link #GONE}. */
    record KeyState(String type, long expiresAt) {}

    ServerView(Jedis jedis) {
        this.jedis = jedis;
        byte[] none = {};
        knowsExpiryTime = answers("PEXPIRETIME", none);
        knowsFieldExpiry = answers("HPEXPIRETIME", none, bytes("FIELDS"), bytes("1"), none);
        knowsValueDigest = answers("DEBUG", bytes("DIGEST-VALUE"), none);
    }

    boolean knowsValueDigest() {
        return knowsValueDigest;
    }

    boolean knowsFieldExpiry() {
        return knowsFieldExpiry;
    }

    int database() {
        return jedis.getDB();
    }

    /** The digest over all databases of the server, or null where DEBUG is not allowed or not safe. */
    @Nullable
    String digest() {
        if (!knowsValueDigest) {
            // Redis 2.8 ends itself in DEBUG DIGEST when a table is resized just then (dict.c, iter->fingerprint)
            return null;
        }
        try {
            return text(jedis.sendCommand(() -> bytes("DEBUG"), bytes("DIGEST")));
        } catch (JedisDataException e) {
            return null;
        }
    }

    /** Whether no other database of the server holds a key, so that {@link #digest} is about this one. */
    boolean isAlone() {
        try {
            return jedis.info("keyspace")
                    .lines()
                    .filter(line -> line.startsWith("db"))
                    .allMatch(line -> line.startsWith("db" + database() + ":"));
        } catch (JedisDataException e) {
            return false;
        }
    }

    /** The server's clock in microseconds. */
    long clockMicros() {
        return micros(jedis.sendCommand(() -> bytes("TIME")));
    }

    Set<ByteBuffer> keys() {
        Set<ByteBuffer> keys = new HashSet<>();
        byte[] cursor = bytes("0");
        do {
            List<?> page = list(jedis.sendCommand(() -> bytes("SCAN"), cursor, bytes("COUNT"), bytes(SCAN_COUNT)));
            cursor = (byte[]) page.get(0);
            for (Object key : list(page.get(1))) {
                keys.add(ByteBuffer.wrap((byte[]) key));
            }
        } while (!Arrays.equals(cursor, bytes("0")));
        return keys;
    }

    List<KeyState> states(List<ByteBuffer> keys) {
        List<Response<Object>> types = new ArrayList<>();
        List<Response<Object>> expiries = new ArrayList<>();
        List<Response<Object>> times = new ArrayList<>();
        try (Pipeline pipeline = jedis.pipelined()) {
            for (ByteBuffer key : keys) {
                types.add(send(pipeline, "TYPE", key.array()));
                if (!knowsExpiryTime) {
                    // a PTTL counts from its own now: many in a row take a slow server some milliseconds
                    times.add(send(pipeline, "TIME"));
                }
                expiries.add(send(pipeline, knowsExpiryTime ? "PEXPIRETIME" : "PTTL", key.array()));
            }
        }
        List<KeyState> states = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            long expiry = (Long) expiries.get(i).get();
            long base = knowsExpiryTime ? 0 : micros(times.get(i).get()) / 1000;
            states.add(new KeyState(text(types.get(i).get()), expiry < 0 ? expiry : base + expiry));
        }
        return states;
    }

    /** A digest of each value; only where {@link #knowsValueDigest}. */
    List<String> valueDigests(List<ByteBuffer> keys) {
        byte[][] arguments = new byte[keys.size() + 1][];
        arguments[0] = bytes("DIGEST-VALUE");
        for (int i = 0; i < keys.size(); i++) {
            arguments[i + 1] = keys.get(i).array();
        }
        List<?> digests = list(jedis.sendCommand(() -> bytes("DEBUG"), arguments));
        return digests.stream().map(ServerView::text).toList();
    }

    /** The value by commands, in a form that is equal when the data is. */
    Object value(ByteBuffer key, String type) {
        byte[] name = key.array();
        byte[] first = bytes("0");
        byte[] last = bytes("-1");
        return switch (type) {
            case "string" -> plain(ask("GET", name));
            case "list" -> plain(ask("LRANGE", name, first, last));
            case "set" -> new HashSet<>(list(plain(ask("SMEMBERS", name))));
            case "hash" -> pairs(ask("HGETALL", name));
            case "zset" -> scores(ask("ZRANGE", name, first, last, bytes("WITHSCORES")));
            case "stream" -> plain(ask("XRANGE", name, bytes("-"), bytes("+")));
            // a module's type has no commands known here
            default -> plain(ask("DUMP", name));
        };
    }

    /** When each expiring field of a hash expires, by this server's clock. */
    Map<Object, Long> fieldExpiries(ByteBuffer key) {
        List<?> fields = list(ask("HKEYS", key.array()));
        Map<Object, Long> expiries = new HashMap<>();
        if (fields.isEmpty()) {
            return expiries;
        }
        List<byte[]> arguments = new ArrayList<>(List.of(key.array(), bytes("FIELDS"), bytes("" + fields.size())));
        fields.forEach(field -> arguments.add((byte[]) field));
        List<?> times = list(ask("HPEXPIRETIME", arguments.toArray(byte[][]::new)));
        for (int i = 0; i < fields.size(); i++) {
            long time = (Long) times.get(i);
            if (time >= 0) {
                expiries.put(plain(fields.get(i)), time);
            }
        }
        return expiries;
    }

    /** All that a stream holds besides its entries: last id, counters, groups, consumers, pending entries. */
    Map<String, Object> streamState(ByteBuffer key) {
        byte[] name = key.array();
        Map<String, Object> state = new TreeMap<>();
        try {
            flatten("", ask("XINFO", bytes("STREAM"), name, bytes("FULL"), bytes("COUNT"), bytes("0")), state);
        } catch (JedisDataException e) {
            // before 6.0
            for (Object group : list(ask("XINFO", bytes("GROUPS"), name))) {
                byte[] groupName = (byte[]) list(group).get(1);
                flatten("group " + text(groupName) + " ", group, state);
                byte[] all = bytes(String.valueOf(Integer.MAX_VALUE));
                Object pending = plain(ask("XPENDING", name, groupName, bytes("-"), bytes("+"), all));
                state.put("group " + text(groupName) + " pel", pending);
            }
        }
        return state;
    }

    /** Gives each part of a nested reply a path of names; parts are compared only where both servers tell them. */
    private static void flatten(String path, Object reply, Map<String, Object> state) {
        List<?> parts = list(reply);
        for (int i = 0; i + 1 < parts.size(); i += 2) {
            String part = text(parts.get(i));
            Object value = parts.get(i + 1);
            if (part.equals("groups") || part.equals("consumers")) {
                for (Object member : value instanceof List<?> members ? members : List.of()) {
                    flatten(path + part + " " + text(list(member).get(1)) + " ", member, state);
                }
            } else if (!NOT_DATA.contains(part)) {
                state.put(path + part, plain(value));
            }
        }
    }

    private boolean answers(String command, byte[]... arguments) {
        try {
            ask(command, arguments);
            return true;
        } catch (JedisDataException e) {
            // the command is known, but the probed key is there and of another type
            return e.getMessage().startsWith("WRONGTYPE");
        }
    }

    private Object ask(String command, byte[]... arguments) {
        return jedis.sendCommand(() -> bytes(command), arguments);
    }

    private static Response<Object> send(Pipeline pipeline, String command, byte[]... arguments) {
        return pipeline.sendCommand(() -> bytes(command), arguments);
    }

    private static Object plain(@Nullable Object reply) {
        if (reply instanceof byte[] bytes) {
            return ByteBuffer.wrap(bytes);
        }
        if (reply instanceof List<?> parts) {
            return parts.stream().map(ServerView::plain).toList();
        }
        return reply == null ? "nil" : reply;
    }

    private static Map<Object, Object> pairs(Object reply) {
        Map<Object, Object> pairs = new HashMap<>();
        List<?> flat = list(plain(reply));
        for (int i = 0; i < flat.size(); i += 2) {
            pairs.put(flat.get(i), flat.get(i + 1));
        }
        return pairs;
    }

    private static Map<Object, Double> scores(Object reply) {
        Map<Object, Double> scores = new HashMap<>();
        List<?> flat = list(reply);
        for (int i = 0; i < flat.size(); i += 2) {
            // versions write the same number in different ways
            String score = text(flat.get(i + 1)).replace("inf", "Infinity");
            scores.put(plain(flat.get(i)), Double.valueOf(score));
        }
        return scores;
    }

    private static List<?> list(Object reply) {
        return (List<?>) reply;
    }

    private static long micros(Object time) {
        return Long.parseLong(text(list(time).get(0))) * 1_000_000
                + Long.parseLong(text(list(time).get(1)));
    }

    private static String text(Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.ISO_8859_1) : reply.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
