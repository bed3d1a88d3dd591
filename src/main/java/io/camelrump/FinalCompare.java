package io.camelrump;

/** Keys that a cutover compares between its two barriers. */
public enum FinalCompare {
    /** Keys that are not verified at that moment, as the others were verified beside the writers. */
    WAITING,
    /** Every key. */
    FULL,
    /** None: the run ends when all that has changed was copied, whatever the two sides hold. */
    NONE
}
