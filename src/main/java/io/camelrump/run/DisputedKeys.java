package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.Refusal;
import io.camelrump.checkpoint.HeldKeys;
import io.camelrump.redis.KeyList;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys that others have written at the target of a way back, which the source has with other values. They are copied no
 * longer until a person has said which side is right.
 *
 * <p>A target reports more than that: fields of a hash that expired, and a key of the same name in another database. So
 * a reported key is suspected, and not copied, until a comparison has found whether both sides differ. One that the run
 * itself was writing at that moment is contended, and copied again: nobody can say who came last.
 *
 * <p>Names are those of the source. Bounded: of more keys nobody keeps the names. All methods may be called from any
 * thread and return at once.
 */
public final class DisputedKeys {
    private static final Logger LOG = LoggerFactory.getLogger(DisputedKeys.class);
    private static final int MOST = 10_000;

    /** Null before anybody asks for them. */
    @GuardedBy("this")
    private @Nullable Function<byte[], @Nullable List<byte[]>> origins;

    /** Keys that are not copied, each with the number of the last report of it. */
    @GuardedBy("this")
    private final Map<ByteBuffer, Long> open = new LinkedHashMap<>();

    /** Open keys that were found to differ. */
    @GuardedBy("this")
    private final Set<ByteBuffer> differing = new HashSet<>();

    /** Number of the last report. */
    @GuardedBy("this")
    private long reports;

    /** Keys of which the target has the right values. */
    @GuardedBy("this")
    private final Set<ByteBuffer> left = new HashSet<>();

    @GuardedBy("this")
    private final Set<ByteBuffer> contended = new LinkedHashSet<>();

    @GuardedBy("this")
    private boolean overflowed;

    /**
     * Keys that may be the same at both sides or not.
     *
     * @param asOf number of the last report by then
     */
    public record Suspects(List<byte[]> keys, long asOf) {
        public Suspects {
            keys = List.copyOf(keys);
        }
    }

    /**
     * Both sides are equal now.
     *
     * @param readBackwards gives names of the source for one of the target; null where one is not known
     */
    public synchronized void begin(Function<byte[], @Nullable List<byte[]>> readBackwards) {
        origins = readBackwards;
        open.clear();
        differing.clear();
        contended.clear();
        overflowed = false;
    }

    /** Somebody else may have written these keys at a target; by their names there. */
    public synchronized void written(List<byte[]> keys) {
        reports++;
        for (byte[] key : origins(keys)) {
            ByteBuffer name = ByteBuffer.wrap(key);
            if (left.contains(name)) {
                continue;
            }
            if (open.size() < MOST || open.containsKey(name)) {
                open.put(name, reports);
            } else {
                overflowed = true;
            }
        }
    }

    /**
     * Somebody else has written these keys at a target, or they have expired there, while the run wrote them too; by
     * their names there.
     *
     * @return those that must be copied again
     */
    public synchronized List<byte[]> contended(List<byte[]> keys) {
        List<byte[]> again = origins(keys);
        again.removeIf(key -> isHeld(key));
        again.stream().limit(MOST - contended.size()).map(ByteBuffer::wrap).forEach(contended::add);
        return again;
    }

    private synchronized List<byte[]> origins(List<byte[]> keys) {
        Function<byte[], @Nullable List<byte[]>> known = origins;
        List<byte[]> names = new ArrayList<>();
        for (byte[] key : known == null ? List.<byte[]>of() : keys) {
            List<byte[]> sources = known.apply(key);
            if (sources == null) {
                overflowed = true;
            } else {
                names.addAll(sources);
            }
        }
        return names;
    }

    // --- what becomes of those that are suspected ---

    /** Keys to be compared at both sides. */
    public synchronized Suspects suspects() {
        return new Suspects(
                open.keySet().stream()
                        .filter(key -> !differing.contains(key))
                        .map(ByteBuffer::array)
                        .toList(),
                reports);
    }

    /**
     * A comparison of suspected keys is over. Those that were reported again meanwhile are compared once more.
     *
     * @param different those of them that are not the same at both sides
     * @return keys that are: what has changed of them since must be copied
     */
    public synchronized List<byte[]> compared(Suspects suspects, Collection<byte[]> different) {
        Set<ByteBuffer> found = new HashSet<>();
        different.forEach(key -> found.add(ByteBuffer.wrap(key)));
        List<byte[]> equal = new ArrayList<>();
        for (byte[] key : suspects.keys()) {
            ByteBuffer name = ByteBuffer.wrap(key);
            Long reported = open.get(name);
            if (reported != null && found.contains(name)) {
                differ(name);
            } else if (reported != null && reported <= suspects.asOf()) {
                open.remove(name);
                equal.add(key);
            }
        }
        return equal;
    }

    private synchronized void differ(ByteBuffer key) {
        if (differing.add(key) && differing.size() == 1) {
            LOG.warn(
                    "Others write at the former source: {} is copied there no longer, and so are further such keys,"
                            + " until a person has said which server has the right values",
                    Refusal.shorten(key.array()));
        }
    }

    // --- which keys are copied ---

    /** Keys that may be copied. */
    public synchronized KeyList without(KeyList keys) {
        if (open.isEmpty() && left.isEmpty()) {
            return keys;
        }
        int[] kept = IntStream.range(0, keys.size())
                .filter(i -> !isHeld(keys.get(i)))
                .toArray();
        return kept.length == keys.size() ? keys : keys.select(kept);
    }

    private synchronized boolean isHeld(byte[] key) {
        ByteBuffer name = ByteBuffer.wrap(key);
        return open.containsKey(name) || left.contains(name);
    }

    /** Whether the target keeps its own value of this key of the source. */
    public synchronized boolean isLeft(byte[] key) {
        return left.contains(ByteBuffer.wrap(key));
    }

    /** Names of those that are not copied, as nobody has decided them yet. */
    public synchronized List<byte[]> open() {
        return open.keySet().stream().map(ByteBuffer::array).toList();
    }

    /** Names of contended keys, as many as are remembered. */
    public synchronized List<byte[]> contended() {
        return contended.stream().map(ByteBuffer::array).toList();
    }

    /** Keys that are not copied, for a run that resumes this one. */
    public synchronized HeldKeys held() {
        return open.isEmpty() && left.isEmpty() && !overflowed
                ? HeldKeys.NONE
                : new HeldKeys(open.keySet(), left, overflowed);
    }

    /** Takes those that an earlier run did not copy. */
    public synchronized void resume(HeldKeys earlier) {
        for (ByteBuffer key : earlier.open()) {
            open.put(key, reports);
        }
        left.addAll(earlier.left());
        overflowed = overflowed || earlier.more();
    }

    /** Whether there are others whose names are not known. */
    public synchronized boolean areMore() {
        return overflowed;
    }

    /**
     * A person has decided those that are open.
     *
     * @param atSource whether the source has the right values
     * @return keys that must be copied now
     */
    public synchronized List<byte[]> decide(boolean atSource) {
        List<byte[]> decided = new ArrayList<>(open());
        if (!atSource) {
            left.addAll(open.keySet());
            decided.clear();
        }
        open.clear();
        differing.clear();
        overflowed = overflowed && !atSource;
        return decided;
    }
}
