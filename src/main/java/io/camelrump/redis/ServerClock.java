package io.camelrump.redis;

import java.io.IOException;
import java.time.Duration;
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
 * @param offsetMicros server's clock minus ours; 0 where the server does not report it
 * @param measuredAt {@link System#nanoTime()} at the beginning of the measurement
 * @param isKnown whether the server reported its time
 * @param uncertaintyMicros how far off the measurement may be: the server answered at some time during the round trip
 */
public record ServerClock(long offsetMicros, long measuredAt, boolean isKnown, long uncertaintyMicros) {
    /** Stands for the offset of a clock that is not known. */
    public static final long UNKNOWN_OFFSET = Long.MIN_VALUE;

    /** Two expiries that were measured on one server's clock are the same if they differ by no more. */
    private static final long SAME_EXPIRY_MILLIS = 50;

    private static final long ANCHOR_NANOS = System.nanoTime();
    private static final long ANCHOR_MICROS = micros(Instant.now());
    private static final int SAMPLES = 15;
    /** A server's clock that is farther off was never set, or is none. */
    private static final int FARTHEST_YEARS = 10;

    private static final long FARTHEST_MICROS = TimeUnit.DAYS.toMicros(366L * FARTHEST_YEARS);
    private static final int MOST_DIGITS = 12;
    /** Two round trips that are as short as each other by so much have met no queue. */
    private static final long ALIKE_NANOS = TimeUnit.MICROSECONDS.toNanos(300);

    /** An answer that takes no longer than the usual ones and this has met no queue to speak of. */
    private static final long QUICK_MICROS = 1_000;

    /** A measurement that is exact. */
    public ServerClock(long offsetMicros, long measuredAt, boolean isKnown) {
        this(offsetMicros, measuredAt, isKnown, 0);
    }

    /** Asks TIME until the shortest round trip has come twice, and believes the answer of the shorter one. */
    public static ServerClock measure(RedisConnection connection) throws IOException {
        long best = Long.MAX_VALUE;
        long offset = 0;
        boolean confirmed = false;
        long begun = System.nanoTime();
        for (int i = 0; i < SAMPLES && !confirmed; i++) {
            long sent = System.nanoTime();
            long server = serverMicros(connection.probe("TIME"));
            long received = System.nanoTime();
            if (server < 0) {
                // the user may not ask
                return unknown();
            }
            long roundTrip = received - sent;
            confirmed = Math.abs(roundTrip - best) <= ALIKE_NANOS;
            if (roundTrip < best) {
                best = roundTrip;
                offset = server - micros(sent + best / 2);
            }
        }
        return new ServerClock(offset, begun, true, best / 2_000);
    }

    /** The shortest round trip that was seen when it was measured; 0 where it is not known. */
    public long roundTripNanos() {
        return 2 * TimeUnit.MICROSECONDS.toNanos(uncertaintyMicros);
    }

    /** This clock, if one more answer agrees with it; otherwise another measurement. */
    public ServerClock confirmed(RedisConnection connection) throws IOException {
        long sent = System.nanoTime();
        long server = isKnown ? serverMicros(connection.probe("TIME")) : -1;
        long half = (System.nanoTime() - sent) / 2;
        long off = Math.abs(server - micros(sent + half) - offsetMicros);
        boolean quick = half / 1_000 <= 2 * uncertaintyMicros + QUICK_MICROS;
        return server >= 0 && quick && off <= uncertaintyMicros + half / 1_000
                ? new ServerClock(offsetMicros, sent, true, uncertaintyMicros)
                : measure(connection);
    }

    /** A clock that was not asked, or that may not be. */
    public static ServerClock unknown() {
        return new ServerClock(0, System.nanoTime(), false);
    }

    /**
     * Microseconds since 1970 of a reply to TIME; -1 where the user may not ask.
     *
     * @throws ReplyException if it is something else, or a time that no clock shows that was ever set
     */
    public static long serverMicros(@Nullable Object reply) throws ReplyException {
        if (reply instanceof ErrorReply) {
            return -1;
        }
        if (reply instanceof List<?> parts
                && parts.size() == 2
                && parts.get(0) instanceof byte[] seconds
                && parts.get(1) instanceof byte[] micros) {
            long part = number(micros);
            long reported = number(seconds) * 1_000_000 + part;
            if (part < 1_000_000 && Math.abs(reported - micros(System.nanoTime())) <= FARTHEST_MICROS) {
                return reported;
            }
        }
        throw new ReplyException("TIME", reply, "a time within " + FARTHEST_YEARS + " years of the one here");
    }

    /** Microseconds since 1970 of a reply to TIME; where the user may not ask, what this measurement makes of now. */
    public long microsOr(@Nullable Object reply) throws ReplyException {
        long reported = serverMicros(reply);
        return reported >= 0 ? reported : micros(System.nanoTime()) + offsetMicros;
    }

    /** The number that these digits spell; one that is far away where they spell none. */
    private static long number(byte[] digits) {
        long number = 0;
        for (byte digit : digits) {
            if (digit < '0' || digit > '9' || digits.length > MOST_DIGITS) {
                return Long.MAX_VALUE / 4_000_000;
            }
            number = 10 * number + digit - '0';
        }
        return number;
    }

    /** Milliseconds since 1970 on the server's clock, now. */
    public long nowMillis() {
        return Math.floorDiv(micros(System.nanoTime()) + offsetMicros, 1000);
    }

    public boolean isOlderThan(Duration age) {
        return System.nanoTime() - measuredAt > age.toNanos();
    }

    /** Microseconds by which the clock was set ahead since that measurement, or back, for certain; 0 if it was not. */
    public long stepSince(ServerClock before) {
        long moved = isKnown && before.isKnown ? offsetMicros - before.offsetMicros : 0;
        long sure = Math.abs(moved) - uncertaintyMicros - before.uncertaintyMicros;
        return sure <= 0 ? 0 : Long.signum(moved) * sure;
    }

    /** This clock where it is known; otherwise one that goes like another server's. */
    public ServerClock or(long otherOffsetMicros) {
        return isKnown || otherOffsetMicros == UNKNOWN_OFFSET
                ? this
                : new ServerClock(otherOffsetMicros, measuredAt, false);
    }

    /**
     * The instant of another server's clock, in milliseconds, as this server's clock shows it. Where only one of the
     * two reports its time, the other one is taken to agree with it.
     */
    public long translate(long millis, long fromOffsetMicros) {
        if (fromOffsetMicros == UNKNOWN_OFFSET) {
            return millis;
        }
        return later(millis, Math.round((offsetMicros - fromOffsetMicros) / 1000.0));
    }

    /** Whether two expiries that were measured on one server's clock are the same; 0 or less is none. */
    public static boolean isSameExpiry(long one, long other) {
        return one <= 0 || other <= 0 ? one <= 0 && other <= 0 : Math.abs(one - other) <= SAME_EXPIRY_MILLIS;
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
