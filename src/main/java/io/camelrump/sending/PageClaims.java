package io.camelrump.sending;

import io.camelrump.TargetClosedException;
import io.camelrump.exchanges.Receipts;
import io.camelrump.run.PageData;
import io.camelrump.run.Participant;
import io.camelrump.run.Receipt;
import io.camelrump.run.Run;
import java.util.List;

/**
 * Claims of one producer on the pages that it writes: their runs know it, and no other producer answers for the same
 * keys until it releases them.
 *
 * <p>Guarded by the producer's lock.
 */
public final class PageClaims {
    private final String name;
    private final Participant participant;

    /**
     * @param name of the producer in answers
     * @param participant that joins each run whose pages are written
     */
    public PageClaims(String name, Participant participant) {
        this.name = name;
        this.participant = participant;
    }

    /** Claims the keys of these pages; a second producer of a live run at one target is refused. */
    void take(List<PageData> pages) throws TargetClosedException {
        for (PageData page : pages) {
            Receipt receipt = page.receipt();
            if (receipt != null) {
                receipt.run().targets().join(participant);
                receipt.claim(name, page.placesTaken());
                refuseRival(receipt.run());
            }
        }
    }

    /** Lets unanswered keys go to another producer, as the route wants it. */
    void release(List<PageData> pages) {
        Receipts.release(pages, name);
    }

    /** Each producer keeps the order of readings for itself: of two, the older reading of a key could come last. */
    private void refuseRival(Run run) throws TargetClosedException {
        if (run.isLive() && run.targets().rival(participant, participant.places()) != null) {
            throw new TargetClosedException("Two steps of the routes write to " + participant.places()
                    + ". In a live run the older of two readings of a key could arrive last: let a single step write"
                    + " there.");
        }
    }
}
