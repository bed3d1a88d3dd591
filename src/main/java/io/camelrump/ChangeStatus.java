package io.camelrump;

import java.time.Duration;

/**
 * How far the copy of a live run is behind its source.
 *
 * @param waiting keys that are still to be read again
 * @param lag how long the oldest of them has waited, or how long nothing was known of the source, whichever is longer
 * @param gaps how often change notifications were interrupted, or too many; each gap is closed by another scan
 * @param flushes how often a database of the source was emptied at once
 * @param scans how often the source was scanned again to close a gap
 * @param held keys of the target that are gone at the source and were not deleted, because they are too many at once
 * @param withheld keys of the target that are gone at the source and were not deleted, because they may be its own
 * @param by what reports changes
 */
public record ChangeStatus(
        long waiting, Duration lag, long gaps, long flushes, long scans, long held, long withheld, ChangeSource by) {}
