package io.camelrump.run;

import io.camelrump.Difference;
import io.camelrump.Outcome;
import io.camelrump.TargetClosedException;
import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.redis.KeyList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Travels with a page, and tells its reader once whether all its keys reached every expected target.
 *
 * <p>The end of an exchange proves nothing, so a receipt is confirmed by answers alone: the outcome of each key, set by
 * the producer that read the target's reply to that key. All methods may be called by any thread; what they change is
 * guarded by the ledger.
 */
public final class Receipt {
    /** Begins the name under which an Acknowledge answers for the transport behind it. */
    public static final String TRANSPORT = "Acknowledge ";

    private static final Outcome[] OUTCOMES = Outcome.values();

    private final Run run;
    private final ScanEpoch epoch;
    private final long sequence;
    private final KeyList keys;
    private final int database;
    private final long cursor;
    private final long payloadBytes;
    private final Reading reading;
    private final PageData.Form form;
    private final int targets;
    private final KeyAnswers answers;
    private int settledBefore;

    private final CarryingExchanges carriage = new CarryingExchanges();
    private final Claims claims;
    /** Keys whose deletion a transport need not carry: they were gone before they could be read. */
    private final BitSet gone = new BitSet();

    Receipt(Run run, ScanEpoch epoch, long sequence, PageData page, int targets) {
        this.run = run;
        this.epoch = epoch;
        this.sequence = sequence;
        this.keys = page.keys();
        this.database = page.database();
        this.cursor = page.cursor();
        this.payloadBytes = page.payloadBytes();
        this.reading = page.reading();
        this.form = page.form();
        this.targets = targets;
        this.claims = new Claims(targets);
        this.answers = new KeyAnswers(keys.size(), targets);
        for (int place = 0; place < keys.size() && run.changes() == null; place++) {
            gone.set(place, page.isGone(place));
        }
    }

    public Run run() {
        return run;
    }

    public ScanEpoch epoch() {
        return epoch;
    }

    /** Pages are numbered in the order in which they were read. */
    public long sequence() {
        return sequence;
    }

    /** The database of the source that its keys were read from. */
    public int database() {
        return database;
    }

    /** The cursor of the SCAN that gave its keys. */
    long cursor() {
        return cursor;
    }

    /** All its keys, also those that have their outcome. */
    InFlightKeys keysOut() {
        return new InFlightKeys(keys, new ScanPosition(database, cursor, false));
    }

    /** How its keys were read, for the time when they have to be read again. */
    Reading reading() {
        return reading;
    }

    /** Whether its answers are about whole keys, and not about a part of one. */
    boolean settlesKeys() {
        return form != PageData.Form.PART;
    }

    /** Whether its keys were read by the commands of their types. */
    public boolean isByParts() {
        return form != PageData.Form.PAYLOADS;
    }

    long bytes() {
        return payloadBytes + keys.byteCount();
    }

    /** Another exchange carries the page. */
    public void carry() {
        run.pages().carried(this, carriage::begin);
    }

    /** An exchange that carried the page has ended, as {@link CarryingExchanges#end} says. */
    public void letGo(@Nullable String handling) {
        run.pages().carried(this, () -> carriage.end(handling));
    }

    /** A copy that carried the page has failed before it came to a target. */
    public void letGoFailed(String cause) {
        run.pages().carried(this, () -> carriage.fail(cause));
    }

    /** An exchange that carries the page was copied. */
    public void copied() {
        carriage.copy();
    }

    /** The exchanges that carry the page; guarded by the run. */
    CarryingExchanges carriage() {
        return carriage;
    }

    /** How the page got lost; null if it has not. */
    @Nullable
    public String abandonedBy() {
        return this.<@Nullable String>ledgerSays(carriage::abandonedBy);
    }

    private <T extends @Nullable Object> T ledgerSays(Supplier<T> question) {
        return run.locked(question);
    }

    /** Whether its reader still waits for it. */
    public boolean isOut() {
        return run.pages().isOut(this);
    }

    /**
     * Says that this target, or transport, is about to answer for the page's keys. Also of pages that are not out any
     * more, as the other targets may have answered long before; but not where the scan has started again, as all
     * answers to its pages are void then.
     *
     * @throws TargetClosedException if others answer for one of the keys already, and the consumer expects no more
     */
    public void claim(String name, BitSet places) throws TargetClosedException {
        String others =
                this.<@Nullable String>ledgerSays(() -> epoch.equals(run.epoch()) ? claims.claim(name, places) : null);
        if (others != null) {
            throw new TargetClosedException(name + " got keys of migration " + run.migration() + " for which " + others
                    + (targets == 1 ? " answers" : " answer") + ", and the consumer expects targets=" + targets
                    + ": set targets=" + (targets + 1)
                    + " on it if each key is meant for one more"
                    + (name.contains(TRANSPORT) || others.contains(TRANSPORT)
                            ? ", or take Acknowledge out, which has its place only where a route ends in a transport."
                            : ", or send each key to no more than that."));
        }
    }

    /** This target failed with the page: keys for which it has not answered may go to another one. */
    public void release(String name, PageData page) {
        run.pages().enter(this, () -> {
            BitSet unanswered = page.placesTaken();
            answers.clearAnswered(name, unanswered);
            claims.release(name, unanswered);
        });
    }

    /** Whether a target has answered for the key at this place, or no target has to. */
    public boolean isAnswered(String target, int place) {
        boolean[] answered = new boolean[1];
        run.pages().enter(this, () -> answered[0] = answers.isAnswered(target, place));
        return answered[0];
    }

    /** Whether nothing has been answered yet by this target or by a filter: the usual case. */
    public boolean isUntouched(String target) {
        boolean[] untouched = new boolean[1];
        run.pages().enter(this, () -> untouched[0] = answers.isUntouched(target));
        return untouched[0];
    }

    /**
     * Enters what one target did with some keys of the page. The first outcome of a key at a target stands.
     *
     * @param outcomes null where the target's answer is unknown
     * @param causes why a key was refused, by index into {@code outcomes}
     */
    public void answer(String target, PageData page, @Nullable Outcome[] outcomes, Map<Integer, String> causes) {
        run.pages().enter(this, () -> {
            byte[] ofTarget = answers.of(target);
            int[] counted = new int[OUTCOMES.length];
            for (int i = 0; i < outcomes.length; i++) {
                Outcome outcome = outcomes[i];
                int place = page.place(i);
                if (outcome != null
                        && answers.enter(ofTarget, place, outcome, counted)
                        && outcome == Outcome.REFUSED
                        && settlesKeys()) {
                    run.note(keys.get(place), database, String.valueOf(causes.get(i)));
                }
            }
            settle(counted);
        });
    }

    /** Remembers that the target has another value under the name of this key, which stays there. */
    public void keep(PageData page, int i) {
        KeptKeyIndex kept = run.report().kept();
        if (kept != null) {
            kept.add(database, keys.get(page.place(i)));
        }
    }

    /** How many targets have to answer for each key. */
    public int targets() {
        return targets;
    }

    /**
     * Takes keys out of the page by the route's own wish.
     *
     * @param target the one that does not have to answer for them; null if none has to
     */
    public void filter(PageData page, boolean[] dropped, @Nullable String target) {
        run.pages().enter(this, () -> {
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
        run.pages().enter(this, () -> {
            int[] counted = new int[OUTCOMES.length];
            causes.forEach((i, cause) -> {
                int place = page.place(i);
                if (answers.isDue(place)) {
                    answers.settle(place);
                    counted[Outcome.REFUSED.ordinal()]++;
                    if (settlesKeys()) {
                        run.note(keys.get(place), database, cause);
                    }
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
        run.pages().enter(this, () -> {
            found.forEach(run::note);
            answer(target, page, outcomes, causes);
        });
    }

    /** These keys of the page differ and are looked at again after a while: they leave this page and are read anew. */
    public void again(PageData page, int[] indexes) {
        run.pages().enter(this, () -> {
            run.pages().again(takeOut(page, indexes), database, cursor, reading, isByParts());
            settle(new int[OUTCOMES.length]);
        });
    }

    /**
     * The payloads of these keys cannot be restored: they leave this page and are read by the commands of their types.
     */
    public void byParts(PageData page, int[] indexes) {
        readAnew(page, indexes, keys -> RetryKeys.byParts(keys, database, cursor, reading.refused()));
    }

    /** Takes out keys whose parts are void, as {@code why} adds: they are read again. */
    public void partsAgain(PageData page, int[] indexes, UnaryOperator<Reading> why) {
        readAnew(page, indexes, keys -> RetryKeys.afterFailure(keys, database, cursor, why.apply(reading), true));
    }

    private void readAnew(PageData page, int[] indexes, Function<KeyList, RetryKeys> reread) {
        run.pages().enter(this, () -> {
            run.pages().readAgain(reread.apply(takeOut(page, indexes)));
            settle(new int[OUTCOMES.length]);
        });
    }

    private KeyList takeOut(PageData page, int[] indexes) {
        int[] places =
                IntStream.of(indexes).map(page::place).filter(answers::isDue).toArray();
        for (int place : places) {
            answers.settle(place);
        }
        return keys.select(places);
    }

    /** The key at this place, as its reader named it. */
    public byte[] key(int place) {
        return keys.get(place);
    }

    /** All its keys, under the names that the reader gave them; for claims and answers about the page as a whole. */
    public BitSet places() {
        BitSet places = new BitSet();
        places.set(0, keys.size());
        return places;
    }

    /**
     * Each of these keys counts as handed on, or as vanished where there was nothing to hand on: a transport took it.
     */
    public void acknowledge(String target, BitSet places) {
        run.pages().enter(this, () -> {
            int[] counted = new int[OUTCOMES.length];
            byte[] ofTarget = answers.of(target);
            for (int place = places.nextSetBit(0); place >= 0; place = places.nextSetBit(place + 1)) {
                Outcome outcome = gone.get(place) ? Outcome.VANISHED : Outcome.HANDED_ON;
                answers.enter(ofTarget, place, outcome, counted);
            }
            settle(counted);
        });
    }

    private void settle(int[] counted) {
        for (Outcome outcome : OUTCOMES) {
            if (counted[outcome.ordinal()] > 0 && settlesKeys()) {
                run.pages().count(outcome, counted[outcome.ordinal()]);
            }
        }
        // where one of two targets fails again and again, the other one's answers to what is read again are no progress
        if (reading.attempt() == 0 || answers.settled() > settledBefore) {
            settledBefore = answers.settled();
            run.pages().signOfLife();
        }
        if (answers.settled() == keys.size()) {
            run.pages().confirmed(this);
        }
    }

    /** Fails the page: its unanswered keys must be read again. */
    public void deny(String cause) {
        run.pages().enter(this, () -> {
            run.pages().denied(this, keys.select(answers.due()), cause);
        });
    }

    @Override
    public String toString() {
        return "page " + sequence + " (" + keys.size() + " keys, " + bytes() + " bytes)";
    }
}
