package io.camelrump.check;

import io.camelrump.redis.ErrorReply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Whether the target has the modules that the source has. */
final class ModuleCheck {
    private final Side source;
    private final Side target;

    ModuleCheck(Side source, Side target) {
        this.source = source;
        this.target = target;
    }

    List<Finding> findings() throws IOException {
        String name = "modules";
        Object there = source.connection().call("MODULE", "LIST");
        if (there instanceof ErrorReply error) {
            return List.of(
                    error.code().equals("NOPERM")
                            ? Finding.note(
                                    name, "not known: the user may not ask the source", "add the rule +module|list")
                            : Finding.yes(name, "the source has none"));
        }
        Set<String> missing = names(there);
        if (missing.isEmpty()) {
            return List.of(Finding.yes(name, "the source has none"));
        }
        String found = "the source has " + String.join(", ", missing);
        Object here = target.connection().call("MODULE", "LIST");
        if (here instanceof ErrorReply error && error.code().equals("NOPERM")) {
            return List.of(Finding.note(
                    name, found + "; not known of the target", "load them there if keys are of their types"));
        }
        missing.removeAll(names(here));
        return List.of(
                missing.isEmpty()
                        ? Finding.yes(name, found + ", the target too")
                        : Finding.note(
                                name,
                                found + "; the target lacks " + String.join(", ", missing),
                                "load them there, if keys are of their types: these would be refused"));
    }

    /** Each module is a list of names and values in turn. */
    private static Set<String> names(Object reply) {
        Set<String> names = new TreeSet<>();
        if (reply instanceof List<?> modules) {
            for (Object module : modules) {
                if (module instanceof List<?> parts && parts.size() > 1 && parts.get(1) instanceof byte[] name) {
                    names.add(new String(name, StandardCharsets.UTF_8));
                }
            }
        }
        return names;
    }
}
