package io.camelrump.run;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Confirmed pages whose exchanges go on, in the order in which they were confirmed. Guarded by the run. */
final class EndingPages {
    /**
     * A route that takes longer behind its targets, such as one that joins what was written, is not waited for: since a
     * page was confirmed, or one that was confirmed before it has ended.
     */
    private static final long MOST_WAIT_FOR_ROUTE = TimeUnit.SECONDS.toNanos(1);

    /** Since which {@link System#nanoTime()} the end of each is awaited. */
    private final Map<Receipt, Long> pages = new LinkedHashMap<>();

    void add(Receipt receipt) {
        pages.putIfAbsent(receipt, System.nanoTime());
    }

    /** The exchange of a page has ended. */
    void letGo(Receipt receipt) {
        if (!pages.containsKey(receipt)) {
            return;
        }
        long now = System.nanoTime();
        boolean behind = false;
        for (Map.Entry<Receipt, Long> page : pages.entrySet()) {
            if (behind) {
                // it may be its turn only now
                page.setValue(now);
            }
            behind |= page.getKey() == receipt;
        }
        pages.remove(receipt);
    }

    boolean isEmpty() {
        return pages.isEmpty();
    }

    /** Bytes of those that are waited for. */
    long bytes(long now) {
        long held = 0;
        for (Map.Entry<Receipt, Long> page : pages.entrySet()) {
            held += now - page.getValue() < MOST_WAIT_FOR_ROUTE ? page.getKey().bytes() : 0;
        }
        return held;
    }

    void clear() {
        pages.clear();
    }
}
