package io.camelrump;

/**
 * Keys that were read and do not have all their outcomes.
 *
 * @param position where the SCAN began that gave them
 */
record KeysOut(KeyList keys, ScanPosition position) {}
