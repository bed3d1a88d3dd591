package io.camelrump.target;

import io.camelrump.Outcome;
import io.camelrump.Refusal;
import java.util.ArrayList;
import java.util.List;

/** Outcomes of the keys of one exchange at one target. */
public final class WriteReport {
    private static final int OUTCOMES = Outcome.values().length;

    private final int[] counts = new int[OUTCOMES];
    private final List<Refusal> refusals = new ArrayList<>();

    public void count(Outcome outcome, int keys) {
        counts[outcome.ordinal()] += keys;
    }

    void refuse(Refusal refusal) {
        count(Outcome.REFUSED, 1);
        refusals.add(refusal);
    }

    public void add(WriteReport other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        refusals.addAll(other.refusals);
    }

    public int count(Outcome outcome) {
        return counts[outcome.ordinal()];
    }

    public List<Refusal> refusals() {
        return refusals;
    }
}
