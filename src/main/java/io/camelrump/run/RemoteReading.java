package io.camelrump.run;

import io.camelrump.Outcome;
import io.camelrump.Refusal;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * Counts of a run whose pages another process reads: they are entered when they have been written.
 *
 * <p>All methods may be called by any thread, and return at once.
 */
public final class RemoteReading {
    private final RunLock lock;
    private final RunReport report;

    RemoteReading(RunLock lock, RunReport report) {
        this.lock = lock;
        this.report = report;
    }

    /**
     * Counts keys as read, and what became of them.
     *
     * @param outcomes number of keys by their outcome
     * @param bytes of their payloads
     * @param refusals the refused ones among them
     */
    public void written(ToIntFunction<Outcome> outcomes, long bytes, List<Refusal> refusals) {
        lock.change(() -> {
            report.tally().read(Stream.of(Outcome.values()).mapToInt(outcomes).sum(), bytes);
            for (Outcome outcome : Outcome.values()) {
                report.tally().count(outcome, outcomes.applyAsInt(outcome));
            }
            refusals.forEach(report.tally()::note);
        });
    }
}
