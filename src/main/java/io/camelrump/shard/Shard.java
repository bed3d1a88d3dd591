package io.camelrump.shard;

import io.camelrump.UsageException;
import io.camelrump.redis.Slot;
import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The number of a run among several that share a migration out.
 *
 * @param index from 0
 * @param count of all
 */
public record Shard(int index, int count) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,5})/(\\d{1,5})");

    public Shard {
        if (count < 1 || count > Slot.COUNT || index < 0 || index >= count) {
            throw new UsageException(
                    index + "/" + count + " is no shard: the first number is one from 0 to one less than"
                            + " the second, which is at most " + Slot.COUNT);
        }
    }

    /**
     * Reads a text such as {@code 0/3}.
     *
     * @return null for null
     * @throws UsageException if it is none
     */
    public static @Nullable Shard parse(@Nullable String text) {
        if (text == null) {
            return null;
        }
        Matcher numbers = TEXT.matcher(text);
        if (!numbers.matches()) {
            throw new UsageException("it must be the number of this run, from 0, and that of all, such as 0/3");
        }
        return new Shard(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)));
    }

    /** Whether it does what belongs to the migration as a whole. */
    public boolean isFirst() {
        return index == 0;
    }

    /**
     * Its slots, one after the other: whoever has them now is read, so that no move between masters changes what a run
     * has to read. They are cut as redis-cli cuts them among so many masters, of which each run then reads one.
     */
    BitSet slots() {
        BitSet slots = new BitSet(Slot.COUNT);
        slots.set(first(index), first(index + 1));
        return slots;
    }

    private int first(int shard) {
        return (int) Math.round((double) Slot.COUNT * shard / count);
    }

    @Override
    public String toString() {
        return index + "/" + count;
    }
}
