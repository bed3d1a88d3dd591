package io.camelrump.check;

import java.util.List;

/**
 * A command that a run sends.
 *
 * @param rule as an ACL names it, without the plus
 * @param words ask whether the user may
 * @param writes whether the words would change something, so that they are never executed
 * @param without what the run does if the user may not; empty if it cannot continue
 */
record Permission(String rule, List<String> words, boolean writes, String without) {

    static Permission needed(String rule, String... harmless) {
        return new Permission(rule, List.of(harmless), false, "");
    }

    static Permission wanted(String rule, String without, String... harmless) {
        return new Permission(rule, List.of(harmless), false, without);
    }

    /** The same, of words that are not harmless. */
    Permission asWrite() {
        return new Permission(rule, words, true, without);
    }

    boolean isNeeded() {
        return without.isEmpty();
    }
}
