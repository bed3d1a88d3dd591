package io.camelrump.target;

import io.camelrump.Outcome;
import io.camelrump.Refusal;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.run.PageStamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Outcomes of the keys of one exchange at one target. */
public final class WriteReport {
    private static final int OUTCOMES = Outcome.values().length;

    private final int[] counts = new int[OUTCOMES];
    private final List<Refusal> refusals = new ArrayList<>();
    /** Parts of it about pages that other processes have read, by the identifier of their run. */
    private final Map<String, WriteReport> received = new HashMap<>();

    public void count(Outcome outcome, int keys) {
        counts[outcome.ordinal()] += keys;
    }

    /** Enters what became of one key; nothing where that is not known. */
    void enter(PageData page, int i, @Nullable Outcome outcome, @Nullable String cause) {
        if (outcome != null) {
            count(outcome, 1);
        }
        if (outcome == Outcome.REFUSED) {
            refusals.add(new Refusal(page.key(i), String.valueOf(cause)));
        }
    }

    /** Enters keys whose reader waits for no receipt: one that would have to be read again is refused. */
    void enter(PageSlice slice) {
        PageData page = slice.page();
        PageStamp stamp = page.origin().stamp();
        WriteReport ofRun = stamp == null || page.form() == PageForm.PART ? null : of(stamp.run());
        for (int i = slice.from(); i < slice.to(); i++) {
            Outcome outcome = slice.isReadAgain(i) ? Outcome.REFUSED : slice.outcome(i);
            enter(page, i, outcome, slice.cause(i));
            if (ofRun != null) {
                ofRun.enter(page, i, outcome, slice.cause(i));
            }
        }
    }

    public void add(WriteReport other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        refusals.addAll(other.refusals);
        other.received.forEach((run, report) -> of(run).add(report));
    }

    /** The part of it that is about pages of a run that another process reads. */
    public WriteReport of(String run) {
        return received.computeIfAbsent(run, none -> new WriteReport());
    }

    public int count(Outcome outcome) {
        return counts[outcome.ordinal()];
    }

    public List<Refusal> refusals() {
        return refusals;
    }
}
