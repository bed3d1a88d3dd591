package io.camelrump.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How far a server's clock is from ours.
 *
 * <p>Ours is a clock that never steps: the time of day at the start of this process plus the monotonic time since. So a
 * correction of the host's clock during a run does not move any expiry.
 *
 * @param offsetMicros server's clock minus ours
 * @param measuredAt {@link System#nanoTime()} of the measurement
 */
public record ServerClock(long offsetMicros, long measuredAt) {
    private static final long ANCHOR_NANOS = System.nanoTime();
    private static final long ANCHOR_MICROS = micros(Instant.now());
    private static final int SAMPLES = 15;
    /** Two round trips that are as short as each other by so much have met no queue. */
    private static final long ALIKE_NANOS = TimeUnit.MICROSECONDS.toNanos(300);

    private static final long STALE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** Asks TIME until the shortest round trip has come twice, and believes the answer of the shorter one. */
    public static ServerClock measure(RedisConnection connection) throws IOException {
        long best = Long.MAX_VALUE;
        long offset = 0;
        boolean confirmed = false;
        for (int i = 0; i < SAMPLES && !confirmed; i++) {
            long sent = System.nanoTime();
            long server = serverMicros(connection.call("TIME"));
            long received = System.nanoTime();
            if (server < 0) {
                // the user may not ask: both clocks are taken as right
                return new ServerClock(0, System.nanoTime());
            }
            long roundTrip = received - sent;
            confirmed = Math.abs(roundTrip - best) <= ALIKE_NANOS;
            if (roundTrip < best) {
                best = roundTrip;
                offset = server - micros(sent + best / 2);
            }
        }
        return new ServerClock(offset, System.nanoTime());
    }

    /** Microseconds since 1970 of a reply to TIME; -1 if it is not one. */
    public static long serverMicros(@Nullable Object reply) {
        if (reply instanceof List<?> parts
                && parts.size() == 2
                && parts.get(0) instanceof byte[] seconds
                && parts.get(1) instanceof byte[] micros) {
            return number(seconds) * 1_000_000 + number(micros);
        }
        return -1;
    }

    /** Microseconds since 1970 of a reply to TIME; where the user may not ask, what this measurement makes of now. */
    public long microsOr(@Nullable Object reply) {
        long told = serverMicros(reply);
        return told >= 0 ? told : micros(System.nanoTime()) + offsetMicros;
    }

    private static long number(byte[] digits) {
        return Long.parseLong(new String(digits, StandardCharsets.US_ASCII));
    }

    /** Milliseconds since 1970 on the server's clock, now. */
    public long nowMillis() {
        return Math.floorDiv(micros(System.nanoTime()) + offsetMicros, 1000);
    }

    /** Whether the measurement is older than a minute. */
    public boolean isStale() {
        return System.nanoTime() - measuredAt > STALE_NANOS;
    }

    /** The instant of another server's clock, in milliseconds, as this server's clock shows it. */
    public long translate(long millis, long fromOffsetMicros) {
        return later(millis, Math.round((offsetMicros - fromOffsetMicros) / 1000.0));
    }

    /** The sum; an instant at the end of time stays there. */
    public static long later(long millis, long more) {
        return more > 0 && millis > Long.MAX_VALUE - more ? Long.MAX_VALUE : millis + more;
    }

    private static long micros(long nanoTime) {
        return ANCHOR_MICROS + (nanoTime - ANCHOR_NANOS) / 1000;
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000;
    }
}
