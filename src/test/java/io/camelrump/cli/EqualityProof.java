package io.camelrump.cli;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Proves that two databases hold the same: keys, types, values, expiry times and the groups of streams.
 *
 * <p>Both must be at rest while it runs; it reads on the connections' selected databases, by RESP2. Values count as
 * equal when DEBUG DIGEST says so; where that is not allowed, or says otherwise (versions may disagree), they are read
 * and compared. DEBUG DIGEST alone is no proof: it overlooks when a key expires and all about stream groups.
 */
public final class EqualityProof {

    private static final int PAGE = 500;
    private static final int CLOCK_SAMPLES = 15;
    private static final int DIFFERENCES_TOLD = 20;
    private static final int ASKED_ALONE = 5;

    private final ServerView left;
    private final ServerView right;
    private final long toleranceMillis;
    private final List<String> differences = new ArrayList<>();
    private long differing;
    private long skewMillis;
    private boolean valuesProven;

    /**
     * What was found.
     *
     * @param keys how many keys were compared: those that at least one side has
     * @param differing how many differences there are
     * @param differences the first of them in words
     */
    public record Result(long keys, long differing, List<String> differences) {

        public Result {
            differences = List.copyOf(differences);
        }

        public boolean isEqual() {
            return differing == 0;
        }
    }

    private EqualityProof(ServerView left, ServerView right, Duration tolerance) {
        this.left = left;
        this.right = right;
        this.toleranceMillis = tolerance.toMillis();
    }

    /**
     * Compares what two connections see.
     *
     * @param tolerance how far apart two expiry times may be, after the difference of the servers' clocks is taken out
     */
    public static Result compare(Jedis left, Jedis right, Duration tolerance) {
        return new EqualityProof(new ServerView(left), new ServerView(right), tolerance).run();
    }

    private Result run() {
        skewMillis = skew();
        String digest = left.digest();
        // the digest also depends on the number of the database and covers all of them
        valuesProven = digest != null
                && left.database() == right.database()
                && left.isAlone()
                && right.isAlone()
                && digest.equals(right.digest());
        Set<ByteBuffer> all = new HashSet<>(left.keys());
        all.addAll(right.keys());
        List<ByteBuffer> page = new ArrayList<>(PAGE);
        for (ByteBuffer key : all) {
            page.add(key);
            if (page.size() == PAGE) {
                comparePage(page);
                page.clear();
            }
        }
        comparePage(page);
        return new Result(all.size(), differing, differences);
    }

    private void comparePage(List<ByteBuffer> page) {
        List<ServerView.KeyState> lefts = left.states(page);
        List<ServerView.KeyState> rights = right.states(page);
        List<ByteBuffer> present = new ArrayList<>();
        List<String> types = new ArrayList<>();
        for (int i = 0; i < page.size(); i++) {
            if (sameState(page.get(i), lefts.get(i), rights.get(i))) {
                present.add(page.get(i));
                types.add(lefts.get(i).type());
            }
        }
        if (!valuesProven && !present.isEmpty()) {
            compareValues(present, types);
        }
        for (int i = 0; i < present.size(); i++) {
            if (types.get(i).equals("stream")) {
                compareStreamThatMayEnd(present.get(i));
            } else if (types.get(i).equals("hash") && left.knowsFieldExpiry() && right.knowsFieldExpiry()) {
                compareFieldExpiry(present.get(i));
            }
        }
    }

    /** Tells what differs in presence, type and expiry; true when both have the key and its value can be compared. */
    private boolean sameState(ByteBuffer key, ServerView.KeyState one, ServerView.KeyState other) {
        boolean gone = one.expiresAt() == ServerView.GONE;
        boolean otherGone = other.expiresAt() == ServerView.GONE;
        if (gone || otherGone) {
            if (gone != otherGone && !isExpiring(gone ? right : left, gone ? other : one)) {
                differ(key, "is missing on the " + (gone ? "left" : "right"));
            }
            return false;
        }
        if (!one.type().equals(other.type())) {
            differ(key, "is a " + one.type() + " against a " + other.type());
            return false;
        }
        if (!sameTime(one.expiresAt(), other.expiresAt()) && !sameTimeWhenAskedAlone(key)) {
            differ(key, "expires at " + one.expiresAt() + " ms against " + other.expiresAt());
        }
        return true;
    }

    /** A key that ends just now may be gone already on the other side. */
    private boolean isExpiring(ServerView view, ServerView.KeyState state) {
        return state.expiresAt() != ServerView.NO_EXPIRY
                && state.expiresAt() <= view.clockMicros() / 1000 + toleranceMillis;
    }

    /** A server that was held up between its time of day and a remaining time told a wrong instant. */
    private boolean sameTimeWhenAskedAlone(ByteBuffer key) {
        for (int i = 0; i < ASKED_ALONE; i++) {
            long one = left.states(List.of(key)).get(0).expiresAt();
            long other = right.states(List.of(key)).get(0).expiresAt();
            if (sameTime(one, other)) {
                return true;
            }
        }
        return false;
    }

    private boolean sameTime(long one, long other) {
        if (one == ServerView.NO_EXPIRY || other == ServerView.NO_EXPIRY) {
            return one == other;
        }
        return Math.abs(one + skewMillis - other) <= toleranceMillis;
    }

    private void compareValues(List<ByteBuffer> keys, List<String> types) {
        boolean digests = left.knowsValueDigest() && right.knowsValueDigest();
        List<String> lefts = digests ? left.valueDigests(keys) : List.of();
        List<String> rights = digests ? right.valueDigests(keys) : List.of();
        for (int i = 0; i < keys.size(); i++) {
            ByteBuffer key = keys.get(i);
            String type = types.get(i);
            boolean same = digests && lefts.get(i).equals(rights.get(i))
                    || left.value(key, type).equals(right.value(key, type));
            if (!same) {
                differ(key, "holds another " + type);
            }
        }
    }

    private void compareFieldExpiry(ByteBuffer key) {
        Map<Object, Long> lefts = left.fieldExpiries(key);
        Map<Object, Long> rights = right.fieldExpiries(key);
        Set<Object> fields = new HashSet<>(lefts.keySet());
        fields.addAll(rights.keySet());
        for (Object field : fields) {
            Long one = lefts.getOrDefault(field, ServerView.NO_EXPIRY);
            Long other = rights.getOrDefault(field, ServerView.NO_EXPIRY);
            // field times travel inside the payload, as they are
            if (one < 0 != other < 0 || Math.abs(one - other) > toleranceMillis) {
                differ(key, "has field " + readable((ByteBuffer) field) + " expire at " + one + " against " + other);
            }
        }
    }

    /** One that ends while it is looked at is judged by whether both sides let it end. */
    private void compareStreamThatMayEnd(ByteBuffer key) {
        try {
            compareStream(key);
        } catch (JedisDataException e) {
            List<ByteBuffer> one = List.of(key);
            if (sameState(key, left.states(one).get(0), right.states(one).get(0))) {
                throw e;
            }
        }
    }

    private void compareStream(ByteBuffer key) {
        Map<String, Object> lefts = left.streamState(key);
        Map<String, Object> rights = right.streamState(key);
        // a server without producers' ids has as many as a stream that never saw one
        ServerView.NO_PRODUCER_IDS.forEach((part, none) -> {
            lefts.putIfAbsent(part, none);
            rights.putIfAbsent(part, none);
        });
        Set<String> parts = new HashSet<>(lefts.keySet());
        parts.addAll(rights.keySet());
        for (String part : parts) {
            boolean isCounter = part.endsWith("entries-added")
                    || part.endsWith("entries-read")
                    || part.endsWith("max-deleted-entry-id")
                    || part.endsWith("recorded-first-entry-id");
            boolean reportedByBoth = lefts.containsKey(part) && rights.containsKey(part);
            // counters came with 7.0
            if ((reportedByBoth || !isCounter) && !Objects.equals(lefts.get(part), rights.get(part))) {
                differ(key, "is a stream with another " + part);
            }
        }
    }

    private void differ(ByteBuffer key, String what) {
        differing++;
        if (differences.size() < DIFFERENCES_TOLD) {
            differences.add("key " + readable(key) + " " + what);
        }
    }

    /** By how much the right clock is ahead; the sample with the shortest round trip is the most exact. */
    private long skew() {
        long best = Long.MAX_VALUE;
        long skew = 0;
        for (int i = 0; i < CLOCK_SAMPLES; i++) {
            long begin = System.nanoTime();
            long one = left.clockMicros();
            long other = right.clockMicros();
            long took = System.nanoTime() - begin;
            if (took < best) {
                best = took;
                // the two clocks are read half of the time apart
                skew = other - one - took / 2000;
            }
        }
        return Math.round(skew / 1000.0);
    }

    private static String readable(ByteBuffer key) {
        StringBuilder text = new StringBuilder("\"");
        for (byte b : key.array()) {
            if (b >= ' ' && b < 127 && b != '"' && b != '\\') {
                text.append((char) b);
            } else {
                text.append(String.format("\\x%02x", b));
            }
        }
        return text.append('"').toString();
    }
}
