package io.camelrump.target;

import io.camelrump.Outcome;
import io.camelrump.run.PageData;
import io.camelrump.run.Receipt;
import io.camelrump.run.Run;
import io.camelrump.run.ScanEpoch;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Of two readings of one key the last one stands at the target, in whatever order they arrive.
 *
 * <p>Pages arrive in the order of reading as a rule, and nothing is kept. Only while an older page is still out, the
 * keys written by newer ones are remembered; the reader bounds how far it reads ahead of the oldest page, and so this.
 */
final class LastReadWins {
    private record Scan(Run run, ScanEpoch epoch) {}

    private final Map<Scan, TreeMap<Long, Set<ByteBuffer>>> written = new java.util.HashMap<>();

    /** Remembers the keys of a page that was written, if an older page may still come. */
    void written(PageSlice slice) {
        Receipt receipt = slice.page().receipt();
        if (receipt == null || receipt.run().pages().oldest() >= receipt.sequence()) {
            return;
        }
        Set<ByteBuffer> keys = written.computeIfAbsent(
                        new Scan(receipt.run(), receipt.epoch()), scan -> new TreeMap<>())
                .computeIfAbsent(receipt.sequence(), sequence -> new HashSet<>());
        for (int i = slice.from(); i < slice.to(); i++) {
            // what is gone stays gone, too
            if (slice.outcome(i) == Outcome.RESTORED
                    || slice.outcome(i) == Outcome.DELETED
                    || slice.outcome(i) == Outcome.FILTERED
                    || slice.outcome(i) == Outcome.VANISHED) {
                keys.add(ByteBuffer.wrap(slice.page().key(i)));
            }
        }
    }

    /** Which keys of the page were written from a newer page already; null if none were. */
    boolean @Nullable [] superseded(PageData page) {
        Receipt receipt = page.receipt();
        if (receipt == null || written.isEmpty()) {
            return null;
        }
        forgetSettled();
        TreeMap<Long, Set<ByteBuffer>> pages = written.get(new Scan(receipt.run(), receipt.epoch()));
        if (pages == null || pages.tailMap(receipt.sequence(), false).isEmpty()) {
            return null;
        }
        boolean[] superseded = new boolean[page.size()];
        for (Set<ByteBuffer> keys : pages.tailMap(receipt.sequence(), false).values()) {
            for (int i = 0; i < superseded.length; i++) {
                superseded[i] |= keys.contains(ByteBuffer.wrap(page.key(i)));
            }
        }
        return superseded;
    }

    private void forgetSettled() {
        Iterator<Map.Entry<Scan, TreeMap<Long, Set<ByteBuffer>>>> scans =
                written.entrySet().iterator();
        while (scans.hasNext()) {
            Map.Entry<Scan, TreeMap<Long, Set<ByteBuffer>>> entry = scans.next();
            Scan scan = entry.getKey();
            if (scan.run().epoch().equals(scan.epoch())) {
                entry.getValue().headMap(scan.run().pages().oldest(), true).clear();
            } else {
                entry.getValue().clear();
            }
            if (entry.getValue().isEmpty()) {
                scans.remove();
            }
        }
    }
}
