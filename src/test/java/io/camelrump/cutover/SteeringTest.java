package io.camelrump.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SteeringTest {
    private final Steering steering = new Steering();

    @Test
    void aRunThatCutsOverIsNotPaused() {
        assertThat(steering.beginCutover()).isTrue();

        assertThat(steering.pause()).isFalse();
        assertThat(steering.isPaused()).isFalse();
    }

    @Test
    void aRunThatIsPausedDoesNotCutOverUntilItIsResumed() {
        assertThat(steering.pause()).isTrue();
        assertThat(steering.beginCutover()).isFalse();

        steering.resume();

        assertThat(steering.beginCutover()).isTrue();
    }
}
