package io.camelrump;

import java.time.Duration;

/**
 * What the guard of a source's latency saw and did.
 *
 * @param worst longest round trip of a PING
 * @param slowed how long the source was read in smaller steps because of it
 */
public record SourceLatency(Duration worst, Duration slowed) {
    /** Before the first probe. */
    public static final SourceLatency NONE = new SourceLatency(Duration.ZERO, Duration.ZERO);

    public SourceLatency and(long roundTripNanos, long slowedNanos) {
        Duration roundTrip = Duration.ofNanos(roundTripNanos);
        return new SourceLatency(worst.compareTo(roundTrip) < 0 ? roundTrip : worst, slowed.plusNanos(slowedNanos));
    }
}
