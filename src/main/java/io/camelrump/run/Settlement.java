package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.Difference;
import io.camelrump.Outcome;
import io.camelrump.redis.KeyList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Enters the outcomes of one page's keys, as targets, transports, filters and comparisons report them, counts each key
 * once all its targets have answered, and confirms the page with its last key.
 *
 * <p>All methods may be called by any thread. Nothing is entered for a page that is no longer in flight.
 */
public final class Settlement {
    private static final Outcome[] OUTCOMES = Outcome.values();

    private final Run run;
    private final Receipt receipt;
    private final KeyList keys;

    @GuardedBy("run.lock")
    private final KeyAnswers answers;

    @GuardedBy("run.lock")
    private int settledBefore;

    /** Keys whose deletion a transport need not carry: they were gone before they could be read. */
    private final BitSet gone = new BitSet();

    Settlement(Run run, Receipt receipt, PageData page, int targets) {
        this.run = run;
        this.receipt = receipt;
        this.keys = page.keys();
        this.answers = new KeyAnswers(keys.size(), targets);
        if (!run.isLive()) {
            for (int place = 0; place < keys.size(); place++) {
                if (page.isGone(place)) {
                    gone.set(place);
                }
            }
        }
    }

    /** Whether a target has answered for the key at this place, or no target has to. */
    public boolean isAnswered(String target, int place) {
        boolean[] answered = new boolean[1];
        enter(() -> answered[0] = answers.isAnswered(target, place));
        return answered[0];
    }

    /** Whether nothing has been answered yet by this target or by a filter: the usual case. */
    public boolean isUntouched(String target) {
        boolean[] untouched = new boolean[1];
        enter(() -> untouched[0] = answers.isUntouched(target));
        return untouched[0];
    }

    /**
     * Enters what one target did with some keys of the page. The first outcome of a key at a target stands.
     *
     * @param outcomes null where the target's answer is unknown
     * @param causes why a key was refused, by index into {@code outcomes}
     */
    public void answer(String target, PageData page, @Nullable Outcome[] outcomes, Map<Integer, String> causes) {
        enter(() -> {
            byte[] ofTarget = answers.of(target);
            int[] counted = new int[OUTCOMES.length];
            for (int i = 0; i < outcomes.length; i++) {
                Outcome outcome = outcomes[i];
                int place = page.place(i);
                if (outcome != null && answers.enter(ofTarget, place, outcome, counted) && outcome == Outcome.REFUSED) {
                    note(place, String.valueOf(causes.get(i)));
                }
            }
            settle(counted);
        });
    }

    /**
     * Each of these keys counts as handed on, or as vanished where there was nothing to hand on: a transport took it.
     */
    public void acknowledge(String transport, BitSet places) {
        enter(() -> {
            int[] counted = new int[OUTCOMES.length];
            byte[] ofTransport = answers.of(transport);
            for (int place = places.nextSetBit(0); place >= 0; place = places.nextSetBit(place + 1)) {
                Outcome outcome = gone.get(place) ? Outcome.VANISHED : Outcome.HANDED_ON;
                answers.enter(ofTransport, place, outcome, counted);
            }
            settle(counted);
        });
    }

    /**
     * Takes keys out of the page by the route's own wish.
     *
     * @param target the one that does not have to answer for them; null if none has to
     */
    public void filter(PageData page, boolean[] dropped, @Nullable String target) {
        enter(() -> {
            int[] counted = new int[OUTCOMES.length];
            byte[] ofFilter = answers.of("filter for " + target);
            for (int i = 0; i < dropped.length; i++) {
                int place = page.place(i);
                if (dropped[i] && answers.isDue(place)) {
                    if (target == null) {
                        answers.expectOne(place);
                    }
                    answers.enter(ofFilter, place, Outcome.FILTERED, counted);
                }
            }
            settle(counted);
        });
    }

    /** Takes keys out of the page that must not go on: no target has to answer for them. */
    public void refuse(PageData page, Map<Integer, String> causes) {
        enter(() -> {
            int[] counted = new int[OUTCOMES.length];
            causes.forEach((i, cause) -> {
                int place = page.place(i);
                if (answers.isDue(place)) {
                    answers.settle(place);
                    counted[Outcome.REFUSED.ordinal()]++;
                    note(place, cause);
                }
            });
            settle(counted);
        });
    }

    /** Enters what a comparison found: an outcome for each key that is settled, and the differences among them. */
    public void compared(
            String target,
            PageData page,
            @Nullable Outcome[] outcomes,
            Map<Integer, String> causes,
            List<Difference> found) {
        enter(() -> {
            found.forEach(run::note);
            answer(target, page, outcomes, causes);
        });
    }

    /** Takes keys out of the page that get no outcome from it, and hands them to {@code reader} under the lock. */
    void takeOut(PageData page, int[] indexes, Consumer<KeyList> reader) {
        enter(() -> {
            int[] places = IntStream.of(indexes)
                    .map(page::place)
                    .filter(answers::isDue)
                    .toArray();
            for (int place : places) {
                answers.settle(place);
            }
            reader.accept(keys.select(places));
            settle(new int[OUTCOMES.length]);
        });
    }

    /** Keys that are not settled; called under the lock of the run. */
    KeyList due() {
        return keys.select(answers.due());
    }

    /** Places of the page's keys for which this target has not answered; called under the lock of the run. */
    BitSet unanswered(String target, PageData page) {
        BitSet places = page.placesTaken();
        answers.clearAnswered(target, places);
        return places;
    }

    private void enter(Runnable entry) {
        run.pages().enter(receipt, entry);
    }

    private void note(int place, String cause) {
        if (receipt.settlesKeys()) {
            run.note(keys.get(place), receipt.database(), cause);
        }
    }

    private void settle(int[] counted) {
        for (Outcome outcome : OUTCOMES) {
            if (counted[outcome.ordinal()] > 0 && receipt.settlesKeys()) {
                run.pages().count(outcome, counted[outcome.ordinal()]);
            }
        }
        // where one of two targets fails again and again, the other one's answers to what is read again are no progress
        if (receipt.reading().attempt() == 0 || answers.settled() > settledBefore) {
            settledBefore = answers.settled();
            run.pages().signOfLife();
        }
        if (answers.settled() == keys.size()) {
            run.pages().confirmed(receipt);
        }
    }
}
