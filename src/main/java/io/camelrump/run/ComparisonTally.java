package io.camelrump.run;

/** Counts of a comparison beside the outcomes of keys. Guarded by the run. */
final class ComparisonTally {
    /** Keys to be deleted once all are counted. */
    private long held;
    /** Keys of which it cannot tell whether only the target has them. */
    private long undecided;

    private long kept;
    private long reduced;

    void startAnew() {
        held = 0;
        undecided = 0;
        kept = 0;
        reduced = 0;
    }

    void hold(int keys) {
        held += keys;
    }

    long held() {
        return held;
    }

    void leave(int keys) {
        undecided += keys;
    }

    long undecided() {
        return undecided;
    }

    void accept(int keptKeys, int reducedKeys) {
        kept += keptKeys;
        reduced += reducedKeys;
    }

    /** Keys whose other value at the target was to stay. */
    long kept() {
        return kept;
    }

    /** Keys that lack something that they were allowed to lose. */
    long reduced() {
        return reduced;
    }
}
