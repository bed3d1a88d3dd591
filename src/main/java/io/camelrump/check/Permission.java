package io.camelrump.check;

import java.util.List;

/**
 * A command that a run sends.
 *
 * @param rule as an ACL names it, without the plus
 * @param harmless words that ask whether the user may, and change nothing
 * @param without what the run does if the user may not; empty if it can not go on
 */
record Permission(String rule, List<String> harmless, String without) {

    static Permission needed(String rule, String... harmless) {
        return new Permission(rule, List.of(harmless), "");
    }

    static Permission wanted(String rule, String without, String... harmless) {
        return new Permission(rule, List.of(harmless), without);
    }

    boolean isNeeded() {
        return without.isEmpty();
    }
}
