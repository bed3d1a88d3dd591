package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.Difference;
import io.camelrump.Refusal;
import io.camelrump.keys.NameHashes;
import io.camelrump.redis.NameLimit;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keys that are gone at the source, and are left at a target as they may be its own. Any thread may ask.
 *
 * <p>Bounded: names are kept of a few, hashes of as many more as fit a share of the heap. What is counted beyond those
 * stays counted, as nothing shows which of them is there again.
 */
public final class WithheldDeletes {
    private static final int MOST = 10_000;
    private static final int NAMES_SHOWN = 5;

    private final int most;

    @GuardedBy("this")
    private final NameHashes unnamed;

    @GuardedBy("this")
    private final Set<ByteBuffer> keys = new LinkedHashSet<>();

    @GuardedBy("this")
    private long keyBytes;

    @GuardedBy("this")
    private long more;

    private final DisputedKeys disputed = new DisputedKeys();
    private volatile Predicate<Difference> leaving = extra -> false;
    private volatile boolean unseen;

    WithheldDeletes() {
        this(MOST, Runtime.getRuntime().maxMemory() / NameHashes.PART_OF_HEAP);
    }

    /**
     * @param most keys whose names are kept
     * @param hashBytes that the hashes of further ones may take
     */
    WithheldDeletes(int most, long hashBytes) {
        this.most = most;
        this.unnamed = new NameHashes(hashBytes);
    }

    /** Keys that are not written at a target either, as others have written them there. */
    public DisputedKeys disputed() {
        return disputed;
    }

    public synchronized void add(byte[] key) {
        ByteBuffer name = ByteBuffer.wrap(key);
        if (keys.contains(name) || unnamed.contains(key, 0, key.length)) {
            return;
        }
        if (keys.size() < most && keyBytes + key.length <= NameLimit.bytes()) {
            keys.add(name);
            keyBytes += key.length;
        } else if (!unnamed.add(key, 0, key.length)) {
            more++;
        }
    }

    /** Removes a key that exists again, or no longer exists on the target. */
    public synchronized void remove(byte[] key) {
        if (keys.isEmpty() && unnamed.size() == 0) {
            return;
        }
        if (keys.remove(ByteBuffer.wrap(key))) {
            keyBytes -= key.length;
        } else {
            unnamed.remove(key, 0, key.length);
        }
    }

    /** How many; a key reported twice may count twice beyond those that are known. */
    synchronized long count() {
        return keys.size() + unnamed.size() + more;
    }

    /** Up to so many of them, the oldest first. */
    synchronized List<byte[]> some(int most) {
        List<byte[]> some = new ArrayList<>();
        keys.stream().limit(most).forEach(key -> some.add(key.array()));
        return some;
    }

    /** Names of some of them, quoted. */
    public List<String> names() {
        return some(NAMES_SHOWN).stream().map(Refusal::quote).toList();
    }

    /** @param extra says whether a key that only a target has is left there */
    public void leaving(Predicate<Difference> extra) {
        leaving = extra;
    }

    /** Whether a key that only the target has is left there, as it held it before the run. */
    public boolean leaves(Difference extra) {
        return leaving.test(extra);
    }

    /** Marks that keys may be gone unseen, and that some target follows no unreported delete. */
    public void missUnseen() {
        unseen = true;
    }

    /** Whether keys may be gone at the source unseen, while unreported deletes are not followed. */
    public boolean missesUnseen() {
        return unseen;
    }

    /** Why not each key that is gone was deleted; null if each was. */
    @Nullable
    String missing() {
        long count = count();
        if (count > 0) {
            return count + " keys of the target that are gone at the source were not deleted, as it may have held them"
                    + " before: " + String.join(", ", names()) + "; prune (--prune) deletes them";
        }
        return unseen
                ? "keys may be gone at the source unseen, and the target held keys of its own, so none of them was deleted"
                : null;
    }
}
