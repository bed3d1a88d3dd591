package io.camelrump.keys;

import io.camelrump.redis.KeyList;

/** Number of keys wanted in all, from whichever scan gives them first. Not thread-safe. */
public final class SampleLimit {
    private final long wanted;
    private long left;

    public SampleLimit(long wanted) {
        this.wanted = wanted;
        this.left = wanted;
    }

    /** None has been taken. */
    public void restart() {
        left = wanted;
    }

    public boolean isComplete() {
        return left == 0;
    }

    /** As many of these keys as are still wanted. */
    public KeyList take(KeyList keys) {
        KeyList taken = keys.size() <= left ? keys : keys.slice(0, (int) left);
        left -= taken.size();
        return taken;
    }
}
