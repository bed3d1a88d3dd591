package io.camelrump.keys;

/** From the one to the other, both included. */
public record LongRange(long least, long most) {
    public boolean includes(long value) {
        return value >= least && value <= most;
    }
}
