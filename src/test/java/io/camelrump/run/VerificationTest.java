package io.camelrump.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.ChangeSource;
import io.camelrump.redis.KeyList;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerificationTest {
    private static final byte[] KEY = "key".getBytes(StandardCharsets.UTF_8);
    private static final String TARGET = "target";

    private final ChangeLog changes = new ChangeLog(() -> {});
    private final Verification verification = changes.verification();

    @Test
    void nothingIsEnteredBeforeSomebodyAsksForIt() {
        changes.changed(KEY);

        assertThat(read(1)).isZero();
        assertThat(verification.names()).isEmpty();
    }

    @Test
    void aChangedKeyIsUnverifiedUntilTheTargetWasFoundToHaveIt() {
        verification.begin();
        changes.changed(KEY);
        long number = read(1);
        assertThat(verification.names()).containsExactly(KEY);

        verification.isEqual(KEY, number, TARGET, 1);

        assertThat(verification.names()).isEmpty();
    }

    @Test
    void anEarlierReadingSaysNothingOfAKeyThatWasTakenAgain() {
        verification.begin();
        changes.changed(KEY);
        long earlier = read(1);
        changes.changed(KEY);
        changes.take(1);

        verification.isEqual(KEY, earlier, TARGET, 1);

        assertThat(verification.names()).containsExactly(KEY);
        assertThat(verification.isDifferent(KEY, earlier)).isFalse();
    }

    @Test
    void aComparisonThatBeganAfterATakeHoldsForAKeyThatItsReaderNeverAskedFor() {
        verification.begin();
        long before = verification.status().reading();
        changes.changed(KEY);
        changes.take(1);

        verification.areEqual(List.of(KEY), before);
        assertThat(verification.names()).containsExactly(KEY);

        verification.areEqual(List.of(KEY), verification.status().reading());
        assertThat(verification.names()).isEmpty();
    }

    @Test
    void eachTargetAndEachDatabaseMustHaveTheKey() {
        verification.begin();
        changes.changed(KEY);
        long number = read(2);

        verification.isEqual(KEY, number, "one 0", 2);
        verification.isEqual(KEY, number, "one 0", 2);
        verification.isEqual(KEY, number, "one 1", 2);
        verification.isEqual(KEY, number, "other 0", 2);
        assertThat(verification.names()).containsExactly(KEY);

        verification.isEqual(KEY, number, "other 1", 2);
        assertThat(verification.names()).isEmpty();
    }

    @Test
    void aKeyWhoseNameTheFiltersLeaveOutIsNotUnverified() {
        verification.begin();
        changes.changed(KEY);

        verification.reading(changes.take(1), KeyList.of(), 1);

        assertThat(verification.names()).isEmpty();
    }

    @Test
    void aKeyThatAlwaysDiffersIsReadAgainAFewTimesUntilTheSourceReportsAnotherChange() {
        verification.begin();
        changes.changed(KEY);
        int times = 0;
        while (verification.isDifferent(KEY, read(1))) {
            times++;
            changes.mark(KEY);
        }
        assertThat(times).isEqualTo(3);
        assertThat(verification.names()).containsExactly(KEY);

        changes.changed(KEY);
        assertThat(verification.isDifferent(KEY, read(1))).isTrue();
    }

    @Test
    void aComparisonTakesOutTheKeysThatWereNotReadSinceItBegan() {
        verification.begin();
        changes.changed(KEY);
        long before = verification.status().reading();
        read(1);

        verification.areEqual(List.of(KEY), before);
        assertThat(verification.names()).containsExactly(KEY);

        verification.areEqual(List.of(KEY), verification.status().reading());
        assertThat(verification.names()).isEmpty();
    }

    @Test
    void aKeyThatSomebodyElseWroteAtTheTargetIsUnverifiedWhateverAnEarlierReadingSays() {
        verification.begin();
        changes.changed(KEY);
        long number = read(1);

        verification.wereOverwritten(List.of(KEY), true);
        verification.isEqual(KEY, number, TARGET, 1);

        assertThat(verification.names()).containsExactly(KEY);
    }

    @Test
    void aKeyThatExpiresAtTheTargetTooIsNotTakenForOneThatSomebodyWrote() {
        verification.begin();
        changes.changed(KEY);
        verification.isGone(KEY, read(1), TARGET, 1);
        verification.wereOverwritten(List.of(KEY), false);
        assertThat(verification.names()).isEmpty();

        changes.changed(KEY);
        long number = read(1);
        verification.wereOverwritten(List.of(KEY), false);
        verification.isGone(KEY, number, TARGET, 1);
        assertThat(verification.names()).isEmpty();

        verification.wereOverwritten(List.of(KEY), true);
        assertThat(verification.names()).containsExactly(KEY);
    }

    @Test
    void aForeignWriteWhoseNameAtTheSourceIsNotKnownVoidsWhatWasCompared() {
        verification.begin();
        verification.know(name -> null, List::of);

        verification.wereOverwritten(List.of(KEY), true);

        assertThat(verification.status().epoch()).isEqualTo(1);
    }

    @Test
    void aSuspectIsUnverifiedInEachDatabaseInWhichItHasChanged() {
        verification.begin();
        long number = verification.readingOfSuspects();
        verification.changed(KEY, number);
        verification.changed(KEY, number);

        verification.isEqual(KEY, number, "target 0", 1);
        assertThat(verification.names()).containsExactly(KEY);

        verification.isEqual(KEY, number, "target 1", 1);
        assertThat(verification.names()).isEmpty();
    }

    @Test
    void aGapVoidsWhatWasComparedBefore() {
        changes.gaps().reporting(this, ChangeSource.TRACKING);
        long before = verification.status().epoch();

        changes.gaps().lost(this);

        assertThat(verification.status().epoch()).isGreaterThan(before);
        assertThat(verification.status().cause()).isEqualTo("change notifications were interrupted");
    }

    @Test
    void namesThatTakeTooMuchMemoryAreGivenUpAndVoidWhatWasCompared() {
        Verification small = new Verification(400);
        small.begin();
        for (int i = 0; i < 10; i++) {
            KeyList key = KeyList.of(("key:" + i).getBytes(StandardCharsets.UTF_8));
            small.reading(key, key, 1);
        }

        assertThat(small.status().overflowed()).isTrue();
        assertThat(small.status().epoch()).isPositive();
        assertThat(small.status().unverified()).isLessThan(4);
    }

    /** Takes the key and begins to read it. */
    private long read(int databases) {
        KeyList taken = changes.take(1);
        return verification.reading(taken, taken, databases);
    }
}
