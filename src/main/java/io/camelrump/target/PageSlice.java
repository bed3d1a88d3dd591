package io.camelrump.target;

import io.camelrump.Outcome;
import io.camelrump.run.PageData;
import io.camelrump.run.Reading;
import io.camelrump.run.Receipt;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A run of keys of one page in flight to the target, with what is known of each. */
public final class PageSlice {
    private final PageData page;
    private final int from;
    private final int to;
    private final @Nullable Outcome[] outcomes;
    private final boolean @Nullable [] skipped;
    private final BitSet deleted = new BitSet();
    private final BitSet notRestored = new BitSet();
    private final BitSet byParts = new BitSet();
    /** Keys read in parts that must be read again, as they changed, or are not whole here. */
    private final BitSet torn = new BitSet();

    private final BitSet incomplete = new BitSet();
    /** Keys of the three sets above: asked for each key. */
    private final BitSet readAgain = new BitSet();

    private final BitSet withheld = new BitSet();
    private final BitSet there = new BitSet();
    private final Map<Integer, String> causes = new HashMap<>();
    /** Nodes of a cluster to be asked for a key instead. */
    private final Map<Integer, String> asked = new TreeMap<>();

    /**
     * @param outcomes of the whole page; an outcome that is there already is not asked of the target
     * @param skipped keys that have their outcome from an earlier try; null if there are none
     */
    public PageSlice(PageData page, int from, int to, @Nullable Outcome[] outcomes, boolean @Nullable [] skipped) {
        this.page = page;
        this.from = from;
        this.to = to;
        this.outcomes = outcomes;
        this.skipped = skipped;
    }

    /** Notes the commands sent for a key of a target without REPLACE: DEL, RESTORE, or both in this order. */
    void sent(int i, boolean delete, boolean restore) {
        if (delete) {
            deleted.set(i);
        }
        if (!restore) {
            notRestored.set(i);
        }
    }

    /** A key that is gone is not deleted, as it may be the target's own: the target is asked whether it has it. */
    void withhold(int i) {
        withheld.set(i);
    }

    boolean isWithheld(int i) {
        return withheld.get(i);
    }

    /** Notes whether the target has a key that is withheld. */
    void noteThere(int i, boolean known) {
        there.set(i, known);
    }

    boolean isThere(int i) {
        return there.get(i);
    }

    boolean isDeleteSent(int i) {
        return deleted.get(i);
    }

    boolean isRestoreSent(int i) {
        return !notRestored.get(i);
    }

    PageData page() {
        return page;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    /** Whether the target must be asked about this key. */
    boolean isDue(int i) {
        return outcomes[i] == null && (skipped == null || !skipped[i]) && !isReadAgain(i);
    }

    @Nullable
    public Outcome outcome(int i) {
        return outcomes[i];
    }

    /** Whether some key has no outcome yet, here or from an earlier try. */
    boolean hasUnanswered() {
        for (int i = from; i < to; i++) {
            if (isDue(i)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Forgets written keys, which are not safe yet and must be written again; refused ones stay so. Returns how many.
     */
    int forgetWritten() {
        int written = 0;
        for (int i = from; i < to; i++) {
            if (outcomes[i] != Outcome.REFUSED) {
                written += outcomes[i] == Outcome.RESTORED ? 1 : 0;
                outcomes[i] = null;
            }
        }
        return written;
    }

    void set(int i, Outcome outcome) {
        outcomes[i] = outcome;
    }

    void refuse(int i, String cause) {
        outcomes[i] = Outcome.REFUSED;
        causes.put(i, cause);
    }

    /** The target does not take this key as it is: its reader is asked for it by parts. */
    void askByParts(int i, String cause) {
        byParts.set(i);
        readAgain.set(i);
        causes.put(i, cause);
    }

    /** Notes a key whose slot is migrating to another node, which takes this key already. */
    void ask(int i, String node) {
        asked.put(i, node);
    }

    /** The keys to write at other nodes with ASKING, one by one. */
    List<Redirection.Asked> asked() {
        return asked.entrySet().stream()
                .map(key -> new Redirection.Asked(key.getValue(), page.slice(key.getKey())))
                .toList();
    }

    /** The keys of these pages that have no outcome by what was sent of them, and are not to be asked for elsewhere. */
    static List<PageData> left(List<PageData> pages, List<PageSlice> sent) {
        Map<PageData, BitSet> done = new IdentityHashMap<>();
        for (PageSlice slice : sent) {
            BitSet keys = done.computeIfAbsent(slice.page(), page -> new BitSet());
            IntStream.range(slice.from(), slice.to())
                    .filter(i -> !slice.isDue(i) || slice.asked.containsKey(i))
                    .forEach(keys::set);
        }
        List<PageData> left = new ArrayList<>();
        for (PageData page : pages) {
            BitSet keys = done.getOrDefault(page, new BitSet());
            int[] others =
                    IntStream.range(0, page.size()).filter(i -> !keys.get(i)).toArray();
            if (others.length > 0) {
                left.add(page.select(others));
            }
        }
        return left;
    }

    public boolean isAskedByParts(int i) {
        return byParts.get(i);
    }

    /** Notes that a key changed while it was read in parts, by this sign. */
    void noteTorn(int i, String sign) {
        torn.set(i);
        readAgain.set(i);
        causes.put(i, "it changed while it was read: " + sign);
    }

    /** Notes that a key was read in parts, and the target does not have all of them. */
    void noteIncomplete(int i) {
        incomplete.set(i);
        readAgain.set(i);
        causes.put(i, "its parts are not complete at the target");
    }

    /** Whether its reader is asked for it once more. */
    public boolean isReadAgain(int i) {
        return readAgain.get(i);
    }

    /** Why the target refused this key, or its payload. */
    public String cause(int i) {
        return String.valueOf(causes.get(i));
    }

    /** Tells the page's reader what is known. */
    void answer(String target, WriteReport report) {
        Receipt receipt = page.receipt();
        if (receipt == null) {
            report.enter(this);
            return;
        }
        for (int i = from; i < to; i++) {
            Outcome outcome = outcomes[i];
            if (outcome == Outcome.KEPT) {
                receipt.keep(page, i);
            }
            report.enter(page, i, outcome, causes.get(i));
        }
        receipt.settlement().answer(target, page, outcomes, causes);
        if (!byParts.isEmpty()) {
            receipt.byParts(page, byParts.stream().toArray());
        }
        if (!torn.isEmpty()) {
            receipt.partsAgain(page, torn.stream().toArray(), Reading::changedMeanwhile);
        }
        if (!incomplete.isEmpty()) {
            receipt.partsAgain(page, incomplete.stream().toArray(), Reading::arrivedIncomplete);
        }
    }
}
