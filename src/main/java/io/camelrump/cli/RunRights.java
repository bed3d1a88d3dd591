package io.camelrump.cli;

import io.camelrump.check.Intent;
import io.camelrump.check.RequiredRights;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import java.io.IOException;
import java.util.List;

/** Rights that a run needs to its end, which are tried before its first key. */
final class RunRights {
    private RunRights() {}

    /**
     * Requires what the run cannot do without, at each server that takes part.
     *
     * @throws RedisException a permanent one, with the rules to add; a server that cannot answer now is met by the run
     */
    static void require(Migration.Plan plan, Intent intent) {
        try {
            RequiredRights.require(servers(plan, "source"), servers(plan, "target"), intent);
        } catch (RedisException e) {
            if (e.isPermanent()) {
                throw e;
            }
        }
    }

    private static List<ServerAddress> servers(Migration.Plan plan, String side) {
        ServerAddress named = (side.equals("source") ? plan.from() : plan.to()).address();
        try {
            return WritableServers.of(plan, side).servers();
        } catch (IOException e) {
            throw ErrorText.failure(named, e);
        } catch (RedisException e) {
            if (e.isPermanent()) {
                // who may not ask for the others may not need them
                return List.of(named);
            }
            throw e;
        }
    }
}
