package io.camelrump.redis;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Notifications of what others write at a server to which a connection of ours writes: CLIENT TRACKING with NOLOOP,
 * redirected to a connection of its own, so that neither our writes are reported nor anything comes between their
 * replies. Of two writes at one moment the later one decides.
 */
public final class ForeignTracking {
    private ForeignTracking() {}

    /**
     * Turns the tracking on at a connection on which no reply is due: what others write from now on is reported while
     * both connections last.
     *
     * @return null if the server, or the ACL of the user, offers none
     */
    public static @Nullable TrackingConnection open(RedisConnection writer) throws IOException {
        RedisConnection listening = RedisConnection.open(writer.address());
        boolean ready = false;
        try {
            ready = listening.probe("CLIENT", "ID") instanceof Long id
                    // by which a report is known to be the last one
                    && !(listening.probe("PING") instanceof ErrorReply)
                    && canListen(listening)
                    && isOn(writer, id.toString());
            return ready ? new TrackingConnection(listening, null) : null;
        } finally {
            if (!ready) {
                listening.close();
            }
        }
    }

    private static boolean canListen(RedisConnection listening) throws IOException {
        return !(listening.probe("HELLO", "3") instanceof ErrorReply)
                || !(listening.probe("SUBSCRIBE", TrackingConnection.CHANNEL) instanceof ErrorReply);
    }

    private static boolean isOn(RedisConnection writer, String listening) throws IOException {
        // an earlier listener may be gone
        writer.probe("CLIENT", "TRACKING", "OFF");
        Object on = writer.probe("CLIENT", "TRACKING", "ON", "REDIRECT", listening, "BCAST", "NOLOOP");
        return !(on instanceof ErrorReply);
    }
}
