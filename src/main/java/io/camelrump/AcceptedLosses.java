package io.camelrump;

/**
 * What of a value may be lost, by options that name it, where a target has no place for it.
 *
 * @param fieldTtl whether fields of a hash that expire may become fields that stay
 */
record AcceptedLosses(boolean fieldTtl) {
    static final AcceptedLosses NONE = new AcceptedLosses(false);
}
