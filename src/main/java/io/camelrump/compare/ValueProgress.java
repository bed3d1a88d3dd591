package io.camelrump.compare;

import io.camelrump.RedisType;
import io.camelrump.redis.CursorTrail;
import org.jspecify.annotations.Nullable;

/** Progress of the comparison of one pair of values. Its fields are {@link ValueComparer}'s own. */
final class ValueProgress {
    final KeyPair pair;
    /** Elements, or bytes of a string, to be read at once. */
    final int chunk;

    long position;
    String cursor;
    /** Cursors of the scan in progress; null until it comes to a second page. */
    @Nullable
    CursorTrail cursors;

    /** Entries of a stream that were compared. */
    long entries;

    @Nullable
    Object size;

    @Nullable
    Object content;

    /** Whether the target's elements are looked up at the source, after those of the source at the target. */
    boolean reversed;

    boolean ended;
    boolean equal = true;
    private boolean reduced;

    ValueProgress(KeyPair pair, int chunk) {
        this.pair = pair;
        this.chunk = chunk;
        this.cursor = pair.type() == RedisType.STREAM ? "-" : "0";
        // compared as a whole
        this.ended = pair.type() == RedisType.MODULE;
    }

    KeyPair pair() {
        return pair;
    }

    /** Reply of the server about this chunk, whose elements are looked up. */
    @Nullable
    Object content() {
        return content;
    }

    boolean isReversed() {
        return reversed;
    }

    boolean isEqual() {
        return equal;
    }

    /** The target's value lacks something that it was allowed to lose. */
    void reduced() {
        reduced = true;
    }

    ValueComparison result() {
        return ValueComparison.of(
                !equal
                        ? ValueComparison.Kind.DIFFERENT
                        : reduced ? ValueComparison.Kind.REDUCED : ValueComparison.Kind.EQUAL);
    }

    void check(boolean holds) {
        if (!holds) {
            equal = false;
            ended = true;
        }
    }
}
