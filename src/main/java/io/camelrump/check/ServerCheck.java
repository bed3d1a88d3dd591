package io.camelrump.check;

import io.camelrump.needs.Finding;
import io.camelrump.needs.Intent;
import io.camelrump.needs.Side;
import io.camelrump.redis.ClusterTopology;
import io.camelrump.redis.RedisException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Who the two servers are, and whether their kind can take part in a run. */
final class ServerCheck {
    private final Side source;
    private final Side target;
    private final Intent intent;

    ServerCheck(Side source, Side target, Intent intent) {
        this.source = source;
        this.target = target;
        this.intent = intent;
    }

    List<Finding> findings() throws IOException {
        List<Finding> findings = new ArrayList<>();
        for (Side side : List.of(source, target)) {
            findings.add(version(side));
            findings.add(database(side));
            findings.add(TlsCheck.finding(side));
        }
        findings.add(different());
        if (!intent.types().isEmpty()) {
            findings.add(types());
        }
        if (source.isReplica()) {
            findings.add(replicaAsSource());
        }
        findings.add(role());
        if (intent.waitReplicas() > 0) {
            findings.add(replicas());
        }
        return findings;
    }

    private Finding version(Side side) throws IOException {
        String name = side.name() + " server";
        String found = side.connection().address() + ", "
                + (side.info().isHidden() ? "hides its version" : side.info().version());
        if (side.info().isCluster() && side.name().equals("target")) {
            return Finding.note(
                    name,
                    found + ", in cluster mode: " + cluster(side),
                    "a migration writes to all of them: the lines below are about this one alone, and the user has"
                            + " to be"
                            + " known to each");
        }
        if (side.info().isCluster()) {
            if (side.name().equals("source") && !intent.needs(Intent.Need.RENAMING)) {
                return Finding.note(
                        name,
                        found + ", in cluster mode: " + cluster(side),
                        "all masters are read: the lines below are about this node alone, and each node must know"
                                + " the user");
            }
            return Finding.no(
                    name,
                    found + ", in cluster mode: " + cluster(side),
                    side.name().equals("source")
                            ? "leave --rename out: clusters do not support it yet"
                            : "name a server without cluster mode; this one is not supported yet");
        }
        return side.info().isHidden()
                ? Finding.note(name, found, "add the rule +info: without it an eviction goes unnoticed")
                : Finding.yes(name, found);
    }

    /** The masters that it would take to copy all. */
    private static String cluster(Side side) throws IOException {
        try {
            List<ClusterTopology.Shard> shards =
                    ClusterTopology.of(side.connection()).shards();
            return shards.isEmpty()
                    ? "no slot has a master"
                    : shards.stream().map(ClusterTopology.Shard::toString).collect(Collectors.joining(", "));
        } catch (RedisException e) {
            if (!e.isPermanent()) {
                throw e;
            }
            return "its masters are not known";
        }
    }

    private static Finding database(Side side) throws IOException {
        String name = side.name() + " database";
        if (!side.hasDatabase()) {
            return Finding.no(
                    name,
                    "there is no database " + side.database(),
                    "name a lower number, raise databases in its configuration, or add the rule +select");
        }
        long keys = side.connection().databaseSize();
        return Finding.yes(
                name, "database " + side.database() + (keys < 0 ? " hides its size" : " holds " + keys + " keys"));
    }

    private Finding different() {
        String from = source.info().runId();
        String to = target.info().runId();
        String name = "different data";
        if (from == null || to == null) {
            return Finding.note(name, "not known, as a server hides who it is", "add the rule +info on both sides");
        }
        if (from.equals(to)) {
            return source.database() == target.database()
                    ? Finding.no(name, "both are one database of one server", "name two different ones")
                    : Finding.yes(name, "two databases of one server");
        }
        String replication = source.info().replicationId();
        return replication != null && replication.equals(target.info().replicationId())
                ? Finding.no(name, "one is the replica of the other", "replication copies already: name another server")
                : Finding.yes(name, "two servers");
    }

    private Finding types() throws IOException {
        return Finding.yes(
                "types",
                String.join(", ", new TreeSet<>(intent.types()))
                        + (intent.asksTypes(source.connection())
                                ? ": each key is asked for its type"
                                : ": SCAN tells it apart"));
    }

    private Finding replicaAsSource() {
        String name = "source role";
        String master = source.info().master();
        return source.info().replicationOffset() < 0
                ? Finding.no(
                        name,
                        "a replica that has lost its master " + master + ": later writes there are missing",
                        "repair the link, name the master, or end the replication with REPLICAOF NO ONE")
                : Finding.yes(name, "a replica connected to its master " + master);
    }

    private Finding role() {
        String name = "target role";
        if (target.isReplica()) {
            return Finding.no(
                    name,
                    "a replica of " + target.field("master_host") + ":" + target.field("master_port"),
                    "name its master, or end the replication with REPLICAOF NO ONE");
        }
        return target.info().isHidden()
                ? Finding.note(name, "not known, as it hides who it is", "add the rule +info")
                : Finding.yes(name, "a master");
    }

    private Finding replicas() {
        long there = target.number("connected_slaves");
        String found = there + " replicas are connected, " + intent.waitReplicas() + " must be waited for";
        return there < intent.waitReplicas()
                ? Finding.no("target replicas", found, "connect more, or lower --wait-replicas")
                : Finding.yes("target replicas", found);
    }
}
