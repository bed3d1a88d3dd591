package io.camelrump.compare;

import io.camelrump.Difference;
import io.camelrump.keys.ReverseMapping;
import io.camelrump.keys.TargetNameIndex;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import io.camelrump.run.PageData;
import io.camelrump.throttle.TurnPacer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Looks which keys of a target's page have one behind them at the source: existence and type alone. */
final class ReverseLookup {
    /** A query about the key at this index of the page. */
    private record Asked(int index, TargetNameIndex.Source source) {}

    private final MasterConnections servers;
    private final ReverseMapping origins;
    private final Set<String> types;

    /**
     * @param servers the source, or its masters
     * @param types that a key must have there to count as the same; none for any
     */
    ReverseLookup(MasterConnections servers, ReverseMapping origins, Set<String> types) {
        this.servers = servers;
        this.origins = origins;
        this.types = types;
    }

    /** Looks the keys up that are due. */
    void look(PageData page, boolean[] due, PageComparison comparison) throws IOException {
        ReverseMapping.@Nullable Found[] found = new ReverseMapping.Found[due.length];
        Map<RedisConnection, Map<Integer, List<Asked>>> queries = new LinkedHashMap<>();
        for (int i = 0; i < due.length; i++) {
            if (due[i]) {
                ReverseMapping.Found of = origins.of(page.database(), page.key(i));
                found[i] = of;
                for (TargetNameIndex.Source source : of.sources()) {
                    queries.computeIfAbsent(servers.of(source.key()), server -> new TreeMap<>())
                            .computeIfAbsent(source.database(), number -> new ArrayList<>())
                            .add(new Asked(i, source));
                }
            }
        }
        @Nullable Object[] types = new Object[due.length];
        for (Map.Entry<RedisConnection, Map<Integer, List<Asked>>> ofServer : queries.entrySet()) {
            for (Map.Entry<Integer, List<Asked>> ofDatabase :
                    ofServer.getValue().entrySet()) {
                ofServer.getKey().select(ofDatabase.getKey());
                ask(ofServer.getKey(), ofDatabase.getValue(), (one, answer) -> {
                    if (rank(answer) > rank(types[one.index()])) {
                        types[one.index()] = answer;
                    }
                });
            }
        }
        for (int i = 0; i < due.length; i++) {
            ReverseMapping.Found of = found[i];
            if (of != null) {
                judge(page, i, of, types[i], comparison);
            }
        }
    }

    private void ask(RedisConnection server, List<Asked> queries, BiConsumer<Asked, @Nullable Object> replies) {
        TurnPacer turns = servers.turns(server);
        if (types.isEmpty() && servers.topology() == null) {
            new PresenceQueries(server, turns).ask(queries, one -> one.source().key(), replies);
        } else {
            new TypeQueries(server, turns).ask(queries, one -> one.source().key(), replies);
        }
    }

    /** Rank of one of several answers about a key: the most informative one counts. */
    private int rank(@Nullable Object answer) {
        if (answer == null) {
            return 0;
        }
        if (answer instanceof ErrorReply) {
            return 2;
        }
        return "none".equals(answer) ? 1 : isWanted(answer) ? 4 : 3;
    }

    private boolean isWanted(Object type) {
        return types.isEmpty() || types.contains(type);
    }

    private void judge(
            PageData page, int i, ReverseMapping.Found found, @Nullable Object type, PageComparison comparison) {
        List<TargetNameIndex.Source> sources = found.sources();
        if (sources.isEmpty() && !found.hidden()) {
            comparison.filtered(i);
        } else if (type instanceof ErrorReply error) {
            comparison.refused(i, servers + " refused to report its type: " + error.text());
        } else if (page.isGone(i)) {
            comparison.gone(i);
        } else if (type == null || "none".equals(type)) {
            if (found.hidden()) {
                comparison.undecided(i);
            } else {
                differs(i, sources, Difference.Cause.EXTRA, "only the target has it", comparison);
            }
        } else if (isWanted(type)) {
            comparison.same(i);
        } else if (found.hidden()) {
            // the filter leaves this one out, and another one may have got the name
            comparison.undecided(i);
        } else {
            String wanted = String.join(" or ", new java.util.TreeSet<>(types));
            differs(
                    i,
                    sources,
                    Difference.Cause.TYPE,
                    "is a " + type + " at the source, a " + wanted + " at the target",
                    comparison);
        }
    }

    /** By the name that it has at the source, as far as there is only one. */
    private void differs(
            int i,
            List<TargetNameIndex.Source> sources,
            Difference.Cause cause,
            String detail,
            PageComparison comparison) {
        if (sources.size() == 1) {
            comparison.differs(i, sources.get(0), cause, detail);
        } else {
            comparison.differs(i, cause, detail);
        }
    }
}
