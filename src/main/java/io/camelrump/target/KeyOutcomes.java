package io.camelrump.target;

import io.camelrump.Outcome;
import io.camelrump.run.PageForm;

/** Entry of what became of a batch's keys, with their reader and with all that later batches are judged by. */
final class KeyOutcomes {
    private final String target;
    private final TargetIdentity identity;
    private final Deletions deletions;
    private final LastReadWins order;
    private final WriteCount written;
    private final boolean writesNothing;

    /** @param target its name in answers */
    KeyOutcomes(
            String target,
            TargetIdentity identity,
            Deletions deletions,
            LastReadWins order,
            WriteCount written,
            boolean writesNothing) {
        this.target = target;
        this.identity = identity;
        this.deletions = deletions;
        this.order = order;
        this.written = written;
        this.writesNothing = writesNothing;
    }

    /** Enters each outcome that is known by now. */
    void enter(SentPipeline batch, WriteReport report) {
        batch.settled();
        for (PageSlice slice : batch.slices()) {
            boolean whole = slice.page().form() != PageForm.PART;
            if (whole) {
                // before the reader hears of it, as a checkpoint may be written then
                deletions.written(slice);
            }
            int before = report.count(Outcome.RESTORED);
            slice.answer(target, report);
            if (!whole) {
                // its key is not there yet
                continue;
            }
            order.written(slice);
            if (!writesNothing) {
                identity.remember(slice, batch.writer());
            }
            written.confirmed(report.count(Outcome.RESTORED) - before);
        }
        batch.enterReadBack(target);
    }
}
