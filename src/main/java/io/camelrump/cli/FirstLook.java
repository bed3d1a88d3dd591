package io.camelrump.cli;

import io.camelrump.redis.SwappedAddresses;
import io.camelrump.redis.SwappedAddresses.Databases;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether the addresses of a call look swapped, before anything is begun. */
final class FirstLook {
    private FirstLook() {}

    /** Why the call must be confirmed by a flag; null if nothing speaks against it. */
    static @Nullable String objection(Migration.Plan plan) throws IOException {
        return SwappedAddresses.objection(
                WritableServers.of(plan, "source").servers(),
                WritableServers.of(plan, "target").servers(),
                databases(plan),
                List::of);
    }

    private static Databases databases(Migration.Plan plan) {
        Map<String, String> properties = plan.properties();
        Map<Integer, Integer> moves = CheckCommand.moves(properties);
        String db = properties.get("scan.db");
        if (db != null) {
            return new Databases(
                    db.equals("all")
                            ? List.of()
                            : Stream.of(db.split(","))
                                    .map(Integer::valueOf)
                                    .distinct()
                                    .toList(),
                    moves);
        }
        int only = plan.from().address().database();
        if (moves.isEmpty()) {
            moves = new HashMap<>(Map.of(only, plan.to().address().database()));
        }
        return new Databases(List.of(only), moves);
    }
}
