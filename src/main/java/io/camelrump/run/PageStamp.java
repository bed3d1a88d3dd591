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
 */
public record PageStamp(String run, int epoch, long sequence, boolean deletes) {

    /** The stamp of a page that stands in the books of a run, or that came with one; null if it has none. */
    public static @Nullable PageStamp of(PageData page) {
        Receipt receipt = page.receipt();
        return receipt == null
                ? page.origin().stamp()
                : new PageStamp(
                        receipt.run().sources().runId(),
                        receipt.epoch().number(),
                        receipt.sequence(),
                        receipt.carriesDeletes());
    }
}
