package io.camelrump.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.Outcome;
import io.camelrump.Pages;
import io.camelrump.TargetClosedException;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.KeyList;
import io.camelrump.run.Reading.Trait;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

public class ReceiptTest {

    @Test
    void pageIsOutUntilEachKeyHasItsAnswer() {
        Run run = new Run("rump", 1);
        PageData page = Pages.out(run, "a", "b");

        answer(page, "target", Outcome.RESTORED, null);
        assertThat(run.pages().size()).isEqualTo(1);

        answer(page, "target", null, Outcome.REFUSED);
        assertThat(run.pages().size()).isZero();
        assertThat(run.pages().bytes()).isZero();
        assertThat(run.report().counts().restored()).isEqualTo(1);
        assertThat(run.report().counts().refused()).isEqualTo(1);
    }

    @Test
    void failureThatWasHandledIsKnownWhicheverExchangeEndsLast() {
        Run run = new Run("rump", 1);
        Receipt receipt = Pages.out(run, "a").receipt();
        receipt.carry();
        receipt.copied();
        receipt.carry();

        receipt.letGo("the route handled the failure of its exchange");
        receipt.letGo(null);

        assertThat(receipt.abandonedBy()).isEqualTo("the route handled the failure of its exchange");
    }

    @Test
    void firstAnswerForAKeyStands() {
        Run run = new Run("rump", 1);
        PageData page = Pages.out(run, "a", "b");

        answer(page, "target", Outcome.KEPT, null);
        answer(page, "target", Outcome.RESTORED, Outcome.RESTORED);

        assertThat(run.report().counts().kept()).isEqualTo(1);
        assertThat(run.report().counts().restored()).isEqualTo(1);
    }

    @Test
    void keyIsDoneWhenEveryTargetHasAnsweredAndTheWorseOutcomeCounts() {
        Run run = new Run("rump", 2);
        PageData page = Pages.out(run, "a");

        answer(page, "first", Outcome.REFUSED);
        answer(page, "first", Outcome.RESTORED);
        assertThat(run.report().counts().settled()).isZero();

        answer(page, "second", Outcome.RESTORED);
        assertThat(run.report().counts().refused()).isEqualTo(1);
        assertThat(run.report().counts().settled()).isEqualTo(1);
    }

    @Test
    void partsOfAPageAnswerForTheirOwnKeys() {
        Run run = new Run("rump", 1);
        PageData page = Pages.out(run, "a", "b", "c");

        answer(page.select(new int[] {2, 0}), "target", Outcome.RESTORED, Outcome.KEPT);

        assertThat(page.receipt().settlement().isAnswered("target", 0)).isTrue();
        assertThat(page.receipt().settlement().isAnswered("target", 1)).isFalse();
        assertThat(page.receipt().settlement().isAnswered("target", 2)).isTrue();
    }

    @Test
    void deniedPageHasOnlyItsUnansweredKeysReadAgain() throws InterruptedException {
        Run run = new Run("rump", 1);
        PageData page = Pages.out(run, "a", "b", "c");
        answer(page, "target", Outcome.RESTORED, null, null);

        page.receipt().deny("the target was away");

        assertThat(run.pages().size()).isZero();
        assertThat(run.pages().isSettled()).isFalse();
        assertThat(run.report().counts().read()).isEqualTo(1);
        assertThat(run.report().counts().reread()).isEqualTo(2);
        assertThat(run.pages().lastDenial()).isEqualTo("the target was away");
    }

    @Test
    void readDetailsStayWithKeysThatAreReadAgain() {
        Set<Trait> traits = Set.of(Trait.CHANGED, Trait.ONLY_IF_THERE, Trait.PAYLOAD_REFUSED);
        Reading known = new Reading(0, traits, 2, 3, 1, 7);

        assertThat(readAgain(known, page -> page.receipt().deny("away"))).isEqualTo(new Reading(1, traits, 2, 3, 1, 7));
        assertThat(readAgain(known, page -> page.receipt().partsAgain(page, new int[] {0}, Reading::changedMeanwhile)))
                .isEqualTo(new Reading(1, traits, 3, 3, 1, 7));
        assertThat(readAgain(known, page -> page.receipt().partsAgain(page, new int[] {0}, Reading::arrivedIncomplete)))
                .isEqualTo(new Reading(1, traits, 2, 4, 1, 7));
        assertThat(readAgain(known, page -> page.receipt().byParts(page, new int[] {0})))
                .isEqualTo(known);
    }

    private static Reading readAgain(Reading known, Consumer<PageData> failing) {
        Run run = new Run("rump", 1);
        PageData read = new PageData(
                KeyList.of(new byte[] {1}),
                PayloadList.of(new byte[5]),
                new long[] {PageData.NO_EXPIRY},
                new PageOrigin(Cursor.START, 0, 0, known, PageForm.ELEMENTS, null));
        failing.accept(read.out(Objects.requireNonNull(run.pages().open(read, run.epoch())), false));
        return Awaitility.await()
                .pollInterval(Duration.ofMillis(10))
                .until(run.pages()::takeReread, Objects::nonNull)
                .reading();
    }

    @Test
    void secondDenialAndLateAnswersOfADeniedPageAreIgnored() {
        Run run = new Run("rump", 1);
        PageData page = Pages.out(run, "a");
        page.receipt().deny("first");

        page.receipt().deny("second");
        answer(page, "target", Outcome.RESTORED);

        assertThat(run.pages().lastDenial()).isEqualTo("first");
        assertThat(run.report().counts().reread()).isEqualTo(1);
        assertThat(run.report().counts().settled()).isZero();
    }

    @Test
    void keysThatTheRouteFiltersNeedNoAnswer() {
        Run run = new Run("rump", 2);
        PageData page = Pages.out(run, "a", "b");

        page.receipt().settlement().filter(page, new boolean[] {true, true}, null);

        assertThat(run.pages().size()).isZero();
        assertThat(run.report().counts().filtered()).isEqualTo(2);
    }

    @Test
    void transportThatTookThePageAnswersForTheRest() {
        Run run = new Run("rump", 1);
        PageData page = Pages.out(run, "a", "b");
        page.receipt().settlement().filter(page, new boolean[] {true, false}, null);

        page.receipt().settlement().acknowledge("file", page.placesTaken());
        page.receipt().settlement().acknowledge("file", page.placesTaken());

        assertThat(run.report().counts().filtered()).isEqualTo(1);
        assertThat(run.report().counts().handedOn()).isEqualTo(1);
        assertThat(run.report().counts().restored()).isZero();
        assertThat(run.pages().size()).isZero();
    }

    @Test
    void keyThatATargetRestoredAndATransportTookIsRestored() {
        Run run = new Run("rump", 2);
        PageData page = Pages.out(run, "a");

        page.receipt().settlement().acknowledge("file", page.placesTaken());
        answer(page, "target", Outcome.RESTORED);

        assertThat(run.report().counts().restored()).isEqualTo(1);
        assertThat(run.report().counts().handedOn()).isZero();
    }

    @Test
    void keyThatWasGoneIsNotHandedOn() {
        Run run = new Run("rump", 1);
        PageData gone = PageData.of(new byte[] {'a'}, null, PageData.NO_EXPIRY);
        Receipt receipt = run.pages().open(gone, run.epoch());

        receipt.settlement().acknowledge("file", gone.placesTaken());

        assertThat(run.report().counts().vanished()).isEqualTo(1);
        assertThat(run.report().counts().handedOn()).isZero();
    }

    @Test
    void keyIsClaimedByNoMoreThanTheExpectedTargets() throws Exception {
        PageData page = Pages.out(new Run("rump", 2), "a", "b");
        PageData some = page.slice(1);
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
        PageData page = Pages.out(new Run("rump", 1), "a", "b");
        claim(page, "first");
        answer(page, "first", Outcome.RESTORED, null);

        page.receipt().release("first", page);

        claim(page.slice(1), "second");
        assertThatThrownBy(() -> claim(page.slice(0), "second")).hasMessageContaining("set targets=2");
    }

    /** A failover that comes late must not end the scan that has begun since. */
    @Test
    void pageOfAnEarlierScanMayGoToAnyTarget() throws Exception {
        Run run = new Run("rump", 1);
        PageData page = Pages.out(run, "a", "b");
        claim(page, "first");
        run.restart("the target is another server");
        page.receipt().release("first", page);

        claim(page, "second");
    }

    private static void claim(PageData page, String name) throws TargetClosedException {
        page.receipt().claim(name, page.placesTaken());
    }

    public static void answer(PageData page, String target, Outcome... outcomes) {
        page.receipt().settlement().answer(target, page, outcomes, Map.of());
    }
}
