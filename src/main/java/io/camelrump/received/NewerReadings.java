package io.camelrump.received;

import io.camelrump.run.PageData;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Keys that were sent from pages while older pages of their lane had not been written: an older reading of them that
 * comes late is left out.
 *
 * <p>A transport keeps the order as a rule, and little is remembered. What it may take is bounded: when it is more, the
 * oldest pages are forgotten, and whatever is older than those cannot be told from a late one. Not thread-safe.
 */
final class NewerReadings {
    private record Named(int database, ByteBuffer name) {}

    private final long most;
    private final TreeMap<Long, Set<Named>> keys = new TreeMap<>();
    private long size;
    private long horizon = -1;

    /** @param most keys to remember */
    NewerReadings(long most) {
        this.most = most;
    }

    /** Remembers the keys of a page that is sent now. */
    void sent(PageData page, long number) {
        Set<Named> sent = keys.computeIfAbsent(number, none -> new HashSet<>());
        size -= sent.size();
        for (int i = 0; i < page.size(); i++) {
            sent.add(named(page, i));
        }
        size += sent.size();
        while (size > most && keys.size() > 1) {
            Map.Entry<Long, Set<Named>> oldest = keys.pollFirstEntry();
            size -= oldest.getValue().size();
            horizon = oldest.getKey();
        }
    }

    /** Places of the keys of this page that were sent from a later one. */
    BitSet overtaken(PageData page, long number) {
        BitSet overtaken = new BitSet();
        for (Set<Named> later : keys.tailMap(number, false).values()) {
            for (int i = 0; i < page.size(); i++) {
                if (!overtaken.get(i) && later.contains(named(page, i))) {
                    overtaken.set(i);
                }
            }
        }
        return overtaken;
    }

    /** Whether later pages than this one were forgotten. */
    boolean isBeyondMemory(long number) {
        return number < horizon;
    }

    /** All pages below this number were written: none of them comes late. */
    void settled(long below) {
        for (Map.Entry<Long, Set<Named>> oldest = keys.firstEntry();
                oldest != null && oldest.getKey() < below;
                oldest = keys.firstEntry()) {
            size -= oldest.getValue().size();
            keys.pollFirstEntry();
        }
    }

    void clear() {
        keys.clear();
        size = 0;
        horizon = -1;
    }

    private static Named named(PageData page, int i) {
        return new Named(
                page.targetDatabase() < 0 ? page.database() : page.targetDatabase(), ByteBuffer.wrap(page.key(i)));
    }
}
