package io.camelrump.cutover;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Clients of one server that began to wait while its writes were paused. Closing their connections makes the writes
 * fail that would otherwise be executed there when the pause ends.
 *
 * <p>A client that a pause holds up looks like one that waits for an element of a list: both have the flag {@code b}.
 * Who waited before is known by a list of that moment.
 *
 * @see <a href="https://redis.io/docs/latest/commands/client-list/">CLIENT LIST</a>
 */
final class WaitingWriters {
    /** Lists the clients; sent in one pipeline with the pause, so that no client comes in between. */
    static final List<String> LIST = List.of("CLIENT", "LIST", "TYPE", "normal");

    private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(250);
    /** A server answers nobody else while it lists its clients. */
    private static final int REST_PER_LIST = 20;

    /** Commands that wait by themselves: a pause of the writes does not hold them up. */
    private static final Set<String> WAITING_READS = Set.of("xread", "wait", "waitaof");
    /** Each of these flags marks a connection of another kind: replica, master, subscriber, monitor, AOF client. */
    private static final String OTHER_KINDS = ".*[SMPOA].*";

    private static final String RIGHTS = "--fail-waiting-writes takes the ACL rules +client|list and +client|kill.";

    private final RedisConnection connection;
    /** Who waited before the pause. */
    private final Set<Long> before = new HashSet<>();

    private final long listedAt = System.nanoTime();
    private final boolean sentinelsWatch;
    private long dueAt;
    private long closed;

    /**
     * Notes who waits already.
     *
     * @param listed reply to {@link #LIST}
     * @param pausedFor how long the writes are paused by now, where another server was before this one
     * @param sentinelsWatch whether sentinels publish there, each by a connection that may have no name
     */
    WaitingWriters(RedisConnection connection, @Nullable Object listed, long pausedFor, boolean sentinelsWatch) {
        this.connection = connection;
        this.sentinelsWatch = sentinelsWatch;
        for (ListedClient client : clients(listed)) {
            if (client.isWaiting() && client.idle() >= TimeUnit.NANOSECONDS.toSeconds(pausedFor)) {
                before.add(client.id());
            }
        }
    }

    /** How many connections were closed. */
    long closed() {
        return closed;
    }

    /** Closes the connections of those who wait by now, a few times per second. */
    void closeIfDue() throws IOException {
        long from = System.nanoTime();
        if (dueAt != 0 && from - dueAt < 0) {
            return;
        }
        List<List<String>> kills = clients(connection.call(LIST.toArray(String[]::new))).stream()
                .filter(this::isHeldUp)
                .map(client -> List.of("CLIENT", "KILL", "ID", Long.toString(client.id()), "TYPE", "normal"))
                .toList();
        long now = System.nanoTime();
        dueAt = now + Math.max(BETWEEN_LOOKS, REST_PER_LIST * (now - from));
        for (Object reply : connection.callAll(kills)) {
            if (reply instanceof ErrorReply error) {
                throw ListedClient.refusal(connection, "CLIENT KILL", error, RIGHTS);
            }
            closed += reply instanceof Long killed ? killed : 0;
        }
    }

    private boolean isHeldUp(ListedClient client) {
        return client.isWaiting()
                && !client.flags().matches(OTHER_KINDS)
                && !client.isOwn()
                && !WAITING_READS.contains(client.command())
                && !isSentinel(client)
                && !isWaitingSinceBefore(client);
    }

    private boolean isSentinel(ListedClient client) {
        return client.isNamedSentinel()
                || sentinelsWatch && client.name().isEmpty() && client.command().equals("publish");
    }

    /** A client that has sent something since then was answered in between. */
    private boolean isWaitingSinceBefore(ListedClient client) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - listedAt);
        return before.contains(client.id()) && client.idle() + 1 >= seconds;
    }

    private List<ListedClient> clients(@Nullable Object reply) {
        return ListedClient.of(connection, reply, RIGHTS);
    }
}
