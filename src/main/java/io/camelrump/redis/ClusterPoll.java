package io.camelrump.redis;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who owns the slots of a cluster by what its nodes say: what more than half of the masters say, or else what most say.
 *
 * <p>One alone may be wrong for long: cut off from the others it does not hear of its successor, and one that lost its
 * memory knows nobody.
 *
 * @param agreed whether more than half of the masters say so
 */
public record ClusterPoll(ClusterTopology topology, boolean agreed) {

    /** A topology that some nodes report, and how many of them are masters. */
    private static final class View {
        private final ClusterTopology topology;
        private int votes;

        private View(ClusterTopology topology) {
            this.topology = topology;
        }
    }

    /**
     * Asks these nodes, and those that they name, one after the other until enough of them agree.
     *
     * @throws RedisException if none of them answers; a permanent one if all refuse for good
     */
    public static ClusterPoll of(Collection<ServerAddress> nodes) {
        List<View> views = new ArrayList<>();
        RedisException failure = null;
        Deque<ServerAddress> toAsk = new ArrayDeque<>(nodes);
        Set<ServerAddress> asked = new HashSet<>();
        while (!toAsk.isEmpty()) {
            ServerAddress node = toAsk.remove();
            if (!asked.add(node)) {
                continue;
            }
            try (RedisConnection connection = RedisConnection.open(node)) {
                ClusterTopology reported = ClusterTopology.of(connection);
                if (reported.shards().isEmpty()) {
                    throw RedisException.transientError(
                            node + " knows no owner of any slot: name another node of the cluster.", null);
                }
                View view = count(reported, node, views);
                // one alone is not believed while there are others to be asked
                if (view.votes > 1 && isMajority(view, views)) {
                    return new ClusterPoll(reported, true);
                }
                reported.nodes().forEach(other -> toAsk.add(node.at(other.host(), other.port())));
            } catch (IOException e) {
                failure = transientFirst(failure, ErrorText.failure(node, e));
            } catch (RedisException e) {
                failure = transientFirst(failure, e);
            }
        }
        RedisException cause = failure == null
                ? RedisException.transientError("No node is left to ask for the slots.", null)
                : failure;
        View most =
                views.stream().max(Comparator.comparingInt(view -> view.votes)).orElseThrow(() -> cause);
        return new ClusterPoll(most.topology, isMajority(most, views));
    }

    /**
     * Whether this view has the votes of most masters of every view: a partitioned node must not win by being alone.
     */
    private static boolean isMajority(View view, List<View> views) {
        return views.stream()
                .allMatch(other -> view.votes * 2 > other.topology.shards().size());
    }

    private static View count(ClusterTopology reported, ServerAddress node, List<View> views) {
        View view = views.stream()
                .filter(other -> other.topology.hasOwnersOf(reported))
                .findFirst()
                .orElse(null);
        if (view == null) {
            view = new View(reported);
            views.add(view);
        }
        view.votes += reported.isMaster(node) ? 1 : 0;
        return view;
    }

    /** An error for masters that did not agree. */
    public static RedisException disagreement(ServerAddress named) {
        return RedisException.transientError(
                "The masters of the cluster of " + named + " do not agree on who owns the slots: compare CLUSTER SLOTS"
                        + " of each, and reconnect a partitioned one (CLUSTER MEET).",
                null);
    }

    private static RedisException transientFirst(@Nullable RedisException one, RedisException other) {
        return one == null || one.isPermanent() ? other : one;
    }
}
