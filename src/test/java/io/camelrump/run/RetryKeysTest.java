package io.camelrump.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.redis.Cursor;
import io.camelrump.redis.KeyList;
import org.junit.jupiter.api.Test;

class RetryKeysTest {
    private static final KeyList ONE = KeyList.of(new byte[] {1});

    @Test
    void keysThatDifferInOneRoundAreReadAgainTogether() {
        RetryKeys reread = RetryKeys.afterDifference(ONE, 0, Cursor.START, Reading.FIRST, false);

        assertThat(reread.takes(ONE, 0, Cursor.START, 0)).isTrue();
        assertThat(reread.with(ONE).keys().size()).isEqualTo(2);
        assertThat(reread.with(ONE).attempt()).isEqualTo(1);
        assertThat(reread.with(ONE).due()).isEqualTo(reread.due());
    }

    @Test
    void keysOfAnotherRoundAndTooManyKeysAreNotAdded() {
        RetryKeys reread = RetryKeys.afterDifference(ONE, 0, Cursor.START, Reading.FIRST, false);

        assertThat(reread.takes(ONE, 0, Cursor.START, 1)).isFalse();
        assertThat(reread.takes(KeyList.of(new byte[1_000][0]), 0, Cursor.START, 0))
                .isFalse();
    }

    @Test
    void keysOfAFailedPageAndLargeOnesGoAlone() {
        assertThat(RetryKeys.afterFailure(ONE, 0, Cursor.START, Reading.FIRST, false)
                        .takes(ONE, 0, Cursor.START, 0))
                .isFalse();
        assertThat(RetryKeys.alone(ONE, 0, Cursor.START, Reading.FIRST).takes(ONE, 0, Cursor.START, -1))
                .isFalse();
    }
}
