package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * Whether every key of a followed source was copied once: its scan has ended, and the pages that were in flight by then
 * are answered for. Later changes are no part of it. Any thread may ask.
 */
public final class FirstCopy {
    @GuardedBy("this")
    private @Nullable ScanEpoch epoch;

    /** Number of the last page that was in flight when the scan ended. */
    @GuardedBy("this")
    private long last;

    @GuardedBy("this")
    private boolean complete;

    /** Takes note of how far the run is; a scan that begins anew begins the first copy anew. */
    public synchronized void look(ScanEpoch now, boolean scanEnded, RunPages pages) {
        if (!now.equals(epoch)) {
            complete = false;
            epoch = scanEnded ? now : null;
            last = scanEnded
                    ? pages.receipts().stream()
                            .mapToLong(Receipt::sequence)
                            .max()
                            .orElse(-1)
                    : -1;
        }
        if (epoch != null && !complete) {
            // the keys of pages that failed wait elsewhere to be read again
            complete = pages.oldest() > last && pages.failures() == 0;
        }
    }

    public synchronized boolean isComplete() {
        return complete;
    }
}
