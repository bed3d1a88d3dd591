package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether every key of a followed source was copied once: its scan has ended, what it found was read, and the pages
 * that were in flight by then are answered for. Later changes are no part of it. Any thread may ask.
 */
public final class FirstCopy {
    /** Under steady writes there may always be a key to be read; by then those of the scan were. */
    private static final long MOST_READING = TimeUnit.SECONDS.toNanos(10);

    @GuardedBy("this")
    private @Nullable ScanEpoch epoch;

    /** When the scan had ended, by {@link System#nanoTime()}; 0 before. */
    @GuardedBy("this")
    private long scanEndedAt;

    /** Number of the last page that was in flight when the keys of the scan were read. */
    @GuardedBy("this")
    private long last;

    @GuardedBy("this")
    private boolean read;

    @GuardedBy("this")
    private boolean complete;

    /**
     * Takes note of how far the run is; a scan that begins anew begins the first copy anew.
     *
     * @param scanEnded whether SCAN has come to its end
     * @param allRead whether nothing of what it found, and nothing that changed since, is yet to be read
     */
    public synchronized void look(ScanEpoch now, boolean scanEnded, boolean allRead, RunPages pages) {
        if (!now.equals(epoch)) {
            epoch = now;
            scanEndedAt = 0;
            read = false;
            complete = false;
        }
        if (complete || !scanEnded) {
            return;
        }
        if (scanEndedAt == 0) {
            scanEndedAt = System.nanoTime();
        }
        if (!read && (allRead || System.nanoTime() - scanEndedAt > MOST_READING)) {
            read = true;
            last = pages.receipts().stream().mapToLong(Receipt::sequence).max().orElse(-1);
        }
        // the keys of pages that failed wait elsewhere to be read again
        complete = read && pages.oldest() > last && pages.failures() == 0;
    }

    public synchronized boolean isComplete() {
        return complete;
    }
}
