package io.camelrump.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/**
 * How long the sentinels wait for a master that does not answer: their {@code down-after-milliseconds}.
 *
 * @see <a href="https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/">Sentinel</a>
 */
public final class SentinelTimeouts {
    private static final String FIELD = "down-after-milliseconds";
    private static final String CHANNEL = "__sentinel__:hello";
    private static final String DIGITS = "\\d{1,18}";

    private SentinelTimeouts() {}

    /**
     * Asks all sentinels of an address, each of which has a setting of its own.
     *
     * @return the least; null where no sentinels watch the server
     * @throws RedisException if none answers, or a permanent one if a user may not ask
     */
    public static @Nullable Duration of(ServerAddress address) {
        Sentinels sentinels = address.sentinels();
        if (sentinels == null) {
            return null;
        }
        Duration least = null;
        RedisException failure = null;
        for (HostAndPort node : sentinels.nodes()) {
            try {
                Duration timeout = of(SentinelMaster.address(sentinels, node, address), sentinels.masterName());
                least = least == null || timeout.compareTo(least) < 0 ? timeout : least;
            } catch (RedisException e) {
                if (e.isPermanent()) {
                    throw e;
                }
                failure = e;
            }
        }
        if (least == null) {
            throw failure == null ? RedisException.permanentError(sentinels + " names no sentinel.") : failure;
        }
        return least;
    }

    /** Whether sentinels watch this server, as their subscription shows; not if the user may not look. */
    public static boolean areWatching(ServerAddress server) {
        try (RedisConnection connection = RedisConnection.open(server)) {
            return connection.probe("PUBSUB", "NUMSUB", CHANNEL) instanceof List<?> counts
                    && counts.size() == 2
                    && counts.get(1) instanceof Long subscribers
                    && subscribers > 0;
        } catch (IOException e) {
            throw ErrorText.failure(server, e);
        }
    }

    private static Duration of(ServerAddress sentinel, String masterName) {
        try (RedisConnection connection = SentinelMaster.logIn(sentinel)) {
            Object reply = connection.probe("SENTINEL", "MASTER", masterName);
            if (reply instanceof ErrorReply error) {
                throw ErrorText.refusal(sentinel, "SENTINEL MASTER", error);
            }
            List<@Nullable Object> fields = RedisConnection.list(reply);
            for (int i = 0; i + 1 < fields.size(); i += 2) {
                if (FIELD.equals(text(fields.get(i))) && text(fields.get(i + 1)).matches(DIGITS)) {
                    return Duration.ofMillis(Long.parseLong(text(fields.get(i + 1))));
                }
            }
            throw RedisException.permanentError(
                    "Sentinel " + sentinel + " does not report " + FIELD + " of " + masterName + ".");
        } catch (IOException e) {
            throw ErrorText.failure(sentinel, e);
        }
    }

    private static String text(@Nullable Object word) {
        return word instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : "";
    }
}
