package io.camelrump.received;

import io.camelrump.run.NumberRanges;
import io.camelrump.run.PageData;
import io.camelrump.run.PageStamp;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Pages of one lane, or of a run without lanes, by their numbers: which were written, which are due, and which are
 * missing, as the end marker says how many there are. Not thread-safe.
 */
final class LaneBooks {
    private static final int MOST_RANGES = 65_536;

    private final NumberRanges written = new NumberRanges();
    /** Numbers that the reader gave up, and gave their keys others. */
    private final NumberRanges voided = new NumberRanges();

    private final NewerReadings newer;
    private final boolean isLane;
    /** Places of the keys that were written of pages whose keys come one by one. */
    private final Map<Long, BitSet> parts = new HashMap<>();

    private long pages = -1;
    private boolean gapsKnown = true;
    /** Pages that other writers of the lane took. */
    private long elsewhere;

    private long next;

    /**
     * @param isLane whether the transport keeps the order of its pages, and hands them to one writer at a time
     * @param most keys to remember
     */
    LaneBooks(boolean isLane, long most) {
        this.isLane = isLane;
        this.newer = new NewerReadings(most);
    }

    /** Whether this page was written already, all of it. */
    boolean isDouble(PageStamp stamp) {
        return stamp.keys() == PageStamp.WHOLE && written.contains(stamp.number());
    }

    /** Whether it is so old that nothing shows which of its keys were written by later ones. */
    boolean isTooLate(PageStamp stamp) {
        return newer.isBeyondMemory(stamp.number());
    }

    /**
     * The page without the keys that were sent from a later one; it is sent next.
     *
     * <p>In a lane a number that is higher than the next one shows that another writer had the lane meanwhile: what it
     * took it has written, or else the transport would have handed it on again.
     */
    PageData send(PageData page, PageStamp stamp) {
        long number = stamp.number();
        if (isLane && number > next) {
            elsewhere += number - next;
            written.add(next, number - 1);
        }
        next = Math.max(next, number + 1);
        BitSet overtaken = newer.overtaken(page, number);
        PageData due = overtaken.isEmpty()
                ? page
                : page.select(IntStream.range(0, page.size())
                        .filter(i -> !overtaken.get(i))
                        .toArray());
        if (written.firstMissing() < number) {
            newer.sent(due, number);
        }
        return due;
    }

    /** All keys of the page have their outcome, or those at these places. */
    void written(PageStamp stamp, BitSet places) {
        if (stamp.keys() > 0) {
            BitSet all = parts.computeIfAbsent(stamp.number(), none -> new BitSet());
            all.or(places);
            if (all.cardinality() < stamp.keys()) {
                return;
            }
            parts.remove(stamp.number());
        }
        if (written.size() < MOST_RANGES) {
            written.add(stamp.number());
        } else {
            gapsKnown = false;
        }
        newer.settled(written.firstMissing());
    }

    /** The end marker of the lane has come. */
    void end(PageStamp stamp) {
        pages = stamp.number();
        List<NumberRanges.Range> gaps =
                stamp.end() == null ? List.of() : stamp.end().voided();
        if (gaps == null) {
            gapsKnown = false;
            return;
        }
        voided.addAll(NumberRanges.of(gaps));
        written.addAll(voided);
    }

    boolean hasEnded() {
        return pages >= 0;
    }

    /** Whether a page is of what came after the end marker, as the same reader has begun anew. */
    boolean isBeyondEnd(PageStamp stamp) {
        return hasEnded() && stamp.number() >= pages;
    }

    /** Whether the end marker has come, and all pages that it counts. */
    boolean isComplete() {
        return hasEnded() && gapsKnown && missing().isEmpty();
    }

    /** Numbers of pages that have not come; up to the last one that has, before the end marker has. */
    List<NumberRanges.Range> missing() {
        return written.missing(hasEnded() ? pages : next);
    }

    /** Why its missing pages are not known; null if they are. */
    @Nullable
    String doubt() {
        return gapsKnown
                ? null
                : "all pages that it knows of, but more of them failed or came out of order than can be remembered";
    }

    long elsewhere() {
        return elsewhere;
    }

    /** The reader has begun anew behind the end marker. */
    void reopen() {
        pages = -1;
    }

    /** Forgets all that was written: it is missing again. */
    void voidAll() {
        written.clear();
        written.addAll(voided);
        newer.clear();
        parts.clear();
        elsewhere = 0;
    }
}
