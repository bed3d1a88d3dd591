package io.camelrump.cutover;

import io.camelrump.CutoverDirection;
import io.camelrump.PauseTimes;
import io.camelrump.ServerMode;
import io.camelrump.needs.SentinelPause;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.WritableServers;
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
public final class WritePause implements AutoCloseable {
    private static final long BETWEEN_LOOKS = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<ServerAddress> reachable;
    private final ServerMode mode;
    private final Duration span;
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
     * @param reachable the source by a node that answers now
     * @param mode whether that is a node of a cluster
     * @param closesWaiting whether {@link #closeWaiting} will be called
     * @param onPaused takes whether the writers stand still, whenever they begin or cease to
     */
    public WritePause(
            Supplier<ServerAddress> reachable,
            ServerMode mode,
            Duration length,
            boolean closesWaiting,
            Consumer<Boolean> onPaused) {
        this.reachable = reachable;
        this.mode = mode;
        this.closesWaiting = closesWaiting;
        this.span = length;
        this.length = length.toNanos();
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
    public void lookIfDue() {
        if (System.nanoTime() - lookedAt >= BETWEEN_LOOKS || !spent && millisLeft() <= 0) {
            look();
        }
    }

    /** Looks at once. */
    public void look() {
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
                ServerAddress source = reachable.get();
                if (until == 0) {
                    requireSentinelsToWait(source);
                }
                hold(WritableServers.of(source, mode));
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

    private void requireSentinelsToWait(ServerAddress source) {
        String objection = SentinelPause.text(SentinelPause.objection(source, span));
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
    public boolean isHeld() {
        WritableServers known = servers;
        return known != null && held.keySet().containsAll(known.servers());
    }

    /** How often writes may have gone on: where a server was lost or replaced, and when the length was over. */
    public long gaps() {
        return gaps;
    }

    /** Whether its length is over, so that writes go on. */
    public boolean isSpent() {
        return spent;
    }

    public long millisLeft() {
        return TimeUnit.NANOSECONDS.toMillis(until == 0 ? length : until - System.nanoTime());
    }

    /** Both sides are equal: takes note of the time, and of how many clients wait. */
    public void converged() {
        convergedAt = System.nanoTime();
        waiting = 0L;
        for (PausedServer server : held.values()) {
            Long here = server.waiting();
            waiting = waiting == null || here == null ? null : waiting + here;
        }
    }

    /** Says how the pause goes on after the run has converged, whose clients are led in this direction. */
    public String keptText(CutoverDirection direction) {
        String left = String.format(
                Locale.ROOT,
                "Writes at %s stay paused for another %.1f s",
                direction.source(),
                Math.max(0, millisLeft()) / 1e3);
        if (closesWaiting) {
            return "Converged. " + left + ", and connections that wait to write there are closed until then: switch the"
                    + " clients to " + direction.reached() + " now. What is written to " + direction.left()
                    + " after that is not copied.";
        }
        Long clients = waiting;
        String afterwards = clients == null
                ? "After that, clients that wait go on"
                : clients == 1 ? "1 client waits, and goes on then" : clients + " clients wait, and go on then";
        return left + ". " + afterwards + " to write to " + direction.left() + ": switch the clients to "
                + direction.reached() + " before.";
    }

    /** Whether it still closes connections whose writes wait. */
    public boolean closesWaiting() {
        return closesWaiting && !spent;
    }

    /** Closes those that wait now, when it is time to look for them again. */
    public void closeWaiting() {
        lookIfDue();
        for (PausedServer server : held.values()) {
            server.closeWaiting(until);
        }
    }

    /** How long the writers stood still; null if they never did. */
    public @Nullable PauseTimes times() {
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
    public void keep() {
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
