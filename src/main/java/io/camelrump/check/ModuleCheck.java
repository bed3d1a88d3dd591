package io.camelrump.check;

import io.camelrump.needs.Finding;
import io.camelrump.needs.Side;
import io.camelrump.redis.ErrorReply;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether the target takes the values of the modules that the source has; where none was found, whether it has them.
 */
final class ModuleCheck {
    private final Side source;
    private final Side target;
    private final Map<String, Boolean> shown;

    /** @param shown of each type of a module whether the target took a value of it */
    ModuleCheck(Side source, Side target, Map<String, Boolean> shown) {
        this.source = source;
        this.target = target;
        this.shown = shown;
    }

    List<Finding> findings() throws IOException {
        String name = "modules";
        Object there = source.connection().probe("MODULE", "LIST");
        if (there instanceof ErrorReply error) {
            return List.of(
                    error.code().equals("NOPERM")
                            ? Finding.note(
                                    name, "not known: the user may not ask the source", "add the rule +module|list")
                            : Finding.yes(name, "the source has none"));
        }
        Set<String> missing = ModuleValues.names(source);
        if (missing.isEmpty()) {
            return List.of(Finding.yes(name, "the source has none"));
        }
        String found = "the source has " + String.join(", ", missing);
        if (!shown.isEmpty()) {
            return List.of(shown(name, found));
        }
        Object here = target.connection().probe("MODULE", "LIST");
        if (here instanceof ErrorReply error && error.code().equals("NOPERM")) {
            return List.of(Finding.note(
                    name, found + "; not known of the target", "load them there if keys are of their types"));
        }
        missing.removeAll(ModuleValues.names(target));
        return List.of(
                missing.isEmpty()
                        ? Finding.yes(name, found + ", the target too")
                        : Finding.note(
                                name,
                                found + "; the target lacks " + String.join(", ", missing),
                                "load them there, if keys are of their types: these would be refused"));
    }

    /** A name and a version promise nothing: a module may write its values in another way than the one of before. */
    private Finding shown(String name, String found) {
        String taken = types(true);
        String refused = types(false);
        return refused.isEmpty()
                ? Finding.yes(name, found + ", and the target took a value of " + taken)
                : Finding.no(
                        name,
                        found + ", and the target refused a value of " + refused,
                        "take a target whose module reads what the source's writes, or name the keys to copy with"
                                + " --type");
    }

    private String types(boolean taken) {
        return shown.entrySet().stream()
                .filter(type -> type.getValue() == taken)
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
    }
}
