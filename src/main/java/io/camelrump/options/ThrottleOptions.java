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
    private static final Pattern GUARD = Pattern.compile("on|" + OFF + "|([1-9]\\d{0,5})(ms|s)");

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
            description = "Measures by 20 PINGs per second, on a connection of its own, how the copy affects other "
                    + "clients of the source, and reads in smaller steps while a PING takes too long. on derives "
                    + "the limit from the shortest round trips, a time such as 5ms sets it, off does not measure.")
    private String latencyGuard = "on";

    /** @throws UsageException if a value is out of range, or no guard */
    public void check() {
        Limits.range("maxKeysPerSecond", maxKeysPerSecond, 0, Integer.MAX_VALUE);
        bytesPerSecond();
        if (!GUARD.matcher(latencyGuard).matches()) {
            throw OptionText.wrong("latencyGuard", latencyGuard, "on, off or a time such as 5ms");
        }
    }

    /** {@code maxBytesPerSecond} as a number; 0 if not given. */
    public long bytesPerSecond() {
        return maxBytesPerSecond == null
                ? 0
                : Limits.bytes("maxBytesPerSecond", maxBytesPerSecond, 1_000, Limits.MOST_BYTES);
    }

    /** Whether latency is measured. */
    public boolean guardsLatency() {
        return !latencyGuard.equals(OFF);
    }

    /** The round trip that the guard allows; null if it derives one. */
    public @Nullable Duration allowedLatency() {
        Matcher time = GUARD.matcher(latencyGuard);
        if (!time.matches() || time.group(1) == null) {
            return null;
        }
        return Duration.of(
                Long.parseLong(time.group(1)), time.group(2).equals("s") ? ChronoUnit.SECONDS : ChronoUnit.MILLIS);
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
