package io.camelrump.target;

import io.camelrump.TargetClosedException;
import io.camelrump.TransientTargetException;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ScanReply;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.RetryWindow;
import io.camelrump.run.TargetNames;
import java.io.IOException;
import java.time.Duration;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** Names of the keys of a target, listed so that those which the source no longer has can be deleted. */
final class TargetKeys {
    private final ServerAddress address;
    private final Targets targets;
    private final NavigableMap<String, Target> byName;
    private final RetryWindow naming;

    /** @param byName a view of the targets: of a cluster the masters in the order in which they are asked */
    TargetKeys(ServerAddress address, Targets targets, NavigableMap<String, Target> byName, Duration retryFor) {
        this.address = address;
        this.targets = targets;
        this.byName = byName;
        this.naming = new RetryWindow("Target", retryFor);
    }

    /**
     * Some names from a position on; no reply may be due.
     *
     * @param owners of a cluster's slots; null for a standalone server
     */
    TargetNames names(TargetNames.Position from, @Nullable SlotOwners owners)
            throws TransientTargetException, TargetClosedException {
        try {
            TargetNames names = owners == null ? ofDatabase(from) : ofCluster(from, owners);
            naming.succeeded();
            return names;
        } catch (IOException e) {
            targets.suspect();
            throw naming.failed(ErrorText.failure(address, e), targets.runs());
        } catch (RedisException e) {
            targets.suspect();
            throw naming.failed(e, targets.runs());
        }
    }

    private TargetNames ofDatabase(TargetNames.Position from) throws IOException {
        ScanReply reply = targets.database(from.database()).names(from.cursor());
        from.cursors().passed(reply.cursor());
        return new TargetNames(reply.keys(), reply.cursor().isEnd() ? null : from.after(reply.cursor(), "", 0));
    }

    private TargetNames ofCluster(TargetNames.Position from, SlotOwners owners)
            throws IOException, TransientTargetException, TargetClosedException {
        targets.refreshIfSuspect();
        boolean begins = from.master().isEmpty();
        String name = begins && !byName.isEmpty() ? byName.firstKey() : from.master();
        Target master = byName.get(name);
        if (master == null || !begins && from.owners() != owners.number()) {
            return TargetNames.anew(from.database());
        }
        int number = owners.number();
        ScanReply reply = master.names(from.cursor());
        from.cursors().passed(reply.cursor());
        String next = reply.cursor().isEnd() ? byName.higherKey(name) : name;
        if (next == null) {
            // slots may have gone to a master that had been asked already from one that had not
            targets.refresh();
            return number == owners.number() ? new TargetNames(reply.keys(), null) : TargetNames.anew(from.database());
        }
        return new TargetNames(reply.keys(), from.after(reply.cursor(), next, number));
    }
}
