package io.camelrump.run;

/**
 * Number of one scan of a run. Each restart has the next one, so that pages, answers and counts of an earlier scan are
 * known as such, and mean nothing.
 */
public record ScanEpoch(int number) {
    /** Before the first scan. */
    public static final ScanEpoch NONE = new ScanEpoch(-1);

    /** The first scan of a run. */
    static final ScanEpoch FIRST = new ScanEpoch(0);

    ScanEpoch next() {
        return new ScanEpoch(number + 1);
    }

    /** Written out, as a record's own is linked at its first call, which takes 15 ms of each start. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ScanEpoch epoch && number == epoch.number;
    }

    @Override
    public int hashCode() {
        return number;
    }
}
