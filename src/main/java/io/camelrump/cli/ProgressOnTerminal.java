package io.camelrump.cli;

import io.camelrump.Counts;
import io.camelrump.Ledger;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A bar on a terminal: keys of the source, or thousandths of its keyspace where a filter makes the keys uncountable.
 */
final class ProgressOnTerminal implements Progress {
    private final Ledger ledger;
    private final boolean byKeyspace;
    private final Supplier<String> more;
    private final LongSupplier nanoTime;
    private final long start;
    /** Counts of the earlier run that this one resumes. */
    private final Counts before;

    private final ProgressBar bar;

    /** @param more is added to the bar; empty for nothing */
    ProgressOnTerminal(Ledger ledger, boolean filtered, Supplier<String> more) {
        this(ledger, filtered, more, System.err, System::nanoTime);
    }

    ProgressOnTerminal(
            Ledger ledger, boolean filtered, Supplier<String> more, PrintStream terminal, LongSupplier nanoTime) {
        this.ledger = ledger;
        this.more = more;
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
        this.before = ledger.counts();
        this.byKeyspace = filtered || ledger.sourceKeys() <= 0;
        this.bar = new ProgressBarBuilder()
                .setTaskName("rump")
                .setStyle(ProgressBarStyle.ASCII)
                .setUnit(byKeyspace ? " ‰" : " keys", 1)
                .setInitialMax(byKeyspace ? 1_000 : ledger.sourceKeys())
                .startsFrom(done(before), Duration.ZERO)
                .setUpdateIntervalMillis(200)
                .setConsumer(new ConsoleProgressBarConsumer(terminal))
                .build();
    }

    @Override
    public void show() {
        Counts counts = ledger.counts();
        double seconds = Math.max(0.001, (nanoTime.getAsLong() - start) / 1e9);
        bar.stepTo(done(counts));
        bar.setExtraMessage(String.format(
                " %,.0f keys/s, %s/s%s%s",
                Math.max(0, counts.settled() - before.settled()) / seconds,
                Summary.bytes(Math.round(Math.max(0, counts.bytes() - before.bytes()) / seconds)),
                ledger.changes() == null
                        ? ""
                        : ", " + ProgressLines.lag(ledger.changes().status()),
                Progress.added(more)));
    }

    private long done(Counts counts) {
        return byKeyspace ? Math.round(1_000 * ledger.progress()) : counts.settled();
    }

    @Override
    public void close() {
        show();
        bar.close();
    }
}
