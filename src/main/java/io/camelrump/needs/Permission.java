package io.camelrump.needs;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A command that a run sends.
 *
 * @param rule as an ACL names it, without the plus
 * @param words ask whether the user may
 * @param otherwise words that the run falls back to, where the first are denied; none if it cannot
 * @param writes whether the words would change something, so that they are never executed
 * @param without what the run does if the user may not; empty if it cannot continue
 */
public record Permission(String rule, List<String> words, List<String> otherwise, boolean writes, String without) {
    /** Rule of the command that holds up writes. */
    static final String PAUSE = "client|pause";

    public static Permission needed(String rule, String... harmless) {
        return new Permission(rule, List.of(harmless), List.of(), false, "");
    }

    public static Permission wanted(String rule, String without, String... harmless) {
        return new Permission(rule, List.of(harmless), List.of(), false, without);
    }

    /** The same, of words that are not harmless. */
    public Permission asWrite() {
        return new Permission(rule, words, otherwise, true, without);
    }

    /** Adds a command that the run sends instead, where this one is denied. */
    public Permission or(String... harmless) {
        return new Permission(rule, words, List.of(harmless), writes, without);
    }

    public boolean isNeeded() {
        return without.isEmpty();
    }

    /** Whether this answer means that the run cannot send the command. */
    public boolean isRefused(ErrorReply error) {
        // an old server knows the command, and not what is asked of it
        return error.deniesCommand() || rule.equals(PAUSE) && !error.isTransient();
    }

    /** Remedy for this answer, for a person. */
    public String advice(ErrorReply error) {
        if (error.isUnknownCommand()) {
            return ErrorText.renamed(words.get(0));
        }
        // dry runs leave the code of the error out
        boolean old = rule.equals(PAUSE) && !error.text().contains("permission");
        return old
                ? "leave --pause-writes out, which takes Redis 6.2 or newer, and stop the writers by hand"
                : "add the rule +" + rule;
    }

    /** Each rule once; if several things need it, for the one that cannot do without. */
    public static List<Permission> strictest(List<Permission> asked) {
        Map<String, Permission> byRule = new LinkedHashMap<>();
        asked.forEach(permission -> byRule.merge(
                permission.rule(), permission, (first, next) -> !first.isNeeded() && next.isNeeded() ? next : first));
        return List.copyOf(byRule.values());
    }

    public static String rules(List<Permission> permissions) {
        return permissions.stream().map(permission -> "+" + permission.rule()).collect(Collectors.joining(" "));
    }
}
