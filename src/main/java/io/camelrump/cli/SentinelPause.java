package io.camelrump.cli;

import io.camelrump.check.Finding;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.SentinelTimeouts;
import io.camelrump.redis.ServerAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether the sentinels of a source would take its master for dead in a pause of the writes: the pause holds up
 * what they publish there, and with that their own connection to the master.
 */
final class SentinelPause {
    private static final String NAME = "source pause";

    private SentinelPause() {}

    /** Why the run cannot pause the writes for so long; null if it can, does not, or if no sentinel answers now. */
    static @Nullable Finding objection(Migration.Plan plan) {
        Live live = plan.live();
        if (live == null || live.pauseWrites() == null) {
            return null;
        }
        try {
            return objection(plan, live.pauseWrites());
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
    static @Nullable Finding objection(Migration.Plan plan, Span length) {
        ServerAddress source = plan.from().address();
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
        return timeout == null || length.millis() < timeout.toMillis()
                ? null
                : new Finding(
                        NAME,
                        Finding.Verdict.NO,
                        "--pause-writes " + length + " is not shorter than the " + timeout.toMillis()
                                + " ms of silence after which the sentinels fail over (down-after-milliseconds), and"
                                + " the pause holds up what they publish",
                        "give a shorter --pause-writes, or raise down-after-milliseconds by SENTINEL SET at each"
                                + " sentinel");
    }

    /** Objection in one sentence; null if there is none. */
    static @Nullable String text(@Nullable Finding objection) {
        return objection == null ? null : objection.found() + ": " + objection.toDo();
    }
}
