package io.camelrump.lanes;

import io.camelrump.redis.KeyList;
import io.camelrump.redis.Slot;
import io.camelrump.run.PageData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Cuts a page into parts of one lane each, of limited size, in the order of its keys.
 *
 * @param lanes number of lanes
 * @param bytes that a part has at most, names and values together with what the form for the wire adds
 */
public record LaneParts(int lanes, long bytes) {
    /** Bytes that the form for the wire adds to a key at most: three numbers. */
    private static final int KEY_BYTES = 30;
    /** Header, lane, and fields of a page. */
    private static final int PAGE_BYTES = 1_024;

    /** Keys of one lane. */
    record Part(int lane, int[] keys) {}

    /** The lane of a key. Neighbouring slots share one, as they share a master of a cluster. */
    private int lane(KeyList keys, int i) {
        return (int) ((long) Slot.of(keys.array(), keys.offset(i), keys.length(i)) * lanes / Slot.COUNT);
    }

    private static long bytes(PageData page, int i) {
        return KEY_BYTES + page.keys().length(i) + Math.max(0, page.payloadLength(i));
    }

    /** Whether a key is so large that no part takes it. */
    public boolean isTooLarge(PageData page, int i) {
        return PAGE_BYTES + bytes(page, i) > bytes;
    }

    List<Part> of(PageData page) {
        Map<Integer, List<Integer>> byLane = new TreeMap<>();
        for (int i = 0; i < page.size(); i++) {
            byLane.computeIfAbsent(lane(page.keys(), i), none -> new ArrayList<>())
                    .add(i);
        }
        List<Part> parts = new ArrayList<>();
        byLane.forEach((lane, keys) -> cut(page, lane, keys, parts));
        return parts;
    }

    private void cut(PageData page, int lane, List<Integer> keys, List<Part> parts) {
        int from = 0;
        long size = PAGE_BYTES;
        for (int k = 0; k < keys.size(); k++) {
            long more = bytes(page, keys.get(k));
            if (k > from && size + more > bytes) {
                parts.add(part(lane, keys.subList(from, k)));
                from = k;
                size = PAGE_BYTES;
            }
            size += more;
        }
        if (from < keys.size()) {
            parts.add(part(lane, keys.subList(from, keys.size())));
        }
    }

    private static Part part(int lane, List<Integer> keys) {
        return new Part(lane, keys.stream().mapToInt(Integer::intValue).toArray());
    }
}
