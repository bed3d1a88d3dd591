package io.camelrump.cli;

import io.camelrump.ChangeStatus;
import io.camelrump.Counts;
import io.camelrump.Ledger;
import io.camelrump.RunPhase;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/** A line every few seconds, for a log file. */
final class ProgressLines implements Progress {
    private static final long INTERVAL_NANOS = 5_000_000_000L;

    private final Ledger ledger;
    private final boolean filtered;
    private final String copying;
    private final PrintWriter out;
    private final LongSupplier nanoTime;
    private final long start;
    /** A run that goes on where another one ended has some of it done already. */
    private final double startShare;

    private long last;
    private long lastKeys;
    private long lastBytes;

    /** @param copying what the run does before all keys are there */
    ProgressLines(Ledger ledger, boolean filtered, String copying, PrintWriter out) {
        this(ledger, filtered, copying, out, System::nanoTime);
    }

    ProgressLines(Ledger ledger, boolean filtered, String copying, PrintWriter out, LongSupplier nanoTime) {
        this.ledger = ledger;
        this.filtered = filtered;
        this.copying = copying;
        this.out = out;
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
        Counts counts = ledger.counts();
        this.startShare = share(ledger, filtered, counts);
        this.last = start;
        this.lastKeys = counts.settled();
        this.lastBytes = counts.bytes();
    }

    @Override
    public void show() {
        long now = nanoTime.getAsLong();
        if (now - last < INTERVAL_NANOS) {
            return;
        }
        Counts counts = ledger.counts();
        double seconds = (now - last) / 1e9;
        double share = share(ledger, filtered, counts);
        double elapsed = (now - start) / 1e9;
        double done = share - startShare;
        String left = done <= 0.001 ? "?" : String.valueOf(Math.round(elapsed * (1 - share) / done));
        out.println(Logging.stamped(String.format(
                Locale.ROOT,
                "%.0f s, %s: %,d keys (%.0f %%), %,d keys/s, %s/s, %s%s%s",
                elapsed,
                ledger.phase() == RunPhase.COPYING ? copying : ledger.phase().word(),
                counts.settled(),
                100 * share,
                Math.max(0, Math.round((counts.settled() - lastKeys) / seconds)),
                Summary.bytes(Math.max(0, Math.round((counts.bytes() - lastBytes) / seconds))),
                ledger.changes() == null
                        ? "about " + left + " s left"
                        : lag(ledger.changes().status()),
                counts.refused() == 0 ? "" : ", " + counts.refused() + " refused",
                verifying())));
        out.flush();
        last = now;
        lastKeys = counts.settled();
        lastBytes = counts.bytes();
    }

    private String verifying() {
        String text = SweepText.of(ledger);
        return text.isEmpty() ? "" : ", " + text;
    }

    @Override
    public void close() {}

    /** How far a live run is behind. */
    static String lag(ChangeStatus status) {
        return String.format(
                Locale.ROOT,
                "%,d changes wait, lag %.1f s%s",
                status.waiting(),
                status.lag().toMillis() / 1e3,
                status.gaps() == 0 ? "" : ", " + status.gaps() + " gaps");
    }

    /** How much is done: of the source's keys, or under a filter of its keyspace, as the cursor shows it. */
    static double share(Ledger ledger, boolean filtered, Counts counts) {
        long keys = ledger.sourceKeys();
        return filtered || keys <= 0 ? ledger.progress() : Math.min(1, (double) counts.settled() / keys);
    }
}
