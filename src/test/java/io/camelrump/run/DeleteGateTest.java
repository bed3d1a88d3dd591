package io.camelrump.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DeleteGateTest {
    private final ChangeLog changes = new ChangeLog(() -> {});
    private final DeleteGate gate = changes.deletes();

    @Test
    void nothingIsDeletedBetweenALossAndTheLookAtAllNames() {
        assertThat(gate.isOpen()).isTrue();

        changes.gaps().flushed();
        assertThat(gate.isOpen()).isFalse();
        assertThat(gate.isEnded()).isFalse();

        gate.passed(gate.losses());
        assertThat(gate.isOpen()).isTrue();
    }

    @Test
    void aLookThatBeganBeforeALossSaysNothingOfIt() {
        changes.gaps().flushed();
        long before = gate.losses();
        changes.gaps().flushed();

        gate.passed(before);
        assertThat(gate.isOpen()).isFalse();
    }

    @Test
    void deletesReportedByNameCountOnlyWhereAServerMayHaveLostItsData() {
        changes.gaps().flushed();
        assertThat(gate.countsReported()).isFalse();

        gate.lost();
        changes.gaps().flushed();
        assertThat(gate.countsReported()).isTrue();

        gate.passed(gate.losses());
        assertThat(gate.countsReported()).isFalse();
    }

    @Test
    void withheldDeletesAreNotMadeByALaterSweep() {
        gate.hold(7);
        gate.passed(gate.losses());

        assertThat(gate.isOpen()).isFalse();
        assertThat(changes.status().held()).isEqualTo(7);
    }
}
