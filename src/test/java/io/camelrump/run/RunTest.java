package io.camelrump.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.Counts;
import io.camelrump.Outcome;
import io.camelrump.Pages;
import io.camelrump.Refusal;
import io.camelrump.RunState;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.KeyList;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RunTest {
    private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(200);

    private final Run run = new Run("rump", 1);

    @Test
    void hasRoomForAFewPagesBeyondTheOldestOne() {
        PageData oldest = Pages.out(run, "a");
        PageData next = Pages.out(run, "b");
        assertThat(run.pages().hasRoom(2, 1000)).isFalse();

        ReceiptTest.answer(next, "target", Outcome.RESTORED);
        assertThat(run.pages().hasRoom(2, 1000)).isFalse();

        ReceiptTest.answer(oldest, "target", Outcome.RESTORED);
        assertThat(run.pages().hasRoom(2, 1000)).isTrue();
    }

    @Test
    void hasRoomForAFewBytes() {
        PageData page = Pages.out(run, "a", "b");
        assertThat(run.pages().bytes()).isEqualTo(page.bytes()).isEqualTo(12);

        assertThat(run.pages().hasRoom(10, 12)).isFalse();
        assertThat(run.pages().hasRoom(10, 13)).isTrue();
    }

    @Test
    void confirmedPagesTakeRoomUntilTheRouteLetsGoOfThemInTurn() {
        PageData first = Pages.out(run, "a");
        PageData second = Pages.out(run, "b");
        for (PageData page : List.of(first, second)) {
            page.receipt().carry();
            ReceiptTest.answer(page, "target", Outcome.RESTORED);
        }
        assertThat(run.pages().bytes()).isZero();
        assertThat(run.pages().hasRoom(10, second.bytes())).isFalse();

        // a route that lets go of none is not waited for
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> run.pages().hasRoom(10, second.bytes()));
        first.receipt().letGo(null);
        assertThat(run.pages().hasRoom(10, second.bytes())).isFalse();
        second.receipt().letGo(null);
        assertThat(run.pages().hasRoom(10, second.bytes())).isTrue();
    }

    @Test
    void deniedKeysAreHandedOutAgainAfterAWhile() {
        PageData page = Pages.out(run, "a", "b");
        page.receipt().deny("away");
        AtomicReference<RetryKeys> taken = new AtomicReference<>();

        assertThat(run.pages().takeReread()).isNull();
        Awaitility.await().atMost(Duration.ofSeconds(2)).until(() -> {
            taken.set(run.pages().takeReread());
            return taken.get() != null;
        });

        assertThat(taken.get().attempt()).isEqualTo(1);
        assertThat(taken.get().keys().size()).isEqualTo(2);
    }

    @Test
    void aWaitBeforeTheNextReadingIsNoSilenceOfTheTargets() {
        ReceiptTest.answer(Pages.out(run, "a"), "target", Outcome.RESTORED);
        run.pages().postpone(changed("big").after(TimeUnit.HOURS.toNanos(1)));
        awaitNanos(MOMENT);

        assertThat(run.pages().silentNanos()).isZero();

        PageData next = Pages.out(run, "b");
        assertThat(run.pages().silentNanos()).isLessThan(MOMENT);
        awaitNanos(MOMENT);
        assertThat(run.pages().silentNanos()).isGreaterThan(MOMENT);

        ReceiptTest.answer(next, "target", Outcome.RESTORED);
        assertThat(run.pages().silentNanos()).isZero();
    }

    @Test
    void keysThatFailAgainAndAgainAreSilence() {
        for (int i = 0; i < 3; i++) {
            Pages.out(run, "a").receipt().deny("away");
            awaitNanos(MOMENT);
        }
        assertThat(run.pages().silentNanos()).isGreaterThan(2 * MOMENT);
    }

    @Test
    void keysThatAreGoneAfterAFailureLeaveNoSilence() {
        Pages.out(run, "a").receipt().deny("away");
        Awaitility.await().until(() -> run.pages().takeReread() != null);
        run.pages().leaveOut(Outcome.VANISHED, 1, run.epoch());
        awaitNanos(MOMENT);

        assertThat(run.pages().silentNanos()).isZero();
        Pages.out(run, "b");
        assertThat(run.pages().silentNanos()).isLessThan(MOMENT);
    }

    private static RetryKeys changed(String key) {
        return RetryKeys.afterFailure(
                KeyList.of(key.getBytes(StandardCharsets.UTF_8)),
                0,
                Cursor.START,
                Reading.FIRST.changedMeanwhile(),
                true);
    }

    private static void awaitNanos(long nanos) {
        long begun = System.nanoTime();
        Awaitility.await().until(() -> System.nanoTime() - begun > nanos);
    }

    @Test
    void resetVoidsWhatWasOutAndWhatWasToBeReadAgain() {
        PageData denied = Pages.out(run, "a");
        PageData out = Pages.out(run, "b");
        denied.receipt().deny("away");
        run.finish(RunState.INCOMPLETE, "stopped before the end");

        run.reset();
        ReceiptTest.answer(out, "target", Outcome.RESTORED);
        out.receipt().deny("late");

        assertThat(run.state()).isEqualTo(RunState.RUNNING);
        assertThat(run.failure()).isNull();
        assertThat(run.pages().isSettled()).isTrue();
        assertThat(run.report().counts()).isEqualTo(new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void theOldestUnsettledPositionHoldsInAnyOrderOfAnswers() {
        PageData first = Pages.out(run, 0, "a");
        PageData second = Pages.out(run, 8, "b", "c");
        PageData third = Pages.out(run, 4, "d");

        ReceiptTest.answer(third, "target", Outcome.RESTORED);
        ReceiptTest.answer(second, "target", Outcome.RESTORED, null);
        assertThat(cursorsOut()).containsExactly(Cursor.START, Cursor.of(8));

        ReceiptTest.answer(first, "target", Outcome.RESTORED);
        assertThat(cursorsOut()).containsExactly(Cursor.of(8));

        second.receipt().deny("away");
        assertThat(cursorsOut()).containsExactly(Cursor.of(8));
    }

    private List<Cursor> cursorsOut() {
        return run.pages().keys().stream().map(out -> out.position().cursor()).toList();
    }

    @Test
    void restartVoidsTheCountsAndIsCounted() {
        PageData confirmed = Pages.out(run, "a");
        ReceiptTest.answer(confirmed, "target", Outcome.RESTORED);
        PageData out = Pages.out(run, "b");
        ScanEpoch before = run.epoch();

        run.restart("the target is another one");
        ReceiptTest.answer(out, "target", Outcome.RESTORED);

        assertThat(run.epoch().number()).isGreaterThan(before.number());
        assertThat(run.report().counts()).isEqualTo(new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1));
        assertThat(run.pages().size()).isZero();
    }

    @Test
    void theFirstEndOfARunIsKept() {
        run.finish(RunState.COMPLETE, null);
        run.fail("too late");
        run.restart("too late");

        assertThat(run.state()).isEqualTo(RunState.COMPLETE);
        assertThat(run.failure()).isNull();
        assertThat(run.report().counts().restarts()).isZero();
    }

    @Test
    void aKeyThatCannotTravelIsReadAndRefused() {
        AtomicReference<Refusal> heard = new AtomicReference<>();
        run.report().onRefusal(heard::set);
        Refusal refusal = new Refusal(new byte[] {'k'}, "larger than the window");

        run.sources().refuse(refusal);

        assertThat(run.report().counts().balanced()).isTrue();
        assertThat(run.report().refusals()).containsExactly(refusal);
        assertThat(heard.get()).isSameAs(refusal);
    }
}
