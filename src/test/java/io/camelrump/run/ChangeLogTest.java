package io.camelrump.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.redis.KeyList;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ChangeLogTest {
    private static final byte[] KEY = "key".getBytes(StandardCharsets.UTF_8);

    private final ChangeLog changes = new ChangeLog(() -> {});

    @Test
    void aKeyThatTheSourceReportedCountsAsChanged() {
        changes.changed(KEY);

        assertThat(changedAfterReading()).isEqualTo(1);
    }

    @Test
    void aKeyThatTheRunReadsAgainByItselfDoesNotCountAsChanged() {
        changes.mark(KEY);

        assertThat(changedAfterReading()).isZero();
    }

    @Test
    void aReportCountsBeforeAndAfterAMarkOfTheRun() {
        changes.changed(KEY);
        changes.mark(KEY);
        assertThat(changedAfterReading()).isEqualTo(1);

        changes.mark(KEY);
        changes.changed(KEY);
        assertThat(changedAfterReading()).isEqualTo(2);
    }

    @Test
    void aReportCountsWhileTheKeyIsReadForAMarkOfTheRun() {
        changes.mark(KEY);
        changes.take(1);
        changes.changed(KEY);

        assertThat(changedAfterReading()).isEqualTo(1);
    }

    private long changedAfterReading() {
        KeyList keys = changes.take(1);
        changes.found(keys, 0);
        long ticket = changes.drain();
        changes.redeem(ticket, true);
        return changes.drained(ticket).changed();
    }
}
