package io.camelrump.source;

import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.keys.ScanPlan;
import io.camelrump.redis.SourceFeatures;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Pages between their first key and the moment when they are handed out, in the order of reading: one that grows, and
 * those before it that are whole, of which the first one may have to be dated again.
 */
final class PageAssembler {
    /** Half of what pages may hold more than the window, so that a wrong guess at sizes stays harmless. */
    private static final int ROOM_IN_WINDOWS = 2;
    /** One page moves the expectation down by its difference divided by two to this power. */
    private static final int CALM = 8;

    private final ScanPlan plan;
    private final Deque<PageBuilder> whole = new ArrayDeque<>();
    private long wholeBytes;
    private @Nullable PageBuilder growing;
    private int expectedBytes = 64 * 1024;

    PageAssembler(ScanPlan plan) {
        this.plan = plan;
    }

    /** The page that the chunk's next key goes to. */
    PageBuilder growing(KeyChunk chunk, SourceSession link) {
        if (growing == null) {
            SourceFeatures features = link.features();
            growing = new PageBuilder(chunk, link.clockOffset(), expectedBytes, features.exactExpiry())
                    .carrying(features.usage());
        }
        return growing;
    }

    /** The chunk has no more keys: the page that grows ends with it. */
    void endOfChunk() {
        if (growing != null) {
            growing.endOfChunk();
        }
    }

    /** Takes the server's time of day, in microseconds, before and after the keys not dated yet; -1 is unknown. */
    void date(long before, long after) {
        if (growing != null) {
            growing.date(before, after);
        }
    }

    /** Ends the page that grows, if it is to grow no more; says whether it did. */
    boolean closeIfFull() {
        PageBuilder page = growing;
        return page != null
                && page.isDated()
                && (page.isAtChunkEnd() || page.payloadBytes() >= plan.pageBytes())
                && close();
    }

    /** Ends the page that grows; false if there is none. */
    boolean close() {
        PageBuilder page = growing;
        if (page == null) {
            return false;
        }
        add(page);
        growing = null;
        return true;
    }

    void add(PageBuilder page) {
        whole.add(page);
        wholeBytes += page.payloadBytes();
    }

    boolean hasWhole() {
        return !whole.isEmpty();
    }

    /** The page that is handed out next; null if none is whole. */
    @Nullable
    PageBuilder first() {
        return whole.peek();
    }

    void removeFirst() {
        wholeBytes -= whole.remove().payloadBytes();
    }

    /** Whether a payload of this size may lie here beside the others. */
    boolean fits(long length) {
        long bytes = wholeBytes + (growing == null ? 0 : growing.payloadBytes());
        return bytes + length <= (long) ROOM_IN_WINDOWS * plan.windowBytes();
    }

    /** A page grew: the next one is made as large as those lately. */
    void learn(PageBuilder page) {
        int expected = Math.max(page.payloadBytes(), expectedBytes - (expectedBytes >> CALM));
        // a large value says nothing of the next page, and still lies in memory itself
        expectedBytes = (int) Math.min(expected, plan.pageBytes());
    }

    /** The first of this position and those where the SCANs of these pages began. */
    ScanPosition earliest(KeyScan scan, ScanPosition position) {
        ScanPosition first = position;
        for (PageBuilder page : whole) {
            first = scan.earlier(first, page.position());
        }
        return growing == null ? first : scan.earlier(first, growing.position());
    }

    void clear() {
        whole.clear();
        wholeBytes = 0;
        growing = null;
    }
}
