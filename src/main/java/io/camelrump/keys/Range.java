package io.camelrump.keys;

/** From the one to the other, both included. */
record Range(long least, long most) {
    boolean includes(long value) {
        return value >= least && value <= most;
    }
}
