package io.camelrump.values;

import io.camelrump.redis.Cursor;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ScanReply;
import io.camelrump.redis.Slot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The temporary keys under which values are put together at a target, of copies that are not complete yet.
 *
 * <p>Each lies in the slot of the key whose name it will take, so that the two can change places in a cluster too.
 */
public final class TemporaryKeys {
    private static final String PREFIX = "rump:tmp:";
    /** A name that only a run gives: no run copies, counts, compares or prunes such a key. */
    private static final Pattern OF_A_RUN = Pattern.compile(
            PREFIX + "(checkpoint:|\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}($|[:{])).*", Pattern.DOTALL);

    /** Milliseconds after which a temporary key expires that no run came back to. */
    public static final long MILLIS = 3_600_000;
    /** That killed runs may have left in a target that is empty otherwise. */
    private static final int MOST_LEFT = 100;

    private static final int LOOKED_AT = 1_000;
    /** Beyond it, a temporary key that comes back with older data is left to its expiry. */
    private static final int MOST_ENDED = 1_000;

    private static final byte[] START = PREFIX.getBytes(StandardCharsets.US_ASCII);

    /** The copies in progress, by name. */
    private final Map<String, Copy> copies = new LinkedHashMap<>();
    /** Names of copies that ended: a target that comes back with what it saved before has them again. */
    private final Deque<String> ended = new ArrayDeque<>();

    /** State of a copy. */
    private static final class Copy {
        /** Parts that were taken, from the first one on and without a gap. */
        private int parts;
        /** Fields of these parts whose time was up on arrival. */
        private long expired;
        /** Why the target refused a part; null if it refused none. */
        private @Nullable String refusal;
    }

    /** Whether a key of this name is one of these, of any run. */
    public static boolean isTemporary(byte[] name) {
        return isTemporary(KeyList.of(name), 0);
    }

    /** Whether the key at this place is one of these, of any run. */
    public static boolean isTemporary(KeyList keys, int i) {
        int from = keys.offset(i);
        return keys.length(i) > START.length
                && Arrays.equals(keys.array(), from, from + START.length, START, 0, START.length)
                && OF_A_RUN.matcher(new String(keys.array(), from, keys.length(i), StandardCharsets.ISO_8859_1))
                        .matches();
    }

    /** These keys without temporary ones: the same list where there are none. */
    public static KeyList without(KeyList keys) {
        for (int i = 0; i < keys.size(); i++) {
            if (isTemporary(keys, i)) {
                return keys.select(IntStream.range(0, keys.size())
                        .filter(place -> !isTemporary(keys, place))
                        .toArray());
            }
        }
        return keys;
    }

    /**
     * Whether all that a target holds is what runs leave: a checkpoint and its lock, or parts of big keys.
     *
     * @param keys how many it holds
     */
    public static boolean areAll(RedisConnection target, long keys) throws IOException {
        if (keys > MOST_LEFT) {
            return false;
        }
        // one call shows all of so few keys, unless they were many before
        try {
            ScanReply reply = ScanReply.of(target, Cursor.START, LOOKED_AT);
            return reply.cursor().isEnd()
                    && reply.tooLong().isEmpty()
                    && without(reply.keys()).size() == 0;
        } catch (RedisException e) {
            if (!e.isPermanent()) {
                throw e;
            }
            // a user that may not SCAN
            return false;
        }
    }

    /** The name under which a copy of this key is put together. */
    public static String name(String copy, byte[] key) {
        return PREFIX + copy + "{" + Slot.tag(Slot.of(key)) + "}";
    }

    public static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.ISO_8859_1);
    }

    public void begin(String name) {
        copies.put(name, new Copy());
    }

    /** More of a copy comes; its beginning may have gone to another process of this target. */
    public void continueCopy(String name) {
        copies.putIfAbsent(name, new Copy());
    }

    /**
     * The target took the part of this number; again, where its answer was lost.
     *
     * @param expired fields of it whose time was up on arrival
     */
    public void took(String name, int number, long expired) {
        Copy copy = copies.get(name);
        if (copy != null && copy.parts == number) {
            copy.parts++;
            copy.expired += expired;
        }
    }

    /**
     * Whether the target took all parts up to this last one: a string that lacks one in the middle is as long as it
     * was.
     *
     * @param count of the elements that are there, as the target reported it
     */
    public boolean isWhole(String name, KeyPart last, @Nullable Object count) {
        Copy copy = copies.get(name);
        return copy != null
                && copy.parts > last.number()
                && count instanceof Long there
                && there <= last.count()
                // what SCAN reads twice may count twice as expired
                && there >= last.count() - copy.expired;
    }

    /** Whether nothing is left of it, as the time of all its fields was up on arrival. */
    public boolean hasExpired(String name, KeyPart last) {
        Copy copy = copies.get(name);
        return copy != null && copy.expired > 0 && copy.expired >= last.count();
    }

    /** Why the target refused a part of this copy; null if it refused none. */
    @Nullable
    public String refusal(String name) {
        Copy copy = copies.get(name);
        return copy == null ? null : copy.refusal;
    }

    public void refuse(String name, String cause) {
        Copy copy = copies.get(name);
        if (copy != null) {
            copy.refusal = cause;
        }
    }

    public void end(String name) {
        copies.remove(name);
        if (ended.size() == MOST_ENDED) {
            ended.remove();
        }
        ended.add(name);
    }

    /**
     * Removes what was put together of copies that will not go on. What is at another node by now, or cannot be deleted
     * yet, stays in progress, and expires.
     */
    public void discard(RedisConnection target, String delete) throws IOException {
        for (String name : underWay()) {
            if (!(target.call(delete, bytes(name)) instanceof ErrorReply)) {
                end(name);
            }
        }
    }

    public List<String> underWay() {
        return List.copyOf(copies.keySet());
    }

    /** Forgets what was taken of each copy, but not its name: another process may hold it all the same. */
    public void beginAgain() {
        copies.replaceAll((name, copy) -> new Copy());
        ended.forEach(name -> copies.put(name, new Copy()));
        ended.clear();
    }
}
