package io.camelrump.run;

import java.util.BitSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How a step takes keys out of pages, which count as filtered.
 *
 * @param step name of the step, for an error
 * @param target name of the one target whose branch the step stands in, or {@code all}; may be null if there is one
 */
public record KeyRemoval(String step, @Nullable String target) {
    private static final String ALL_TARGETS = "all";

    /**
     * Whether keys go on without their value instead: the step may have kept one before, and then the target has it
     * from this run, and is to delete it.
     */
    public static boolean isFollowed(PageData page) {
        return page.carriesDeletes() && page.form() != PageForm.PART;
    }

    /**
     * The page without these keys.
     *
     * @param dropped whether the key at this place is taken out
     * @param leftOut places of keys that go on without their value
     * @throws IllegalStateException if it is not known which of several targets lose them
     */
    public PageData from(PageData page, boolean[] dropped, BitSet leftOut) {
        Receipt receipt = page.receipt();
        if (receipt != null) {
            if (target == null && receipt.targets() > 1) {
                throw new IllegalStateException(step + " needs its property target where the consumer has targets="
                        + receipt.targets() + ": the name of the one target whose branch the step stands in, or all");
            }
            receipt.settlement().filter(page, dropped, ALL_TARGETS.equals(target) ? null : target);
        }
        return page.leavingOut(leftOut)
                .select(IntStream.range(0, dropped.length)
                        .filter(i -> !dropped[i])
                        .toArray());
    }
}
