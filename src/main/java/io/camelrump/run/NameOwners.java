package io.camelrump.run;

import io.camelrump.keys.TargetNameIndex;
import io.camelrump.keys.TargetNameIndex.Source;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Owners of names at the target, wherever keys are renamed: a name belongs to the key that took it first, until that
 * key is gone.
 *
 * <p>A key takes its name when its payload has come, or its last part. In a live run the keys that were refused for a
 * name are read again when it becomes free; the first {@value #MOST_REFUSED} of them are remembered. Not thread-safe.
 */
public final class NameOwners {
    private static final int MOST_REFUSED = 10_000;

    private final UnaryOperator<Source> target;
    private final TargetNameIndex taken;
    /** Keys that were refused, as their reader calls them, each with the name that it would have got. */
    private final Map<ByteBuffer, Source> refused = new LinkedHashMap<>();

    /**
     * Keys of a page that must not reach the target as they are.
     *
     * @param owners of the names of keys that are refused, by the index of these
     * @param heirs of the names of keys that are gone: what has these names must not be deleted
     */
    public record Contest(Map<Integer, Source> owners, Map<Integer, Source> heirs) {
        /** Indexes of the keys that are gone and whose names others have. */
        public BitSet passedOn() {
            BitSet passedOn = new BitSet();
            heirs.keySet().forEach(passedOn::set);
            return passedOn;
        }
    }

    /** @param target where a key goes: database and name at the target */
    public NameOwners(UnaryOperator<Source> target) {
        this.target = target;
        this.taken = new TargetNameIndex(target);
    }

    /** Makes all names free. */
    void clear() {
        taken.clear();
        refused.clear();
    }

    /** The key that has this name at the target; null if it is free. */
    @Nullable
    Source ownerOf(Source name) {
        return taken.holderOf(name);
    }

    /**
     * Gives names to the keys of a page; those of keys that are gone are free, also for other keys of the page.
     *
     * @param database of its keys
     * @param contested whether another key may get the name of this one
     * @param changes of the run, where keys are marked whose name has become free
     */
    public Contest settle(PageData page, int database, Predicate<byte[]> contested, ChangeLog changes) {
        for (int i = 0; i < page.size(); i++) {
            if (page.isGone(i)) {
                release(new Source(database, page.key(i)), readerKey(page, i), changes);
            }
        }
        Map<Integer, Source> owners = new HashMap<>();
        Map<Integer, Source> heirs = new HashMap<>();
        for (int i = 0; i < page.size(); i++) {
            Source key = new Source(database, page.key(i));
            if (page.isGone(i)) {
                Source heir = taken.holder(key);
                if (heir != null) {
                    heirs.put(i, heir);
                }
            } else if (contested.test(key.key())) {
                // more parts follow at once, and the last one takes the name
                Source owner = page.form() == PageForm.PART ? taken.holder(key) : taken.take(key);
                if (owner != null) {
                    owners.put(i, owner);
                    refuse(readerKey(page, i), key, changes);
                }
            }
        }
        return new Contest(owners, heirs);
    }

    private void refuse(ByteBuffer readerKey, Source key, ChangeLog changes) {
        if (changes.isFollowed() && refused.size() < MOST_REFUSED) {
            refused.put(readerKey, target.apply(key));
        }
    }

    private void release(Source key, ByteBuffer readerKey, ChangeLog changes) {
        refused.remove(readerKey);
        if (taken.release(key) && changes.isFollowed() && !refused.isEmpty()) {
            Source name = target.apply(key);
            refused.entrySet().removeIf(other -> {
                boolean free = other.getValue().isSame(name);
                if (free) {
                    changes.mark(other.getKey().array());
                }
                return free;
            });
        }
    }

    /** The key as its reader called it, which other steps may have renamed since. */
    private static ByteBuffer readerKey(PageData page, int i) {
        Receipt receipt = page.receipt();
        return ByteBuffer.wrap(receipt == null ? page.key(i) : receipt.key(page.place(i)));
    }
}
