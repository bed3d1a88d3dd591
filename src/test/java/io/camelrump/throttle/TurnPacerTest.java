package io.camelrump.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TurnPacerTest {
    private static final long TURN = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long NANOS_PER_KEY = TimeUnit.MICROSECONDS.toNanos(10);
    private static final int KEYS_PER_TURN = (int) (TURN / NANOS_PER_KEY);

    private final WorkBudget budget = WorkBudget.unbounded();
    private long now = 1;
    private final TurnPacer pacer = new TurnPacer(budget, () -> now);
    private long requests;

    TurnPacerTest() {
        budget.costs().reported(NANOS_PER_KEY, NANOS_PER_KEY, NANOS_PER_KEY);
    }

    @Test
    void takesAllKeysWhereNothingIsBounded() {
        assertThat(pacer.begin(true)).isTrue();
        for (int i = 0; i < 100_000; i++) {
            assertThat(pacer.takesKey(0)).isTrue();
        }
        assertThat(pacer.scanCount()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void aTurnHasAsManyKeysAsTheServerServesInItsTime() {
        budget.set(TURN);

        assertThat(turn(0)).isEqualTo(KEYS_PER_TURN);
    }

    @Test
    void keysOfLargerPayloadsAreFewer() {
        budget.set(TURN);

        assertThat(turn(4 * CommandCosts.BYTES_PER_UNIT)).isEqualTo(KEYS_PER_TURN / 5);
    }

    @Test
    void aValueAboveTheBudgetGoesAlone() {
        budget.set(TURN);

        assertThat(turn(1_000_000)).isEqualTo(1);
    }

    @Test
    void theNextTurnLeavesHalfATurnBeforeTheServerIsThroughWithTheOneBefore() {
        budget.set(TURN);
        turn(0);

        assertThat(pacer.begin(true)).isFalse();
        now += TURN / 2 - 1;
        assertThat(pacer.begin(true)).isFalse();
        now += 1;
        assertThat(pacer.begin(true)).isTrue();
        turn(0);
        now += TURN - 1;
        assertThat(pacer.begin(true)).isFalse();
    }

    @Test
    void aTurnThatLeftLateIsFollowedEarlierButTimeIsNotSaved() {
        budget.set(TURN);
        turn(0);
        now += 100 * TURN;
        turn(0);

        now += TURN / 10;
        assertThat(pacer.begin(true)).isTrue();
        turn(0);
        now += TURN / 10;
        assertThat(pacer.begin(true)).isFalse();
    }

    @Test
    void fewTurnsAreOnTheirWayToAServerNearby() {
        budget.set(TURN);

        assertThat(turnsWithoutAnswer()).isEqualTo(4);
    }

    @Test
    void asManyMoreAreOnTheirWayAsTheDistanceNeeds() {
        budget.set(TURN);
        budget.roundTrip(10 * TURN);

        assertThat(turnsWithoutAnswer()).isEqualTo(24);
    }

    @Test
    void anAnswerMakesRoomForATurn() {
        budget.set(TURN);
        turnsWithoutAnswer();

        pacer.answered(KEYS_PER_TURN - 1, KEYS_PER_TURN - 1, 0);
        assertThat(pacer.begin(true)).isFalse();
        pacer.answered(KEYS_PER_TURN, KEYS_PER_TURN, 0);
        assertThat(pacer.begin(true)).isTrue();
    }

    @Test
    void asksForNothingWhileTheGuardLooksAtTheServer() {
        budget.set(TURN);
        turn(0);
        now += TURN;
        budget.hold(true);

        assertThat(pacer.begin(true)).isFalse();
        budget.hold(false);
        assertThat(pacer.begin(true)).isTrue();
    }

    @Test
    void aScanIsNoLargerThanATurnOrThanTheDistanceNeeds() {
        budget.set(TURN);
        assertThat(pacer.scanCount()).isEqualTo(4 * KEYS_PER_TURN / 3);

        budget.roundTrip(20 * TURN);
        assertThat(pacer.scanCount()).isEqualTo(24 * KEYS_PER_TURN / 3);
    }

    @Test
    void valuesAboveTheBudgetAreCounted() {
        budget.set(TURN);
        turn(1_000_000);
        pacer.answered(1, 1, 1_000_000);
        now += TimeUnit.SECONDS.toNanos(1);
        turn(100);
        pacer.answered(KEYS_PER_TURN + 1, KEYS_PER_TURN + 1, 1_000_000);

        assertThat(budget.takeLongValues()).isEqualTo(1);
        assertThat(budget.takeLongValues()).isZero();
    }

    @Test
    void anotherConnectionStartsAnew() {
        budget.set(TURN);
        turnsWithoutAnswer();

        pacer.clear();

        assertThat(turnsWithoutAnswer()).isEqualTo(4);
    }

    private int turnsWithoutAnswer() {
        int turns = 0;
        while (pacer.begin(true)) {
            fill(0);
            now += TURN;
            turns++;
        }
        return turns;
    }

    private int turn(long bytes) {
        assertThat(pacer.begin(true)).isTrue();
        return fill(bytes);
    }

    private int fill(long bytes) {
        int keys = 0;
        while (pacer.takesKey(bytes)) {
            keys++;
        }
        requests += keys;
        pacer.sent(requests);
        return keys;
    }
}
