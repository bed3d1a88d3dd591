package io.camelrump.cutover;

/** Where clients are that may be half switched, as a person says. */
enum Decision {
    /** They write to the source. */
    STAYED,
    /** They write to the target. */
    SWITCHED
}
