package io.camelrump.target;

import io.camelrump.TargetClosedException;
import io.camelrump.TransientTargetException;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerInfo;
import io.camelrump.values.TemporaryKeys;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Last queries to a target: whether its server kept what it confirmed, at the end of a run or before it is forgotten.
 */
final class TargetFarewell {
    private static final Logger LOG = LoggerFactory.getLogger(TargetFarewell.class);

    private final TargetConnection server;
    private final TargetIdentity identity;
    private final TargetRuns runs;
    private final TemporaryKeys temporaries;
    private final boolean writesNothing;

    TargetFarewell(
            TargetConnection server,
            TargetIdentity identity,
            TargetRuns runs,
            TemporaryKeys temporaries,
            boolean writesNothing) {
        this.server = server;
        this.identity = identity;
        this.runs = runs;
        this.temporaries = temporaries;
        this.writesNothing = writesNothing;
    }

    /** Asks the server whether it is still the process that confirmed, and has kept all. */
    boolean confirm() throws TransientTargetException, TargetClosedException, InterruptedException {
        ServerAddress address = server.address();
        boolean confirmed = server.connected(current -> {
            if (!current.leadsTo(address)) {
                return false;
            }
            if (runs.all().size() == 1) {
                discardTemporaries();
            }
            ServerInfo now = current.info();
            if (!identity.isSameAs(now)) {
                return false;
            }
            server.process().eviction().refuse(address, now);
            return server.process().keepsTime(address, server.process().clock().confirmed(current));
        });
        if (confirmed) {
            server.succeeded();
        } else {
            // the next connection finds another server
            server.close();
        }
        return confirmed;
    }

    /**
     * Asks a master that has no slots any more, before it is forgotten, whether it kept what it confirmed and gave it
     * away.
     *
     * @return why that is not so, or cannot be known; null if nothing speaks against it
     */
    @Nullable
    String objection() throws TargetClosedException {
        if (!identity.isKnown() || runs.all().isEmpty() || writesNothing) {
            return null;
        }
        ServerAddress address = server.address();
        // replies may be due on the other connection
        try (RedisConnection fresh = RedisConnection.open(address)) {
            ServerInfo now = fresh.info();
            if (!identity.isProcess(now)) {
                return "Target " + address + " has no slots any more, and is another server process than before";
            }
            server.process().eviction().refuse(address, now);
            // without slots a node may become a replica of the one that has them
            return !now.isReplica() && fresh.databaseSize() > 0
                    ? "Target " + address + " has no slots any more, and holds keys that did not go with them"
                    : null;
        } catch (IOException | RedisException e) {
            LOG.debug("target {} does not answer", address, e);
            return "Target " + address + " has no slots any more, and does not answer";
        }
    }

    /** Removes what was put together of keys whose run has ended; what cannot be removed now expires. */
    void discardTemporaries() {
        List<String> names = temporaries.underWay();
        if (names.isEmpty() || server.process().dryRun() != null) {
            return;
        }
        try {
            temporaries.discard(
                    server.connection(), server.process().abilities().features().delete());
        } catch (IOException | RedisException e) {
            server.close();
            LOG.info(
                    "{} temporary keys are left at target {}; they expire within the hour: {}",
                    names.size(),
                    server.address(),
                    e.getMessage());
        }
    }
}
