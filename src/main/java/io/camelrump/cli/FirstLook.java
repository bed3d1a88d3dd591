package io.camelrump.cli;

import io.camelrump.DatabaseSelection;
import io.camelrump.RenameOrigins;
import io.camelrump.ServerWait;
import io.camelrump.cli.flags.RouteProperties;
import io.camelrump.cli.flags.Span;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.SwappedAddresses;
import io.camelrump.redis.SwappedAddresses.Databases;
import io.camelrump.redis.WritableServers;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Queries to both servers before a run begins: whether their addresses look swapped, and whether its flags fit them.
 */
final class FirstLook {
    private FirstLook() {}

    /** Why the call must be confirmed by a flag; null if nothing speaks against it. */
    static SwappedAddresses.@Nullable Objection objection(RunPlan plan, BothSides sides) throws IOException {
        return SwappedAddresses.objection(
                sides.source(),
                sides.target(),
                databases(plan),
                RenameOrigins.by(plan.properties().get(RouteProperties.ALL + "rename"))::of);
    }

    /** Whether both addresses lead to one server, once both have answered. */
    static boolean isOneServer(RunPlan plan) throws InterruptedException {
        return awaited(plan, () -> {
            try (RedisConnection source =
                            RedisConnection.open(plan.from().redis().address());
                    RedisConnection target =
                            RedisConnection.open(plan.to().redis().address())) {
                String runId = source.info().runId();
                return runId == null
                        ? plan.from().redis().server().equals(plan.to().redis().server())
                        : runId.equals(target.info().runId());
            }
        });
    }

    /** Whether the target holds keys, once it has answered. */
    static boolean isTargetFilled(RunPlan plan) throws InterruptedException {
        return awaited(
                plan,
                () -> WritableServers.of(plan.to().redis().address(), plan.mode(RouteProperties.TARGET))
                                .keys()
                        > 0);
    }

    /** Asks servers, which are waited for while they are away, as long as the run itself waits. */
    static <T> T awaited(RunPlan plan, ServerWait.Query<T> query) throws InterruptedException {
        String retryFor = plan.properties().get(RouteProperties.ALL + "retry-for");
        Duration most =
                retryFor == null ? null : Duration.ofMillis(Span.of(retryFor).millis());
        return ServerWait.until(plan.to().redis().address(), most, query);
    }

    private static Databases databases(RunPlan plan) {
        Map<String, String> properties = plan.properties();
        int only = plan.from().redis().address().database();
        String db = properties.get(RouteProperties.ALL + "db");
        DatabaseSelection selected = DatabaseSelection.by(only, db, properties.get(RouteProperties.ALL + "map-db"));
        Map<Integer, Integer> moves = db == null && selected.moves().isEmpty()
                ? Map.of(only, plan.to().redis().address().database())
                : selected.moves();
        return new Databases(selected.numbers(), moves);
    }
}
