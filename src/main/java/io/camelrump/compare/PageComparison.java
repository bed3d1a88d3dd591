package io.camelrump.compare;

import io.camelrump.Difference;
import io.camelrump.Outcome;
import io.camelrump.RedisType;
import io.camelrump.Refusal;
import io.camelrump.keys.TargetNameIndex;
import io.camelrump.run.KeptKeyIndex;
import io.camelrump.run.PageData;
import io.camelrump.run.Receipt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison makes of the keys of one page.
 *
 * <p>A key that differs is looked at again, until the last round; then it is repaired or deleted if that is wanted, and
 * else noted. What was repaired is looked at once more.
 */
final class PageComparison {
    private final PageData page;
    private final Receipt receipt;
    private final ComparePlan plan;
    private final @Nullable Outcome[] outcomes;
    private final @Nullable Difference[] differences;
    private final Map<Integer, String> refusals = new HashMap<>();
    private final boolean[] repaired;
    private final boolean mayDelete;
    /** Keys that lack what an option lets go. */
    private final BitSet reduced = new BitSet();
    /** Keys that the target may have to keep. */
    private final BitSet guarded = new BitSet();

    private int undecided;
    private int kept;

    /** @param mayDelete whether it is known that not too much will be deleted */
    PageComparison(PageData page, Receipt receipt, ComparePlan plan, boolean mayDelete) {
        this.mayDelete = mayDelete;
        this.page = page;
        this.receipt = receipt;
        this.plan = plan;
        this.outcomes = new Outcome[page.size()];
        this.differences = new Difference[page.size()];
        this.repaired = new boolean[page.size()];
    }

    /** The key is the same at both servers. */
    void same(int i) {
        outcomes[i] = page.origin().attempt() >= plan.comparison().getRounds()
                        && plan.comparison().isRepair()
                ? Outcome.RESTORED
                : Outcome.KEPT;
    }

    /** The value at the target lacks what an option lets go, and is the same else. */
    void reduced(int i) {
        reduced.set(i);
    }

    /** The key is at neither server, or will not be in a moment. */
    void gone(int i) {
        outcomes[i] = Outcome.VANISHED;
        differences[i] = null;
    }

    void deleted(int i) {
        outcomes[i] = Outcome.DELETED;
        differences[i] = null;
    }

    void refused(int i, String cause) {
        outcomes[i] = Outcome.REFUSED;
        refusals.put(i, cause);
    }

    /** The key is not in question: it can be none of the source's that are compared. */
    void filtered(int i) {
        outcomes[i] = Outcome.FILTERED;
    }

    /** Whether only the target has the key is not known. */
    void undecided(int i) {
        outcomes[i] = Outcome.KEPT;
        undecided++;
    }

    void differs(int i, Difference.Cause cause, String detail) {
        differs(i, new TargetNameIndex.Source(receipt.database(), receipt.key(page.place(i))), cause, detail);
    }

    /** The key is at both servers, and differs: as it was to be, if the target had it before and keeps such keys. */
    void differsAtBoth(int i, Difference.Cause cause, String detail) {
        KeptKeyIndex.Lookup before = plan.keptBefore();
        KeptKeyIndex.Answer answer = before == null
                ? KeptKeyIndex.Answer.NOT_KEPT
                : before.answer(receipt.database(), receipt.key(page.place(i)));
        switch (answer) {
            case NOT_KEPT -> differs(i, cause, detail);
            case KEPT -> {
                outcomes[i] = Outcome.KEPT;
                kept++;
            }
            case UNKNOWN -> {
                guarded.set(i);
                differs(i, cause, detail + "; it may be a key that the target was to keep");
            }
        }
    }

    /** @param reported the name to report the difference by, which is that of the source's key where there is one */
    void differs(int i, TargetNameIndex.Source reported, Difference.Cause cause, String detail) {
        String called =
                Arrays.equals(reported.key(), page.key(i)) ? "" : ", called " + Refusal.quote(page.key(i)) + " there";
        differences[i] = new Difference(reported.key(), reported.database(), cause, detail + called);
    }

    /** The key was restored again, and must be compared once more. */
    void repaired(int i) {
        repaired[i] = true;
    }

    void notRepaired(int i, String reason) {
        add(i, "; it could not be repaired: " + reason);
    }

    void notDeleted(int i, String reason) {
        add(i, "; it could not be deleted: " + reason);
    }

    private void add(int i, String words) {
        Difference difference = differences[i];
        if (difference != null) {
            differences[i] = new Difference(
                    difference.key(), difference.database(), difference.cause(), difference.detail() + words);
        }
    }

    /** Keys to be restored again. */
    int[] toRepair() {
        boolean now =
                plan.comparison().isRepair() && !plan.lookup() && page.origin().attempt() == lastRound();
        return differing(i -> now && !page.isGone(i) && !guarded.get(i));
    }

    /** Whether only the source has the key. */
    boolean isMissing(int i) {
        Difference difference = differences[i];
        return difference != null && difference.cause() == Difference.Cause.MISSING;
    }

    /** Keys to be deleted, as only the target has them. */
    int[] toPrune() {
        return differing(i -> mayDelete && isToPrune(i));
    }

    private boolean isToPrune(int i) {
        Difference difference = differences[i];
        return plan.target().isPrune()
                && page.origin().attempt() >= lastRound()
                && difference != null
                && difference.cause() == Difference.Cause.EXTRA;
    }

    private int lastRound() {
        return plan.comparison().getRounds() - 1;
    }

    private int[] differing(IntPredicate which) {
        return IntStream.range(0, page.size())
                .filter(i -> differences[i] != null && which.test(i))
                .toArray();
    }

    /** Tells the page's reader. */
    void report() {
        int[] again = differing(i -> repaired[i] || page.origin().attempt() < lastRound());
        List<Difference> found = new ArrayList<>();
        int held = 0;
        for (int i : differing(i -> !repaired[i] && page.origin().attempt() >= lastRound())) {
            outcomes[i] = Outcome.KEPT;
            if (!mayDelete && isToPrune(i)) {
                held++;
            } else {
                found.add(differences[i]);
            }
        }
        receipt.settlement().compared(plan.answerer(), page, outcomes, refusals, found);
        receipt.run().report().comparison().accept(kept, (int)
                reduced.stream().filter(i -> differences[i] == null).count());
        receipt.run().report().comparison().leave(undecided);
        receipt.run().report().comparison().postponeDeletes(held);
        if (again.length > 0) {
            receipt.again(page, again);
        }
    }

    static String named(RedisType type) {
        return type == RedisType.MODULE ? "value of a module" : type.name().toLowerCase(Locale.ROOT);
    }
}
