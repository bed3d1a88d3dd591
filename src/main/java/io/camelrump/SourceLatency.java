package io.camelrump;

import java.time.Duration;

/**
 * What the guard of a source's latency saw and did.
 *
 * @param last latest round trip of a PING
 * @param worst longest round trip of a PING
 * @param slowed how long the source was read in short turns, because it has other clients
 * @param longValues values that kept these clients waiting for longer than is allowed, each by its DUMP alone
 */
public record SourceLatency(Duration last, Duration worst, Duration slowed, long longValues) {
    /** Before the first probe. */
    public static final SourceLatency NONE = new SourceLatency(Duration.ZERO, Duration.ZERO, Duration.ZERO, 0);

    public SourceLatency and(long roundTripNanos, long slowedNanos, long moreLongValues) {
        Duration roundTrip = Duration.ofNanos(roundTripNanos);
        return new SourceLatency(
                roundTrip,
                worst.compareTo(roundTrip) < 0 ? roundTrip : worst,
                slowed.plusNanos(slowedNanos),
                longValues + moreLongValues);
    }
}
