package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
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
    void failureThatWasHandledIsKnownWhicheverExchangeEndsLast() {
        Ledger ledger = new Ledger("rump", 1);
        Receipt receipt = Pages.out(ledger, "a").receipt();
        receipt.carry();
        receipt.copied();
        receipt.carry();

        receipt.letGo("the route handled the failure of its exchange");
        receipt.letGo(null);

        assertThat(receipt.abandonedBy()).isEqualTo("the route handled the failure of its exchange");
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
    void whatIsKnownOfAReadingGoesWithItsKeysWhyeverTheyAreReadAgain() {
        Reading known = new Reading(0, false, true, true, true, 2, 3);

        assertThat(readAgain(known, page -> page.receipt().deny("away")))
                .isEqualTo(new Reading(1, false, true, true, true, 2, 3));
        assertThat(readAgain(known, page -> page.receipt().partsAgain(page, new int[] {0}, Reading::changedMeanwhile)))
                .isEqualTo(new Reading(1, false, true, true, true, 3, 3));
        assertThat(readAgain(known, page -> page.receipt().partsAgain(page, new int[] {0}, Reading::arrivedIncomplete)))
                .isEqualTo(new Reading(1, false, true, true, true, 2, 4));
        assertThat(readAgain(known, page -> page.receipt().byParts(page, new int[] {0})))
                .isEqualTo(known);
    }

    private static Reading readAgain(Reading known, Consumer<Page> failing) {
        Ledger ledger = new Ledger("rump", 1);
        Page read = new Page(
                KeyList.of(new byte[] {1}),
                new byte[5],
                new int[1],
                new int[] {5},
                new long[] {Page.NO_EXPIRY},
                new Page.Origin(0, 0, 0, known, false, Page.Form.ELEMENTS, null));
        failing.accept(read.out(Objects.requireNonNull(ledger.open(read, ledger.start())), false));
        return Awaitility.await()
                .pollInterval(Duration.ofMillis(10))
                .until(ledger::takeReread, Objects::nonNull)
                .reading();
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

        page.receipt().acknowledge("file", page.placesTaken());
        page.receipt().acknowledge("file", page.placesTaken());

        assertThat(ledger.counts().filtered()).isEqualTo(1);
        assertThat(ledger.counts().handedOn()).isEqualTo(1);
        assertThat(ledger.counts().restored()).isZero();
        assertThat(ledger.pagesOut()).isZero();
    }

    @Test
    void keyThatATargetRestoredAndATransportTookIsRestored() {
        Ledger ledger = new Ledger("rump", 2);
        Page page = Pages.out(ledger, "a");

        page.receipt().acknowledge("file", page.placesTaken());
        answer(page, "target", Outcome.RESTORED);

        assertThat(ledger.counts().restored()).isEqualTo(1);
        assertThat(ledger.counts().handedOn()).isZero();
    }

    @Test
    void keyThatWasGoneIsNotHandedOn() {
        Ledger ledger = new Ledger("rump", 1);
        Page gone = Page.of(new byte[] {'a'}, null, Page.NO_EXPIRY);
        Receipt receipt = ledger.open(gone, ledger.start());

        receipt.acknowledge("file", gone.placesTaken());

        assertThat(ledger.counts().vanished()).isEqualTo(1);
        assertThat(ledger.counts().handedOn()).isZero();
    }

    @Test
    void keyIsClaimedByNoMoreThanTheExpectedTargets() throws Exception {
        Page page = Pages.out(new Ledger("rump", 2), "a", "b");
        Page some = page.slice(1);
        claim(page, "first");
        claim(some, "second");
        claim(page, "first");

        assertThatThrownBy(() -> claim(page, "third"))
                .isInstanceOf(TargetClosedException.class)
                .hasMessageContainingAll("first and second", "targets=2", "set targets=3");
        // the other key has room for one more
        claim(page.slice(0), "third");
    }

    @Test
    void failedTargetGivesBackTheKeysThatItHasNotAnsweredFor() throws Exception {
        Page page = Pages.out(new Ledger("rump", 1), "a", "b");
        claim(page, "first");
        answer(page, "first", Outcome.RESTORED, null);

        page.receipt().release("first", page);

        claim(page.slice(1), "second");
        assertThatThrownBy(() -> claim(page.slice(0), "second")).hasMessageContaining("set targets=2");
    }

    /** A failover that comes late must not end the scan that has begun since. */
    @Test
    void pageOfAnEarlierScanMayGoToAnyTarget() throws Exception {
        Ledger ledger = new Ledger("rump", 1);
        Page page = Pages.out(ledger, "a", "b");
        claim(page, "first");
        ledger.restart("the target is another server");
        page.receipt().release("first", page);

        claim(page, "second");
    }

    private static void claim(Page page, String name) throws TargetClosedException {
        page.receipt().claim(name, page.placesTaken());
    }

    static void answer(Page page, String target, Outcome... outcomes) {
        page.receipt().answer(target, page, outcomes, Map.of());
    }
}
