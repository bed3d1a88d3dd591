package io.camelrump.run;

import org.jspecify.annotations.Nullable;

/**
 * Place of a page among all pages of its run, for another process that gets it from a transport and has none of the
 * run's books.
 *
 * @param run identifier of the run, unique among all
 * @param epoch number of the scan that gave the page
 * @param sequence number of the page in the order of reading; of the page that reports the end, one above the last
 * @param deletes whether keys of it that are gone must be deleted at a target that holds only the source's keys
 * @param keys of the whole page, where this is a part of it, and others come under the same number; {@link #WHOLE}
 *     where it is all of the page, {@link #UNKNOWN} where the number of the others is not known
 * @param lane in which the page is one of several that go side by side; null if all go one behind the other
 * @param end how the run ended, where the page reports that and came from a transport; null otherwise
 */
public record PageStamp(
        String run,
        int epoch,
        long sequence,
        boolean deletes,
        int keys,
        @Nullable PageLane lane,
        @Nullable RemoteEnd end) {

    public static final int WHOLE = 0;
    public static final int UNKNOWN = -1;

    /** The stamp of a page that goes whole, behind the one before it. */
    public PageStamp(String run, int epoch, long sequence, boolean deletes) {
        this(run, epoch, sequence, deletes, WHOLE, null, null);
    }

    /** The stamp of the page that reports the end. */
    public static PageStamp ofEnd(String run, int epoch, long pages, RemoteEnd end) {
        return new PageStamp(run, epoch, pages, false, WHOLE, null, end);
    }

    /** The stamp of a page that stands in the books of a run, or that came with one; null if it has none. */
    public static @Nullable PageStamp of(PageData page) {
        Receipt receipt = page.receipt();
        PageStamp own = page.origin().stamp();
        if (receipt == null || own != null && own.lane() != null) {
            return own;
        }
        return new PageStamp(
                receipt.run().sources().runId(),
                receipt.epoch().number(),
                receipt.sequence(),
                receipt.carriesDeletes(),
                page.size() < receipt.keys().size() ? UNKNOWN : WHOLE,
                null,
                null);
    }

    /** This stamp in a lane. */
    public PageStamp in(PageLane where) {
        return new PageStamp(run, epoch, sequence, deletes, WHOLE, where, end);
    }

    /** The stamp of one key of a page of so many. */
    PageStamp ofOne(int some) {
        return new PageStamp(run, epoch, sequence, deletes, keys == WHOLE ? some : keys, lane, end);
    }

    /** This stamp with what the end marker says of the run. */
    public PageStamp with(RemoteEnd how) {
        return new PageStamp(run, epoch, sequence, deletes, keys, lane, how);
    }

    /** Number by which its lane, or else the run, counts the page. */
    public long number() {
        return lane == null ? sequence : lane.sequence();
    }
}
