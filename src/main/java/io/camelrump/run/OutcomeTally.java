package io.camelrump.run;

import io.camelrump.Counts;
import io.camelrump.Outcome;
import io.camelrump.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Keys by outcome. Guarded by the run. */
final class OutcomeTally {
    private static final int REFUSALS_SHOWN = 10;

    private final long[] outcomes = new long[Outcome.values().length];
    private final List<Refusal> refusals = new ArrayList<>();
    private Consumer<Refusal> refusalListener = refusal -> {};
    private RunListener measured = RunListener.NONE;
    private long read;
    private long bytes;
    private long reread;
    private int restarts;

    void listener(Consumer<Refusal> listener) {
        refusalListener = listener;
    }

    void measuredBy(RunListener listener) {
        measured = listener;
    }

    void read(int keys, long payloadBytes) {
        read += keys;
        bytes += payloadBytes;
        measured.read(keys, payloadBytes);
    }

    /** Keys that will be read once more. */
    void unread(int keys) {
        read -= keys;
        reread += keys;
        measured.reread(keys);
    }

    void count(Outcome outcome, int keys) {
        outcomes[outcome.ordinal()] += keys;
        measured.settled(outcome, keys);
    }

    void note(Refusal refusal) {
        if (refusals.size() < REFUSALS_SHOWN) {
            refusals.add(refusal);
        }
        refusalListener.accept(refusal);
    }

    List<Refusal> refusals() {
        return List.copyOf(refusals);
    }

    void restarted() {
        startAnew();
        nodeRestarted();
    }

    void nodeRestarted() {
        restarts++;
        measured.restarted();
    }

    void reset() {
        startAnew();
        restarts = 0;
    }

    /** Continues from these counts; keys in flight then are read again. */
    void resume(Counts counts, List<Refusal> refused) {
        reset();
        outcomes[Outcome.RESTORED.ordinal()] = counts.restored();
        outcomes[Outcome.KEPT.ordinal()] = counts.kept();
        outcomes[Outcome.VANISHED.ordinal()] = counts.vanished();
        outcomes[Outcome.FILTERED.ordinal()] = counts.filtered();
        outcomes[Outcome.DELETED.ordinal()] = counts.deleted();
        outcomes[Outcome.HANDED_ON.ordinal()] = counts.handedOn();
        outcomes[Outcome.REFUSED.ordinal()] = counts.refused();
        read = counts.settled();
        bytes = counts.bytes();
        reread = counts.reread();
        restarts = counts.restarts();
        refusals.addAll(refused);
    }

    void startAnew() {
        Arrays.fill(outcomes, 0);
        refusals.clear();
        read = 0;
        bytes = 0;
        reread = 0;
    }

    Counts counts() {
        return new Counts(
                read,
                of(Outcome.RESTORED),
                of(Outcome.KEPT),
                of(Outcome.VANISHED),
                of(Outcome.FILTERED),
                of(Outcome.DELETED),
                of(Outcome.HANDED_ON),
                of(Outcome.REFUSED),
                bytes,
                reread,
                restarts);
    }

    private long of(Outcome outcome) {
        return outcomes[outcome.ordinal()];
    }
}
