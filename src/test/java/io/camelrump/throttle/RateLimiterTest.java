package io.camelrump.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
    @Test
    void limitsThatAreLiftedHoldNothingUpAndHoldAgainAfterwards() {
        AtomicBoolean lifted = new AtomicBoolean();
        RateLimiter limits = new RateLimiter(() -> new RateLimits(20, 1_000), lifted::get);
        limits.open();
        limits.asked(100);
        limits.came(100_000);
        assertThat(limits.open()).isFalse();

        lifted.set(true);

        assertThat(limits.open()).isTrue();
        assertThat(limits.nanosLeft()).isZero();
        assertThat(limits.room(1_000, 1_000_000)).isEqualTo(Integer.MAX_VALUE);

        lifted.set(false);

        assertThat(limits.open()).isFalse();
        assertThat(limits.room(0, 1)).isZero();
    }
}
