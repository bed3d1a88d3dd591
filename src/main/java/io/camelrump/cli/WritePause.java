package io.camelrump.cli;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds up the writes of a source's clients, at each server that takes them. It ends when its length is over, whatever
 * happens meanwhile: where another server takes over, only what is left of it begins there. It is lifted when it is
 * closed, unless it is kept.
 *
 * @see <a href="https://redis.io/docs/latest/commands/client-pause/">CLIENT PAUSE</a>
 */
final class WritePause implements AutoCloseable {
    private static final long BETWEEN_LOOKS = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<Migration.Plan> reachable;
    private final Span span;
    private final long length;
    private final Map<ServerAddress, RedisConnection> held = new LinkedHashMap<>();
    private @Nullable WritableServers servers;
    /** 0 until the first server was asked to pause: whether it does is not known where its reply is lost. */
    private long until;

    private long lookedAt;
    private long gaps;
    private boolean spent;
    private boolean kept;
    private final Consumer<Boolean> onPaused;
    private final Map<ServerAddress, Long> blockedBefore = new LinkedHashMap<>();
    private long closedAt;
    private @Nullable Long waiting;
    private long convergedAt;

    /**
     * Begins with the first {@link #look}, or as much of it as can be begun then: {@link #isHeld} says whether the rest
     * is awaited.
     *
     * @param reachable the run by nodes that answer now
     * @param onPaused takes whether the writers stand still, whenever they begin or cease to
     */
    WritePause(Supplier<Migration.Plan> reachable, Span length, Consumer<Boolean> onPaused) {
        this.reachable = reachable;
        this.span = length;
        this.length = TimeUnit.MILLISECONDS.toNanos(length.millis());
        this.onPaused = onPaused;
    }

    /** Lets the writes wait for what is left of its length, at servers where they do not yet. */
    private void hold(WritableServers wanted) throws IOException {
        servers = wanted;
        for (ServerAddress server : wanted.servers()) {
            if (!held.containsKey(server)) {
                RedisConnection connection = RedisConnection.open(server);
                held.put(server, connection);
                blockedBefore.put(server, connection.info("clients").blockedClients());
                boolean first = until == 0;
                String millis = Long.toString(Math.max(1, millisLeft()));
                until = first ? System.nanoTime() + length : until;
                if (connection.call("CLIENT", "PAUSE", millis, "WRITE") instanceof ErrorReply error) {
                    until = first ? 0 : until;
                    throw refusal(connection, error);
                }
            }
        }
    }

    private static RedisException refusal(RedisConnection connection, ErrorReply error) {
        String text = connection.address() + " refused CLIENT PAUSE: " + error.text();
        return error.isTransient()
                ? RedisException.transientError(text, null)
                : RedisException.permanentError(
                        text + ". It takes Redis 6.2 or newer, and the ACL rule +client|pause.");
    }

    /**
     * Looks from time to time whether the writes still wait everywhere.
     *
     * @throws RedisException a permanent one, if a server that has taken over cannot be paused
     */
    void lookIfDue() {
        if (System.nanoTime() - lookedAt >= BETWEEN_LOOKS || !spent && millisLeft() <= 0) {
            look();
        }
    }

    /** Looks at once. */
    void look() {
        if (spent) {
            return;
        }
        if (millisLeft() <= 0) {
            spent = true;
            gaps++;
            onPaused.accept(false);
            return;
        }
        lookedAt = System.nanoTime();
        try {
            if (!isHeldByAll()) {
                // before the first server was asked, nothing was interrupted
                gaps += until == 0 ? 0 : 1;
                Migration.Plan plan = reachable.get();
                if (until == 0) {
                    requireSentinelsToWait(plan);
                }
                hold(WritableServers.of(plan, "source"));
            }
            onPaused.accept(isHeld());
        } catch (IOException | RedisException e) {
            if (e instanceof RedisException refused && refused.isPermanent()) {
                throw refused;
            }
            // a server is away, as during a failover: it is tried again
            onPaused.accept(false);
            Set.copyOf(held.keySet()).forEach(this::drop);
        }
    }

    private void requireSentinelsToWait(Migration.Plan plan) {
        String objection = SentinelPause.text(SentinelPause.objection(plan, span));
        if (objection != null) {
            throw RedisException.permanentError(objection);
        }
    }

    /** Whether the same processes hold up the writes as before, and no other server takes any. */
    private boolean isHeldByAll() {
        for (ServerAddress server : Set.copyOf(held.keySet())) {
            RedisConnection connection = held.get(server);
            if (!isAlive(connection) || !connection.leadsTo(server)) {
                drop(server);
            }
        }
        WritableServers known = servers;
        return known != null && isHeld() && known.areStillAll();
    }

    private static boolean isAlive(RedisConnection connection) {
        try {
            connection.call("PING");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void drop(ServerAddress server) {
        RedisConnection connection = held.remove(server);
        if (connection != null) {
            connection.close();
        }
    }

    /** Whether the writes wait at all servers that were found last. */
    boolean isHeld() {
        WritableServers known = servers;
        return known != null && held.keySet().containsAll(known.servers());
    }

    /** How often writes may have gone on: where a server was lost or replaced, and when the length was over. */
    long gaps() {
        return gaps;
    }

    /** Whether its length is over, so that writes go on. */
    boolean isSpent() {
        return spent;
    }

    long millisLeft() {
        return TimeUnit.NANOSECONDS.toMillis(until == 0 ? length : until - System.nanoTime());
    }

    /** Both sides are equal: takes note of the time, and of how many clients wait. */
    void converged() {
        convergedAt = System.nanoTime();
        waiting = 0L;
        for (Map.Entry<ServerAddress, RedisConnection> server : held.entrySet()) {
            long before = blockedBefore.getOrDefault(server.getKey(), -1L);
            long now = blocked(server.getValue());
            waiting = before < 0 || now < 0 || waiting == null ? null : waiting + Math.max(0, now - before);
        }
    }

    private static long blocked(RedisConnection connection) {
        try {
            return connection.info("clients").blockedClients();
        } catch (IOException e) {
            return -1;
        }
    }

    /** How many clients wait, as the begin of a sentence about what they do then. */
    String waitingText() {
        Long clients = waiting;
        if (clients == null) {
            return "After that, clients that wait go on";
        }
        return clients == 1 ? "1 client waits, and goes on then" : clients + " clients wait, and go on then";
    }

    /** How long the writers stood still; null if they never did. */
    @Nullable
    PauseTimes times() {
        if (until == 0) {
            return null;
        }
        long begunAt = until - length;
        long end = kept || spent ? until : Math.min(until, closedAt);
        return new PauseTimes(
                convergedAt == 0 ? null : Duration.ofNanos(convergedAt - begunAt),
                Duration.ofNanos(end - begunAt),
                waiting);
    }

    /** Leaves the pause as it is, to end by itself. */
    void keep() {
        kept = true;
    }

    @Override
    public void close() {
        closedAt = System.nanoTime();
        onPaused.accept(false);
        for (RedisConnection connection : held.values()) {
            // each by itself: the others are not to wait because one of them is gone
            try (connection) {
                if (!kept && !spent) {
                    connection.call("CLIENT", "UNPAUSE");
                }
            } catch (IOException | RedisException e) {
                // it ends by itself
            }
        }
    }
}
