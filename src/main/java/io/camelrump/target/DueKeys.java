package io.camelrump.target;

import io.camelrump.Outcome;
import io.camelrump.run.PageData;
import io.camelrump.run.Receipt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys of pages that must be sent: those that no earlier try settled and no newer reading wrote, and that are there
 * already where a page is written only to keys that are.
 */
final class DueKeys {
    private static final Comparator<PageData> READ_ORDER = Comparator.comparingLong(
            page -> page.receipt() == null ? 0 : page.receipt().sequence());

    private final String target;
    private final LastReadWins order;

    /** @param target its name in answers */
    DueKeys(String target, LastReadWins order) {
        this.target = target;
        this.order = order;
    }

    /** Pages with a key that may be due, in the order in which they were read. */
    static List<PageData> pages(List<PageData> pages) {
        List<PageData> due = new ArrayList<>(pages.size());
        for (PageData page : pages) {
            if (page.size() > 0 && (page.receipt() == null || page.receipt().isOut())) {
                due.add(page);
            }
        }
        due.sort(READ_ORDER);
        return due;
    }

    /**
     * A page as it is sent.
     *
     * @param own keys of the page that came from the source before; null if all are written
     */
    PageSlice slice(PageData page, int from, int to, @Nullable Outcome[] outcomes, boolean @Nullable [] own) {
        Receipt receipt = page.receipt();
        boolean[] skipped = null;
        if (receipt != null && !receipt.settlement().isUntouched(target)) {
            skipped = new boolean[page.size()];
            for (int i = from; i < to; i++) {
                skipped[i] = receipt.settlement().isAnswered(target, page.place(i));
            }
        }
        for (int i = from; own != null && page.origin().isOnlyIfThere() && i < to; i++) {
            if (!own[i]) {
                outcomes[i] = Outcome.FILTERED;
            }
        }
        boolean[] superseded = order.superseded(page);
        for (int i = from; superseded != null && i < to; i++) {
            if (superseded[i]) {
                outcomes[i] = Outcome.RESTORED;
            }
        }
        return new PageSlice(page, from, to, outcomes, skipped);
    }
}
