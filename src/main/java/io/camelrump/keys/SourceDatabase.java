package io.camelrump.keys;

/**
 * A database of the source to read.
 *
 * @param keys how many keys it holds; -1 if unknown
 */
public record SourceDatabase(int number, long keys) {
    /** Its share of a scan of several: one that is empty, or whose size is unknown, takes a turn too. */
    public long weight() {
        return Math.max(1, keys);
    }
}
