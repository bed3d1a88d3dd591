package io.camelrump.target;

import io.camelrump.TargetClosedException;
import io.camelrump.TransientTargetException;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.OpenServers;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.SwappedAddresses;
import io.camelrump.redis.SwappedAddresses.Databases;
import io.camelrump.run.RetryWindow;
import io.camelrump.run.Run;
import io.camelrump.run.SourceIdentity;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refuses a run whose addresses look swapped, before its first key, unless {@code onConflict} is given. */
final class SwapCheck {
    private static final Logger LOG = LoggerFactory.getLogger(SwapCheck.class);

    private final ServerAddress address;
    private final WritePlan plan;
    private final RetryWindow retries;

    SwapCheck(ServerAddress address, WritePlan plan) {
        this.address = address;
        this.plan = plan;
        this.retries = new RetryWindow("Target", plan.server().getRetryFor());
    }

    /**
     * Looks once per run, which is when it has found none of the targets yet.
     *
     * @param targets databases of a server, or all masters of a cluster
     */
    void refuse(Run run, Collection<Target> targets, boolean ofCluster)
            throws TransientTargetException, TargetClosedException {
        List<SourceIdentity> sources = run.sources().all();
        if (plan.target().namesConflictPolicy()
                || sources.isEmpty()
                || !sources.get(0).isServer()
                || run.targets().resumed() != null
                || hasFound(run, targets)) {
            return;
        }
        boolean areAll = ofCluster || !sources.get(0).databases().keepNumbers();
        if (areAll && targets.stream().allMatch(target -> target.initial().wereNone())) {
            return;
        }
        SwappedAddresses.Objection objection = look(run, sources, ofCluster ? addresses(targets) : List.of(address));
        retries.succeeded();
        if (objection != null) {
            throw new TargetClosedException(objection.toString());
        }
    }

    private static boolean hasFound(Run run, Collection<Target> targets) {
        Set<String> found = run.targets().states().keySet();
        return targets.stream().map(Target::toString).anyMatch(found::contains);
    }

    private static List<ServerAddress> addresses(Collection<Target> targets) {
        return targets.stream().map(Target::address).toList();
    }

    private SwappedAddresses.@Nullable Objection look(
            Run run, List<SourceIdentity> sources, List<ServerAddress> targets)
            throws TransientTargetException, TargetClosedException {
        SourceIdentity source = sources.get(0);
        try (OpenServers from = new OpenServers(
                        sources.stream().map(SourceIdentity::address).toList());
                OpenServers to = new OpenServers(targets)) {
            return SwappedAddresses.objection(from, to, databases(source.databases()), source.origins()::names);
        } catch (IOException e) {
            throw retries.failed(ErrorText.failure(address, e), Set.of(run));
        } catch (RedisException e) {
            if (!e.isPermanent()) {
                throw retries.failed(e, Set.of(run));
            }
            LOG.warn("Whether the addresses of source and target were swapped is not known: {}", e.getMessage());
            return null;
        }
    }

    private Databases databases(DatabaseMapping mapping) {
        Map<Integer, Integer> moves = new HashMap<>(mapping.moves());
        if (!mapping.keepNumbers()) {
            mapping.numbers().forEach(number -> moves.put(number, address.database()));
        }
        return new Databases(mapping.numbers(), moves);
    }
}
