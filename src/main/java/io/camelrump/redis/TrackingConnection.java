package io.camelrump.redis;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection on which a server names every key that changes, in all its databases: CLIENT TRACKING with BCAST.
 * Nothing of the server's configuration is changed for it.
 *
 * <p>One thread reads, and does nothing else: what is not read waits in the server's memory, and may make a full server
 * evict its data. Another one may {@link #ping} meanwhile: a PING that was sent after a write was answered is answered
 * after the notification of that write.
 *
 * <p>By RESP3 where the server has it; else by RESP2, on two connections: one subscribes to the notifications, and the
 * tracking belongs to the other.
 *
 * @see <a href="https://redis.io/docs/latest/commands/client-tracking/">CLIENT TRACKING</a>
 */
public final class TrackingConnection implements AutoCloseable {
    static final String CHANNEL = "__redis__:invalidate";
    private static final String INVALIDATE = "invalidate";
    private static final String TRACKING = "CLIENT TRACKING";

    /** Receiver of change notifications, on the reading thread. */
    public interface Listener {
        /** This key was written, or is gone; in which database is not said. */
        void changed(byte[] key);

        /** A database was emptied at once: no key is named. */
        void flushed();

        /** The answer to the ping of this number. */
        void answered(long ping) throws IOException;
    }

    private final RedisConnection notifications;
    /** The one that the tracking belongs to, where it is not the one that reads; null with RESP3. */
    private final @Nullable RedisConnection tracker;

    TrackingConnection(RedisConnection notifications, @Nullable RedisConnection tracker) {
        this.notifications = notifications;
        this.tracker = tracker;
    }

    /**
     * Connects and turns tracking on: changes from now on are reported.
     *
     * @return null if the server, or the ACL of the user, offers none
     */
    public static @Nullable TrackingConnection open(ServerAddress address) throws IOException {
        RedisConnection connection = RedisConnection.open(address);
        boolean ready = false;
        try {
            TrackingConnection opened = connection.probe("HELLO", "3") instanceof ErrorReply
                    ? withRedirection(connection)
                    : withPushes(connection);
            ready = opened != null;
            return opened;
        } finally {
            if (!ready) {
                connection.close();
            }
        }
    }

    private static @Nullable TrackingConnection withPushes(RedisConnection connection) throws IOException {
        connection.out().command(4).arg("CLIENT").arg("TRACKING").arg("ON").arg("BCAST");
        connection.out().command(2).arg("CLIENT").arg("TRACKINGINFO");
        connection.out().flush();
        Object on = ErrorText.definitive(
                connection.address(), "CLIENT TRACKING", connection.in().reply());
        Object info = connection.in().reply();
        while (isPush(info)) {
            // notifications may come before the second answer, and a reader that has not begun missed nothing: no key
            // was read
            info = connection.in().reply();
        }
        ErrorText.definitive(connection.address(), "CLIENT TRACKINGINFO", info);
        return !(on instanceof ErrorReply) && isTracking(info) ? new TrackingConnection(connection, null) : null;
    }

    /** RESP2 takes TRACKING without REDIRECT too, and then delivers nothing. */
    private static @Nullable TrackingConnection withRedirection(RedisConnection connection) throws IOException {
        if (!(connection.probe("CLIENT", "ID") instanceof Long id)) {
            return null;
        }
        // the same server, whoever may be named by now
        RedisConnection tracker = RedisConnection.open(connection.address());
        boolean ready = false;
        try {
            ready = !(connection.probe("SUBSCRIBE", CHANNEL) instanceof ErrorReply)
                    && !(tracker.probe("CLIENT", "TRACKING", "ON", "REDIRECT", id.toString(), "BCAST")
                            instanceof ErrorReply)
                    && isTracking(tracker.probe("CLIENT", "TRACKINGINFO"));
            return ready ? new TrackingConnection(connection, tracker) : null;
        } finally {
            if (!ready) {
                tracker.close();
            }
        }
    }

    private static boolean isPush(@Nullable Object reply) {
        return reply instanceof List<?> list && !list.isEmpty() && INVALIDATE.equals(text(list.get(0)));
    }

    /** CLIENT TRACKINGINFO: name and value in turn. Below 6.2 it is unknown, and OK has to do. */
    private static boolean isTracking(@Nullable Object info) {
        if (info instanceof ErrorReply error) {
            return !error.deniesCommand();
        }
        if (!(info instanceof List<?> fields)) {
            return false;
        }
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            if ("flags".equals(text(fields.get(i))) && fields.get(i + 1) instanceof List<?> flags) {
                List<@Nullable String> names = flags.stream()
                        .<@Nullable String>map(TrackingConnection::text)
                        .toList();
                return names.contains("bcast") && !names.contains("broken_redirect");
            }
        }
        return false;
    }

    /** A word of a server; null if it is something else. */
    private static @Nullable String text(@Nullable Object word) {
        return word instanceof byte[] bytes
                ? new String(bytes, StandardCharsets.UTF_8)
                : word instanceof String text ? text : null;
    }

    /** Whether notifications come as pushes, and not by subscription. */
    public boolean isByPushes() {
        return tracker == null;
    }

    /**
     * Sends a ping; {@link Listener#answered} follows when all changes before it were reported. Any one thread at a
     * time.
     */
    public void ping(long number) throws IOException {
        if (tracker != null && !isTracking(tracker.probe("CLIENT", "TRACKINGINFO"))) {
            throw new ProtocolException(
                    notifications.address() + " stopped sending change notifications: the" + " redirection is broken");
        }
        notifications.out().command(2).arg("PING").arg(number);
        notifications.out().flush();
    }

    /** Whether the next message, or a part of it, has come already. Of the reading thread. */
    public boolean hasBuffered() {
        return notifications.in().hasBuffered();
    }

    /** Waits for the next message and hands it on. */
    public void read(Listener listener) throws IOException {
        Object message = notifications.in().reply();
        if (message instanceof ErrorReply error) {
            if (error.isOversized()) {
                throw new ReplyException(TRACKING, "a name that is too long to be held", "the names of changed keys");
            }
            throw ErrorText.refusal(notifications.address(), "PING", error);
        }
        if (!(message instanceof List<?> list)) {
            answered(message, listener);
            return;
        }
        String kind = list.size() > 1 ? text(list.get(0)) : null;
        if (kind == null) {
            throw new ReplyException(TRACKING, message);
        }
        Object content = list.get(list.size() - 1);
        switch (kind) {
            case INVALIDATE, "message" -> deliver(content, listener);
            case "pong" -> answered(content, listener);
            case "tracking-redir-broken" ->
                throw new ProtocolException(notifications.address() + " stopped sending change notifications");
            default -> {
                // of a subscription's own words none is about a key
            }
        }
    }

    private static void deliver(@Nullable Object content, Listener listener) throws ReplyException {
        if (content == null) {
            listener.flushed();
            return;
        }
        if (!(content instanceof List<?> keys)) {
            throw new ReplyException(TRACKING, content, "the names of changed keys");
        }
        for (Object key : keys) {
            if (!(key instanceof byte[] name)) {
                throw new ReplyException(TRACKING, key, "the name of a changed key");
            }
            listener.changed(name);
        }
    }

    private static void answered(@Nullable Object number, Listener listener) throws IOException {
        String digits = text(number);
        if (digits == null || !digits.matches("[0-9]{1,18}")) {
            throw new ReplyException("PING", number, "its number");
        }
        listener.answered(Long.parseLong(digits));
    }

    @Override
    public void close() {
        notifications.close();
        if (tracker != null) {
            tracker.close();
        }
    }
}
