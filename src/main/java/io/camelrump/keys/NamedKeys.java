package io.camelrump.keys;

import io.camelrump.redis.KeyList;

/** A list of keys, read part by part. */
final class NamedKeys implements GivenKeys.Reading {
    private final KeyList all;
    private int at;

    NamedKeys(KeyList all) {
        this.all = all;
    }

    @Override
    public KeyList next(int most) {
        int end = Math.min(all.size(), at + most);
        KeyList some = all.slice(at, end);
        at = end;
        return some;
    }

    @Override
    public boolean isAtEnd() {
        return at == all.size();
    }

    @Override
    public long keys() {
        return at;
    }

    @Override
    public void close() {
        // nothing is open
    }
}
