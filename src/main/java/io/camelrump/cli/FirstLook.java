package io.camelrump.cli;

import io.camelrump.RenameOrigins;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.SwappedAddresses;
import io.camelrump.redis.SwappedAddresses.Databases;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Questions to both servers before a run begins: whether their addresses look swapped, and whether its flags fit them.
 */
final class FirstLook {
    private FirstLook() {}

    /** Why the call must be confirmed by a flag; null if nothing speaks against it. */
    static SwappedAddresses.@Nullable Objection objection(Migration.Plan plan) throws IOException {
        return SwappedAddresses.objection(
                WritableServers.of(plan, "source").servers(),
                WritableServers.of(plan, "target").servers(),
                databases(plan),
                RenameOrigins.by(plan.properties().get("scan.rename"))::of);
    }

    /** Whether both addresses lead to one server; not if that cannot be asked: the run itself says what is wrong. */
    static boolean isOneServer(Migration.Plan plan) {
        try (RedisConnection source = RedisConnection.open(plan.from().address());
                RedisConnection target = RedisConnection.open(plan.to().address())) {
            String runId = source.info().runId();
            return runId == null
                    ? plan.from().server().equals(plan.to().server())
                    : runId.equals(target.info().runId());
        } catch (IOException e) {
            // the run will meet it too
            return false;
        }
    }

    /** Whether the target holds keys; not if that cannot be asked, as above. */
    static boolean isTargetFilled(Migration.Plan plan) {
        try {
            return WritableServers.of(plan, "target").keys() > 0;
        } catch (IOException e) {
            // the run will meet it too
            return false;
        }
    }

    private static Databases databases(Migration.Plan plan) {
        Map<String, String> properties = plan.properties();
        Map<Integer, Integer> moves = RunIntent.moves(properties);
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
