package io.camelrump.cli;

/** Keys that a cutover compares between its two barriers. */
enum FinalCompare {
    /** Keys that are not verified at that moment, as the others were verified beside the writers. */
    WAITING,
    /** Every key. */
    FULL
}
