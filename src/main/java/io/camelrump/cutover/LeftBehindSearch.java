package io.camelrump.cutover;

import io.camelrump.LeftBehind;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/** Looks for what no copy carries; what a server does not say, as its user may not ask, stays unknown. */
final class LeftBehindSearch {
    /** A server that is frozen must not keep a cutover from its beginning. */
    static final Duration MOST_WAIT = Duration.ofSeconds(1);

    private static final int MOST_NAMED = 5;
    private static final String RIGHTS = "It takes the ACL rule +client|list.";
    private static final String SCRIPTS = "number_of_cached_scripts";

    private @Nullable Long subscribers = 0L;
    private @Nullable Long blocked = 0L;
    private @Nullable Long cached = 0L;
    private @Nullable Long cachedThere;
    private final List<String> clients = new ArrayList<>();

    private LeftBehindSearch() {}

    /** Servers that are found only where there is something to ask them. */
    interface Servers {
        Collection<ServerAddress> find() throws IOException;
    }

    /**
     * Asks each of these servers; before the source's writes are paused, as clients wait for the end of a pause too.
     *
     * @param targets asked only where the source has scripts
     */
    static LeftBehind among(Collection<ServerAddress> sources, Servers targets) {
        LeftBehindSearch search = new LeftBehindSearch();
        sources.forEach(search::lookAtSource);
        search.lookAtTargets(targets);
        return new LeftBehind(search.subscribers, search.blocked, search.missingScripts(), search.clients);
    }

    private void lookAtSource(ServerAddress server) {
        try (RedisConnection connection = RedisConnection.open(server)) {
            ServerInfo info = connection.info("clients", "memory");
            // each node of a cluster has the scripts that were called there
            cached = combined(cached, number(info, SCRIPTS), Math::max);
            try {
                List<ListedClient> listed = ListedClient.of(connection, connection.call("CLIENT", "LIST"), RIGHTS);
                subscribers = combined(subscribers, count(listed, true), Long::sum);
                blocked = combined(blocked, count(listed, false), Long::sum);
            } catch (RedisException e) {
                subscribers = combined(subscribers, subscriptions(connection), Long::sum);
                blocked = combined(blocked, number(info, "blocked_clients"), Long::sum);
            }
        } catch (IOException | RedisException e) {
            // the cutover itself finds out whether it is gone
            subscribers = null;
            blocked = null;
            cached = null;
        }
    }

    private long count(List<ListedClient> listed, boolean subscribing) {
        List<ListedClient> found = listed.stream()
                .filter(client -> !client.isOwn() && !client.isNamedSentinel())
                .filter(client -> subscribing ? client.isSubscriber() : client.isWaiting())
                .toList();
        found.stream()
                .limit(Math.max(0, MOST_NAMED - clients.size()))
                .map(client -> client.address()
                        + (client.name().isEmpty() ? "" : " (" + client.name() + ")")
                        + " by " + client.command())
                .forEach(clients::add);
        return found.size();
    }

    /** Channels that somebody subscribes to, where the clients are not listed; null where these are hidden too. */
    private static @Nullable Long subscriptions(RedisConnection connection) throws IOException {
        List<@Nullable Object> replies =
                connection.callAll(List.of(List.of("PUBSUB", "CHANNELS"), List.of("PUBSUB", "NUMPAT")));
        return replies.get(0) instanceof List<?> channels && replies.get(1) instanceof Long patterns
                ? Long.valueOf(channels.size() + patterns)
                : null;
    }

    private void lookAtTargets(Servers targets) {
        cachedThere = cached;
        if (cached == null || cached == 0) {
            return;
        }
        try {
            targets.find().forEach(this::lookAtTarget);
        } catch (IOException | RedisException e) {
            cachedThere = null;
        }
    }

    private void lookAtTarget(ServerAddress server) {
        try (RedisConnection connection = RedisConnection.open(server)) {
            cachedThere = combined(cachedThere, number(connection.info("memory"), SCRIPTS), Math::min);
        } catch (IOException | RedisException e) {
            cachedThere = null;
        }
    }

    private @Nullable Long missingScripts() {
        return combined(cached, cachedThere, (here, there) -> Math.max(0, here - there));
    }

    private static @Nullable Long combined(@Nullable Long one, @Nullable Long other, LongBinaryOperator both) {
        return one == null || other == null ? null : Long.valueOf(both.applyAsLong(one, other));
    }

    private static @Nullable Long number(ServerInfo info, String field) {
        String value = info.fields().get(field);
        return value == null || !value.matches("\\d{1,18}") ? null : Long.valueOf(value);
    }
}
