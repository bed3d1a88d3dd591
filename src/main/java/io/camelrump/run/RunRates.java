package io.camelrump.run;

import io.camelrump.Counts;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keys and bytes per second between two looks at the counts of a run.
 *
 * @param at of this look, in nanoseconds
 * @param settled keys with an outcome by then
 * @param read bytes read by then
 */
public record RunRates(long at, long settled, long read, long keys, long bytes) {
    /** Looks that follow sooner say what the one before them said. */
    private static final long LEAST = TimeUnit.SECONDS.toNanos(1);

    /**
     * Rates since an earlier look.
     *
     * @param before null for the first look, which is about the time since the start
     */
    public static RunRates of(@Nullable RunRates before, Counts counts, Counts earlier, long startedAt, long now) {
        if (before != null && now - before.at < LEAST) {
            return before;
        }
        double seconds = Math.max(1, now - (before == null ? startedAt : before.at)) / 1e9;
        long settled = before == null ? earlier.settled() : before.settled;
        long read = before == null ? earlier.bytes() : before.read;
        return new RunRates(
                now,
                counts.settled(),
                counts.bytes(),
                Math.max(0, Math.round((counts.settled() - settled) / seconds)),
                Math.max(0, Math.round((counts.bytes() - read) / seconds)));
    }
}
