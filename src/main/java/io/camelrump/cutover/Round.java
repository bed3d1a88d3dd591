package io.camelrump.cutover;

import org.jspecify.annotations.Nullable;

/**
 * One round of a cutover.
 *
 * @param end null if another one follows
 * @param missing why both sides are not known to be equal
 * @param copiesAgain whether keys differed
 */
record Round(@Nullable CutoverEnd end, String missing, boolean copiesAgain) {
    static Round last(CutoverEnd end) {
        return new Round(end, "", false);
    }
}
