package io.camelrump.cutover;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Clients of one server that began to wait while its writes were paused. Closing their connections makes the writes
 * fail that would otherwise be executed there when the pause ends.
 *
 * <p>A client that a pause holds up looks like one that waits for an element of a list: both have the flag {@code b}.
 * Who waited before is known by a list of that moment. Of those that began to wait since, a pause holds up those alone
 * whose command may write; and nobody, once it is over, or somebody has lifted it.
 *
 * @see <a href="https://redis.io/docs/latest/commands/client-list/">CLIENT LIST</a>
 */
final class WaitingWriters {
    /** In the reply to COMMAND INFO, behind the name and the number of arguments. */
    private static final int PLACE_OF_FLAGS = 2;

    /** Lists the clients; sent in one pipeline with the pause, so that no client comes in between. */
    static final List<String> LIST = List.of("CLIENT", "LIST", "TYPE", "normal");

    private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(250);
    /** Before the end of the pause: who is closed after it has had a write executed. */
    private static final long MARGIN = TimeUnit.MILLISECONDS.toNanos(20);
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
    /** Null where nothing shows whether the pause lasts. */
    private final @Nullable PauseProbe probe;
    /** Whether commands of modules may write, by their names. */
    private final Map<String, Boolean> writing = new HashMap<>();

    private long dueAt;
    /** How long the last look took. */
    private long took;

    private long closed;
    private boolean lifted;

    /**
     * Notes who waits already.
     *
     * @param listed reply to {@link #LIST}
     * @param pausedFor how long the writes are paused by now, where another server was before this one
     * @param sentinelsWatch whether sentinels publish there, each by a connection that may have no name
     * @param probe shows whether the pause lasts; null for none
     */
    WaitingWriters(
            RedisConnection connection,
            @Nullable Object listed,
            long pausedFor,
            boolean sentinelsWatch,
            @Nullable PauseProbe probe) {
        this.connection = connection;
        this.sentinelsWatch = sentinelsWatch;
        this.probe = probe;
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

    /** Whether somebody was found to have lifted the pause: nobody is closed any longer. */
    boolean isLifted() {
        return lifted;
    }

    /**
     * Closes the connections of those who wait by now, a few times per second.
     *
     * @param until when the pause is over, by {@link System#nanoTime}
     */
    void closeIfDue(long until) throws IOException {
        long from = System.nanoTime();
        if (lifted || dueAt != 0 && from - dueAt < 0 || isTooLate(from, until)) {
            return;
        }
        List<ListedClient> clients = clients(connection.call(LIST.toArray(String[]::new)));
        lifted = probe != null && !probe.isHeld(clients);
        List<List<String>> kills = new ArrayList<>();
        for (ListedClient client : lifted ? List.<ListedClient>of() : clients) {
            if (isHeldUp(client) && mayWrite(client.command())) {
                kills.add(List.of("CLIENT", "KILL", "ID", Long.toString(client.id()), "TYPE", "normal"));
            }
        }
        long now = System.nanoTime();
        took = now - from;
        dueAt = nextLook(now, until);
        if (!isTooLate(now, until)) {
            close(kills);
        }
    }

    private boolean isTooLate(long now, long until) {
        return until - now < MARGIN + took;
    }

    /** The last look comes just before the end of the pause: who begins to wait after it goes on to write. */
    private long nextLook(long now, long until) {
        long usual = now + Math.max(BETWEEN_LOOKS, REST_PER_LIST * took);
        long last = until - 2 * (MARGIN + took);
        return usual - last > 0 && last - now > 0 ? last : usual;
    }

    private void close(List<List<String>> kills) throws IOException {
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

    /** A module may have a client wait for a command that reads, which no pause holds up. */
    private boolean mayWrite(String command) throws IOException {
        if (!command.contains(".")) {
            return true;
        }
        Boolean known = writing.get(command);
        if (known == null) {
            known = connection.call("COMMAND", "INFO", command) instanceof List<?> infos
                    && infos.size() == 1
                    && infos.get(0) instanceof List<?> info
                    && info.size() > PLACE_OF_FLAGS
                    && info.get(PLACE_OF_FLAGS) instanceof List<?> flags
                    && flags.stream().anyMatch(flag -> "write".equals(word(flag)));
            writing.put(command, known);
        }
        return known;
    }

    private static String word(@Nullable Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(reply);
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
