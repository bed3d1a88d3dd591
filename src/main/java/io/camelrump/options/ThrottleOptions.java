package io.camelrump.options;

import io.camelrump.UsageException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.jspecify.annotations.Nullable;

/** How fast a server may be read or written. */
@UriParams
public class ThrottleOptions {
    private static final String OFF = "off";
    private static final Duration USUAL_TURN = Duration.of(500, ChronoUnit.MICROS);
    private static final Duration SHORTEST_TURN = Duration.of(50, ChronoUnit.MICROS);
    private static final Pattern GUARD = Pattern.compile("on|" + OFF + "|([1-9]\\d{0,5})(us|ms|s)");

    @UriParam(
            label = "speed",
            defaultValue = "0",
            description = "Limit on the keys that a consumer reads per second, or a producer writes. 0 is no limit. "
                    + "Keys that are examined only to be left out do not count.")
    private int maxKeysPerSecond;

    @UriParam(
            label = "consumer,speed",
            description =
                    "Limit on the bytes of payloads read per second, from 1kb, such as 10mb. No limit if not set.")
    private @Nullable String maxBytesPerSecond;

    @UriParam(
            label = "consumer,speed",
            defaultValue = "on",
            description = "Longest time for which the source works for the copy while its other clients wait, such as "
                    + "500us, from 50us. Holds while there are clients that send commands. on is 500us, off sets no "
                    + "limit and sends no PINGs.")
    private String latencyGuard = "on";

    /** @throws UsageException if a value is out of range, or no guard */
    public void check() {
        Limits.range("maxKeysPerSecond", maxKeysPerSecond, 0, Integer.MAX_VALUE);
        bytesPerSecond();
        if (!GUARD.matcher(latencyGuard).matches() || longestTurn().compareTo(SHORTEST_TURN) < 0) {
            throw OptionText.wrong("latencyGuard", latencyGuard, "on, off or a time such as 500us, from 50us");
        }
    }

    /** {@code maxBytesPerSecond} as a number; 0 if not given. */
    public long bytesPerSecond() {
        return maxBytesPerSecond == null
                ? 0
                : Limits.bytes("maxBytesPerSecond", maxBytesPerSecond, 1_000, Limits.MOST_BYTES);
    }

    /** Whether the time is bounded for which the source works for the copy. */
    public boolean guardsLatency() {
        return !latencyGuard.equals(OFF);
    }

    /** How long the source may work for the copy at a time while others wait. */
    public Duration longestTurn() {
        Matcher time = GUARD.matcher(latencyGuard);
        if (!time.matches() || time.group(1) == null) {
            return USUAL_TURN;
        }
        long number = Long.parseLong(time.group(1));
        return switch (time.group(2)) {
            case "us" -> Duration.of(number, ChronoUnit.MICROS);
            case "ms" -> Duration.ofMillis(number);
            default -> Duration.ofSeconds(number);
        };
    }

    public int getMaxKeysPerSecond() {
        return maxKeysPerSecond;
    }

    public void setMaxKeysPerSecond(int maxKeysPerSecond) {
        this.maxKeysPerSecond = maxKeysPerSecond;
    }

    public @Nullable String getMaxBytesPerSecond() {
        return maxBytesPerSecond;
    }

    public void setMaxBytesPerSecond(@Nullable String maxBytesPerSecond) {
        this.maxBytesPerSecond = maxBytesPerSecond;
    }

    public String getLatencyGuard() {
        return latencyGuard;
    }

    public void setLatencyGuard(String latencyGuard) {
        this.latencyGuard = latencyGuard;
    }
}
