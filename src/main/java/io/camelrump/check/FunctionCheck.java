package io.camelrump.check;

import io.camelrump.ConflictPolicy;
import io.camelrump.needs.Finding;
import io.camelrump.needs.Intent;
import io.camelrump.needs.Side;
import io.camelrump.redis.FunctionLibrary;
import io.camelrump.redis.RedisException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Whether the functions of the source can be loaded at the target, beside those that it has. */
final class FunctionCheck {
    private static final String NAME = "functions";

    private final Side source;
    private final Side target;
    private final Intent intent;

    FunctionCheck(Side source, Side target, Intent intent) {
        this.source = source;
        this.target = target;
        this.intent = intent;
    }

    List<Finding> findings() throws IOException {
        if (!intent.needs().contains(Intent.Need.FUNCTIONS)) {
            return List.of();
        }
        try {
            Map<String, FunctionLibrary> here = FunctionLibrary.list("Source", source.connection());
            Map<String, FunctionLibrary> there = FunctionLibrary.list("Target", target.connection());
            String objection = objection(here, there);
            return List.of(
                    objection == null
                            ? Finding.yes(NAME, "the source has " + here.size() + " libraries")
                            : intent.onConflict() == ConflictPolicy.KEEP
                                    ? Finding.note(NAME, "the target " + objection, "it keeps its own")
                                    : Finding.no(
                                            NAME,
                                            "the target " + objection,
                                            "remove the one there, or leave --functions out"));
        } catch (RedisException e) {
            if (!e.isPermanent()) {
                throw e;
            }
            return List.of(Finding.no(NAME, String.valueOf(e.getMessage()), "leave --functions out"));
        }
    }

    private @Nullable String objection(Map<String, FunctionLibrary> here, Map<String, FunctionLibrary> there) {
        if (intent.onConflict() != ConflictPolicy.REPLACE) {
            for (String name : new TreeSet<>(here.keySet())) {
                FunctionLibrary other = there.get(name);
                if (other != null && !other.hasSameCode(here.getOrDefault(name, other))) {
                    return "has another function library of the name " + name;
                }
            }
        }
        Map<String, FunctionLibrary> beside = new TreeMap<>(there);
        beside.keySet().removeAll(here.keySet());
        return FunctionLibrary.collision(here, beside);
    }
}
