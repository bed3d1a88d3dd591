package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private final Ledger ledger = new Ledger("rump", 1);

    @Test
    void hasRoomForAFewPagesBeyondTheOldestOne() {
        Page oldest = Pages.out(ledger, "a");
        Page next = Pages.out(ledger, "b");
        assertThat(ledger.hasRoom(2, 1000)).isFalse();

        ReceiptTest.answer(next, "target", Outcome.RESTORED);
        assertThat(ledger.hasRoom(2, 1000)).isFalse();

        ReceiptTest.answer(oldest, "target", Outcome.RESTORED);
        assertThat(ledger.hasRoom(2, 1000)).isTrue();
    }

    @Test
    void hasRoomForAFewBytes() {
        Page page = Pages.out(ledger, "a", "b");
        assertThat(ledger.bytesOut()).isEqualTo(page.bytes()).isEqualTo(12);

        assertThat(ledger.hasRoom(10, 12)).isFalse();
        assertThat(ledger.hasRoom(10, 13)).isTrue();
    }

    @Test
    void deniedKeysAreHandedOutAgainAfterAWhile() {
        Page page = Pages.out(ledger, "a", "b");
        page.receipt().deny("away");
        AtomicReference<Reread> taken = new AtomicReference<>();

        assertThat(ledger.takeReread()).isNull();
        Awaitility.await().atMost(Duration.ofSeconds(2)).until(() -> {
            taken.set(ledger.takeReread());
            return taken.get() != null;
        });

        assertThat(taken.get().attempt()).isEqualTo(1);
        assertThat(taken.get().keys().size()).isEqualTo(2);
    }

    @Test
    void resetVoidsWhatWasOutAndWhatWasToBeReadAgain() {
        Page denied = Pages.out(ledger, "a");
        Page out = Pages.out(ledger, "b");
        denied.receipt().deny("away");
        ledger.finish(Ledger.State.INCOMPLETE, "stopped before the end");

        ledger.reset();
        ReceiptTest.answer(out, "target", Outcome.RESTORED);
        out.receipt().deny("late");

        assertThat(ledger.state()).isEqualTo(Ledger.State.RUNNING);
        assertThat(ledger.failure()).isNull();
        assertThat(ledger.isSettled()).isTrue();
        assertThat(ledger.counts()).isEqualTo(new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void tellsWhereTheKeysBeganThatAreNotSettledWhateverTheOrderOfTheAnswers() {
        Page first = Pages.out(ledger, 0, "a");
        Page second = Pages.out(ledger, 8, "b", "c");
        Page third = Pages.out(ledger, 4, "d");

        ReceiptTest.answer(third, "target", Outcome.RESTORED);
        ReceiptTest.answer(second, "target", Outcome.RESTORED, null);
        assertThat(cursorsOut()).containsExactly(0L, 8L);

        ReceiptTest.answer(first, "target", Outcome.RESTORED);
        assertThat(cursorsOut()).containsExactly(8L);

        second.receipt().deny("away");
        assertThat(cursorsOut()).containsExactly(8L);
    }

    private List<Long> cursorsOut() {
        return ledger.keysOut().stream().map(out -> out.position().cursor()).toList();
    }

    @Test
    void restartVoidsTheCountsAndIsCounted() {
        Page confirmed = Pages.out(ledger, "a");
        ReceiptTest.answer(confirmed, "target", Outcome.RESTORED);
        Page out = Pages.out(ledger, "b");
        int start = ledger.start();

        ledger.restart("the target is another one");
        ReceiptTest.answer(out, "target", Outcome.RESTORED);

        assertThat(ledger.start()).isGreaterThan(start);
        assertThat(ledger.counts()).isEqualTo(new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1));
        assertThat(ledger.pagesOut()).isZero();
    }

    @Test
    void firstEndStands() {
        ledger.finish(Ledger.State.COMPLETE, null);
        ledger.fail("too late");
        ledger.restart("too late");

        assertThat(ledger.state()).isEqualTo(Ledger.State.COMPLETE);
        assertThat(ledger.failure()).isNull();
        assertThat(ledger.counts().restarts()).isZero();
    }

    @Test
    void keyThatCanNotTravelIsReadAndRefused() {
        AtomicReference<Refusal> heard = new AtomicReference<>();
        ledger.onRefusal(heard::set);
        Refusal refusal = new Refusal(new byte[] {'k'}, "larger than the window");

        ledger.refuse(refusal);

        assertThat(ledger.counts().balanced()).isTrue();
        assertThat(ledger.refusals()).containsExactly(refusal);
        assertThat(heard.get()).isSameAs(refusal);
    }
}
