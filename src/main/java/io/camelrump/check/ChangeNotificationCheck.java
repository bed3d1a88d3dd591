package io.camelrump.check;

import io.camelrump.needs.Finding;
import io.camelrump.needs.Side;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.TrackingConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * By what a live run would learn which keys of the source change: the best that the server and the user's ACL offer.
 */
final class ChangeNotificationCheck {
    private static final String NAME = "change notifications";
    private static final String EVENTS = "__keyevent@*__:*";

    private final Side source;

    ChangeNotificationCheck(Side source) {
        this.source = source;
    }

    List<Finding> findings() throws IOException {
        // on connections of its own, as a live run does: what is turned on ends with them
        try (TrackingConnection tracking =
                TrackingConnection.open(source.connection().address())) {
            if (tracking != null) {
                return List.of(Finding.yes(
                        NAME,
                        tracking.isByPushes()
                                ? "CLIENT TRACKING by RESP3"
                                : "CLIENT TRACKING by RESP2 with redirection"));
            }
        }
        String better = trackingIsDenied()
                ? "; for CLIENT TRACKING give the user +client|tracking +client|trackinginfo +client|id +hello"
                        + " +subscribe &__redis__:invalidate"
                : "";
        String missing = missingForEvents();
        return List.of(
                missing == null
                        ? Finding.note(
                                NAME,
                                "keyspace notifications",
                                "--live also scans the source repeatedly, as some may be missed" + better)
                        : Finding.note(
                                NAME,
                                "repeated scans: no CLIENT TRACKING, and " + missing,
                                "--live finds changes by repeated scans" + better));
    }

    /** Whether the ACL, and not the server's version, is why there is no tracking. */
    private boolean trackingIsDenied() throws IOException {
        // both ask about this connection, which tracks nothing
        return isDenied(source.connection().probe("CLIENT", "TRACKING", "OFF"))
                || isDenied(source.connection().probe("CLIENT", "TRACKINGINFO"));
    }

    /** Why keyspace notifications would not report all changes; null if they would. */
    private @Nullable String missingForEvents() throws IOException {
        Object setting = source.connection().probe("CONFIG", "GET", "notify-keyspace-events");
        if (setting instanceof ErrorReply) {
            return "whether keyspace notifications are on is not known (the ACL rule +config|get shows it)";
        }
        if (!(setting instanceof List<?> pair
                && pair.size() == 2
                && pair.get(1) instanceof byte[] flags
                && reportsAll(new String(flags, StandardCharsets.US_ASCII)))) {
            return "keyspace notifications are off (notify-keyspace-events AE)";
        }
        try (RedisConnection listener = RedisConnection.open(source.connection().address())) {
            return listener.probe("PSUBSCRIBE", EVENTS) instanceof ErrorReply
                    ? "keyspace notifications are on but denied (the ACL rules +psubscribe &" + EVENTS + " allow them)"
                    : null;
        }
    }

    private static boolean isDenied(@Nullable Object reply) {
        return reply instanceof ErrorReply error && error.code().equals("NOPERM");
    }

    /** The route listens to the channels of events (E), not to those of keys (K). */
    private static boolean reportsAll(String flags) {
        return flags.contains("E") && flags.contains("A");
    }
}
