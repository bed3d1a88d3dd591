package io.camelrump.bench;

/** One way to bring the source's data to the target, or another piece of work on a test bed. */
interface Way {
    Measurement measure(TestBed bed) throws Exception;

    /** Whether the target holds what the source does after it. */
    default boolean leavesEqual() {
        return false;
    }
}
