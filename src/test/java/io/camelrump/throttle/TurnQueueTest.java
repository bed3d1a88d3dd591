package io.camelrump.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TurnQueueTest {
    private final TurnQueue queue = new TurnQueue();

    @Test
    void givesTurnsInTheirOrderHoweverManyThereAre() {
        int added = 0;
        int removed = 0;
        for (int round = 0; round < 50; round++) {
            for (int i = 0; i < 5; i++) {
                queue.add(added, 10, 100 + added, added % 2 == 0);
                added++;
            }
            for (int i = 0; i < 3; i++) {
                assertThat(queue.isAnswered(removed - 1)).isFalse();
                assertThat(queue.isAnswered(removed)).isTrue();
                assertThat(queue.firstSentAt()).isEqualTo(100 + removed);
                assertThat(queue.remove()).isEqualTo(removed % 2 == 0);
                removed++;
            }
        }
        assertThat(queue.work()).isEqualTo(10L * (added - removed));
    }

    @Test
    void nothingIsAnsweredWhereNothingIsDue() {
        queue.add(1, 10, 0, true);
        queue.clear();

        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.isAnswered(Long.MAX_VALUE)).isFalse();
        assertThat(queue.work()).isZero();
    }
}
