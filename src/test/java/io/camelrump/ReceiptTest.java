package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ReceiptTest {

    @Test
    void pageIsOutUntilEachKeyHasItsAnswer() {
        Ledger ledger = new Ledger("rump", 1);
        Page page = Pages.out(ledger, "a", "b");

        answer(page, "target", Outcome.RESTORED, null);
        assertThat(ledger.pagesOut()).isEqualTo(1);

        answer(page, "target", null, Outcome.REFUSED);
        assertThat(ledger.pagesOut()).isZero();
        assertThat(ledger.bytesOut()).isZero();
        assertThat(ledger.counts().restored()).isEqualTo(1);
        assertThat(ledger.counts().refused()).isEqualTo(1);
    }

    @Test
    void firstAnswerForAKeyStands() {
        Ledger ledger = new Ledger("rump", 1);
        Page page = Pages.out(ledger, "a", "b");

        answer(page, "target", Outcome.KEPT, null);
        answer(page, "target", Outcome.RESTORED, Outcome.RESTORED);

        assertThat(ledger.counts().kept()).isEqualTo(1);
        assertThat(ledger.counts().restored()).isEqualTo(1);
    }

    @Test
    void keyIsDoneWhenEveryTargetHasAnsweredAndTheWorseOutcomeCounts() {
        Ledger ledger = new Ledger("rump", 2);
        Page page = Pages.out(ledger, "a");

        answer(page, "first", Outcome.REFUSED);
        answer(page, "first", Outcome.RESTORED);
        assertThat(ledger.counts().settled()).isZero();

        answer(page, "second", Outcome.RESTORED);
        assertThat(ledger.counts().refused()).isEqualTo(1);
        assertThat(ledger.counts().settled()).isEqualTo(1);
    }

    @Test
    void partsOfAPageAnswerForTheirOwnKeys() {
        Ledger ledger = new Ledger("rump", 1);
        Page page = Pages.out(ledger, "a", "b", "c");

        answer(page.select(new int[] {2, 0}), "target", Outcome.RESTORED, Outcome.KEPT);

        assertThat(page.receipt().isAnswered("target", 0)).isTrue();
        assertThat(page.receipt().isAnswered("target", 1)).isFalse();
        assertThat(page.receipt().isAnswered("target", 2)).isTrue();
    }

    @Test
    void deniedPageHasOnlyItsUnansweredKeysReadAgain() throws InterruptedException {
        Ledger ledger = new Ledger("rump", 1);
        Page page = Pages.out(ledger, "a", "b", "c");
        answer(page, "target", Outcome.RESTORED, null, null);

        page.receipt().deny("the target was away");

        assertThat(ledger.pagesOut()).isZero();
        assertThat(ledger.isSettled()).isFalse();
        assertThat(ledger.counts().read()).isEqualTo(1);
        assertThat(ledger.counts().reread()).isEqualTo(2);
        assertThat(ledger.lastDenial()).isEqualTo("the target was away");
    }

    @Test
    void secondDenialAndLateAnswersOfADeniedPageAreIgnored() {
        Ledger ledger = new Ledger("rump", 1);
        Page page = Pages.out(ledger, "a");
        page.receipt().deny("first");

        page.receipt().deny("second");
        answer(page, "target", Outcome.RESTORED);

        assertThat(ledger.lastDenial()).isEqualTo("first");
        assertThat(ledger.counts().reread()).isEqualTo(1);
        assertThat(ledger.counts().settled()).isZero();
    }

    @Test
    void keysThatTheRouteFiltersNeedNoAnswer() {
        Ledger ledger = new Ledger("rump", 2);
        Page page = Pages.out(ledger, "a", "b");

        page.receipt().filter(page, new boolean[] {true, true}, null);

        assertThat(ledger.pagesOut()).isZero();
        assertThat(ledger.counts().filtered()).isEqualTo(2);
    }

    @Test
    void transportThatTookThePageAnswersForTheRest() {
        Ledger ledger = new Ledger("rump", 1);
        Page page = Pages.out(ledger, "a", "b");
        page.receipt().filter(page, new boolean[] {true, false}, null);

        page.receipt().acknowledge("file");
        page.receipt().acknowledge("file");

        assertThat(ledger.counts().filtered()).isEqualTo(1);
        assertThat(ledger.counts().handedOn()).isEqualTo(1);
        assertThat(ledger.counts().restored()).isZero();
        assertThat(ledger.pagesOut()).isZero();
    }

    @Test
    void keyThatATargetRestoredAndATransportTookIsRestored() {
        Ledger ledger = new Ledger("rump", 2);
        Page page = Pages.out(ledger, "a");

        page.receipt().acknowledge("file");
        answer(page, "target", Outcome.RESTORED);

        assertThat(ledger.counts().restored()).isEqualTo(1);
        assertThat(ledger.counts().handedOn()).isZero();
    }

    @Test
    void keyThatWasGoneIsNotHandedOn() {
        Ledger ledger = new Ledger("rump", 1);
        Page gone = Page.of(new byte[] {'a'}, null, Page.NO_EXPIRY);
        Receipt receipt = ledger.open(gone, ledger.start());

        receipt.acknowledge("file");

        assertThat(ledger.counts().vanished()).isEqualTo(1);
        assertThat(ledger.counts().handedOn()).isZero();
    }

    static void answer(Page page, String target, Outcome... outcomes) {
        page.receipt().answer(target, page, outcomes, Map.of());
    }
}
