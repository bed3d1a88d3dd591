package io.camelrump.options;

import io.camelrump.UsageException;
import java.time.Duration;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** How often a comparison looks, what it tolerates, and whether it repairs. */
@UriParams
public class CompareOptions {
    private static final Duration MOST_TOLERANCE = Duration.ofHours(1);

    @UriParam(
            label = "producer,compare",
            defaultValue = "3",
            description = "Number of times that a comparison looks at a key that differs, about a second apart, before "
                    + "it reports the key, from 1 to 1000.")
    private int rounds = 3;

    @UriParam(
            label = "producer,compare",
            defaultValue = "false",
            description = "Restores keys that differ in the last round of a comparison, and compares them once more.")
    private boolean repair;

    @UriParam(
            label = "compare",
            defaultValue = "50ms",
            javaType = "java.time.Duration",
            description = "Difference between two expiries that a comparison ignores, beyond the difference of the "
                    + "clocks; and the change of a clock during a run up to which keys are not read again. From 0ms "
                    + "to 1h.")
    private Duration ttlTolerance = Duration.ofMillis(50);

    /** @throws UsageException if a value is out of range */
    public void check() {
        Limits.range("rounds", rounds, 1, 1_000);
        if (ttlTolerance.isNegative() || ttlTolerance.compareTo(MOST_TOLERANCE) > 0) {
            throw OptionText.wrong("ttlTolerance", ttlTolerance, "a time from 0ms to 1h");
        }
    }

    public int getRounds() {
        return rounds;
    }

    public void setRounds(int rounds) {
        this.rounds = rounds;
    }

    public boolean isRepair() {
        return repair;
    }

    public void setRepair(boolean repair) {
        this.repair = repair;
    }

    public Duration getTtlTolerance() {
        return ttlTolerance;
    }

    public void setTtlTolerance(Duration ttlTolerance) {
        this.ttlTolerance = ttlTolerance;
    }
}
