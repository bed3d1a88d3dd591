package io.camelrump.cli;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
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
    private static final long TICK_MILLIS = 50;
    private static final long BETWEEN_LOOKS = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<Migration.Plan> reachable;
    private final Span span;
    private final long length;
    private final Map<ServerAddress, PausedServer> held = new LinkedHashMap<>();
    private @Nullable WritableServers servers;
    /** 0 until the first server was asked to pause: whether it does is not known where its reply is lost. */
    private long until;

    private long lookedAt;
    private long gaps;
    private boolean spent;
    private boolean kept;
    private final Consumer<Boolean> onPaused;
    private final boolean closesWaiting;
    private long closedClients;
    private long closedAt;
    private @Nullable Long waiting;
    private long convergedAt;

    /**
     * Begins with the first {@link #look}, or as much of it as can be begun then: {@link #isHeld} says whether the rest
     * is awaited.
     *
     * @param reachable the run by nodes that answer now
     * @param closesWaiting whether {@link #closeWaiting} will be called
     * @param onPaused takes whether the writers stand still, whenever they begin or cease to
     */
    WritePause(Supplier<Migration.Plan> reachable, Span length, boolean closesWaiting, Consumer<Boolean> onPaused) {
        this.reachable = reachable;
        this.closesWaiting = closesWaiting;
        this.span = length;
        this.length = TimeUnit.MILLISECONDS.toNanos(length.millis());
        this.onPaused = onPaused;
    }

    /** Lets the writes wait for what is left of its length, at servers where they do not yet. */
    private void hold(WritableServers wanted) throws IOException {
        servers = wanted;
        for (ServerAddress server : wanted.servers()) {
            if (!held.containsKey(server)) {
                PausedServer paused = PausedServer.open(server, closesWaiting);
                held.put(server, paused);
                boolean first = until == 0;
                long millis = Math.max(1, millisLeft());
                until = first ? System.nanoTime() + length : until;
                ErrorReply error = paused.pause(millis, System.nanoTime() - begunAt());
                if (error != null) {
                    until = first ? 0 : until;
                    throw paused.refusal(error);
                }
            }
        }
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
            if (!held.get(server).isStill(server)) {
                drop(server);
            }
        }
        WritableServers known = servers;
        return known != null && isHeld() && known.areStillAll();
    }

    private void drop(ServerAddress server) {
        PausedServer lost = held.remove(server);
        if (lost != null) {
            closedClients += lost.closedClients();
            lost.close();
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
        for (PausedServer server : held.values()) {
            Long here = server.waiting();
            waiting = waiting == null || here == null ? null : waiting + here;
        }
    }

    /** Says how the pause goes on after the run has converged. */
    String keptText() {
        String left = String.format(
                Locale.ROOT, "Writes at the source stay paused for another %.1f s", Math.max(0, millisLeft()) / 1e3);
        if (closesWaiting) {
            return "Converged. " + left + ", and connections that wait to write there are closed until then: switch the"
                    + " clients to the new server now. What is written to the old one after that is not copied.";
        }
        Long clients = waiting;
        String afterwards = clients == null
                ? "After that, clients that wait go on"
                : clients == 1 ? "1 client waits, and goes on then" : clients + " clients wait, and go on then";
        return left + ". " + afterwards + " to write to the old server: switch the clients to the new one before.";
    }

    /** Closes connections whose writes wait until it is over, or a signal comes; nothing where that is not wanted. */
    void closeWaiting(StopSignals signals) throws InterruptedException {
        while (closesWaiting && !spent && !signals.await(TICK_MILLIS)) {
            lookIfDue();
            for (PausedServer server : held.values()) {
                server.closeWaiting();
            }
        }
    }

    /** How long the writers stood still; null if they never did. */
    @Nullable
    PauseTimes times() {
        if (until == 0) {
            return null;
        }
        long begunAt = begunAt();
        long end = kept || spent ? until : Math.min(until, closedAt);
        return new PauseTimes(
                convergedAt == 0 ? null : Duration.ofNanos(convergedAt - begunAt),
                Duration.ofNanos(end - begunAt),
                waiting,
                closesWaiting
                        ? closedClients
                                + held.values().stream()
                                        .mapToLong(PausedServer::closedClients)
                                        .sum()
                        : null);
    }

    private long begunAt() {
        return until - length;
    }

    /** Leaves the pause as it is, to end by itself. */
    void keep() {
        kept = true;
    }

    @Override
    public void close() {
        closedAt = System.nanoTime();
        onPaused.accept(false);
        for (PausedServer server : held.values()) {
            // each by itself: the others are not to wait because one of them is gone
            try (server) {
                if (!kept && !spent) {
                    server.unpause();
                }
            }
        }
    }
}
