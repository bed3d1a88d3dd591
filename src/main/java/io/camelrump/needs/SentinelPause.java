package io.camelrump.needs;

import io.camelrump.redis.RedisException;
import io.camelrump.redis.SentinelTimeouts;
import io.camelrump.redis.ServerAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether the sentinels of a source would take its master for dead in a pause of the writes: the pause holds up
 * what they publish there, and with that their own connection to the master.
 */
public final class SentinelPause {
    private static final String NAME = "source pause";

    private SentinelPause() {}

    /**
     * Why a run cannot pause the writes for so long; null if it can, or if no sentinel answers now.
     *
     * @param length null for a run that does not pause them
     */
    public static @Nullable Finding early(ServerAddress source, @Nullable Duration length) {
        try {
            return length == null ? null : objection(source, length);
        } catch (RedisException e) {
            if (e.isPermanent()) {
                throw e;
            }
            // asked again before the pause begins
            return null;
        }
    }

    /**
     * Why the writes cannot be paused for so long; null if they can.
     *
     * @throws RedisException if the sentinels cannot be asked
     */
    public static @Nullable Finding objection(ServerAddress source, Duration length) {
        Duration timeout = SentinelTimeouts.of(source);
        if (timeout == null && SentinelTimeouts.areWatching(source)) {
            return new Finding(
                    NAME,
                    Finding.Verdict.NO,
                    "sentinels watch the source, and fail over in a pause that holds up what they publish for too"
                            + " long",
                    "name the source by its sentinels, so that they can be asked how long they wait: -from"
                            + " redis-sentinel://host:port/name; or leave --pause-writes out and stop the writers by"
                            + " hand");
        }
        return timeout == null || length.compareTo(timeout) < 0
                ? null
                : new Finding(
                        NAME,
                        Finding.Verdict.NO,
                        "--pause-writes " + length.toMillis() + "ms is not shorter than the " + timeout.toMillis()
                                + " ms of silence after which the sentinels fail over (down-after-milliseconds), and"
                                + " the pause holds up what they publish",
                        "give a shorter --pause-writes, or raise down-after-milliseconds by SENTINEL SET at each"
                                + " sentinel");
    }

    /** Objection in one sentence; null if there is none. */
    public static @Nullable String text(@Nullable Finding objection) {
        return objection == null ? null : objection.found() + ": " + objection.toDo();
    }
}
