package io.camelrump.cli;

import io.camelrump.needs.Intent;
import io.camelrump.needs.RequiredRights;
import io.camelrump.redis.RedisException;

/** Rights that a run needs to its end, which are tried before its first key. */
final class RunRights {
    private RunRights() {}

    /**
     * Requires what the run cannot do without, at each server that takes part.
     *
     * @throws RedisException a permanent one, with the rules to add; a server that cannot answer now is met by the run
     */
    static void require(RunPlan plan, Intent intent) {
        require(new BothSides(plan), intent);
    }

    /** The same, by the connections of an earlier question; they are closed. */
    static void require(BothSides sides, Intent intent) {
        try (sides) {
            RunPlan plan = sides.plan();
            if (plan.isBetweenServers()) {
                RequiredRights.require(sides.sourceOrNamed(), sides.targetOrNamed(), intent);
            } else if (!plan.from().isFile()) {
                RequiredRights.requireOfSource(sides.sourceOrNamed(), intent);
            } else if (!plan.to().isFile()) {
                RequiredRights.requireOfTarget(sides.targetOrNamed(), intent);
            }
        } catch (RedisException e) {
            if (e.isPermanent()) {
                throw e;
            }
        }
    }
}
