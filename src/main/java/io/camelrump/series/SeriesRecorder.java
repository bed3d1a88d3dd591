package io.camelrump.series;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.ChangeStatus;
import io.camelrump.Outcome;
import io.camelrump.RunEvent;
import io.camelrump.RunPhase;
import io.camelrump.RunSeries;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.Run;
import io.camelrump.run.RunListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Keeps what a run does over time: it hears of what is done, and looks at the run again and again.
 *
 * <p>All methods may be called from any thread, and return at once.
 */
public final class SeriesRecorder implements RunListener {
    /** Between two looks. */
    public static final long PAUSE_MILLIS = 200;

    /** A timer may be early by a little. */
    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS) * 9 / 10;

    /** A live run may begin cutovers again and again. */
    private static final int MOST_STAGES = 100;

    private final Run run;
    private final Supplier<RunPhase> phase;
    private final LongAdder keysRead = new LongAdder();
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder keysWritten = new LongAdder();
    private final LongAdder bytesWritten = new LongAdder();
    private final LongAccumulator sourceNanos = new LongAccumulator(Math::max, 0);
    private final LongAccumulator targetNanos = new LongAccumulator(Math::max, 0);
    private final WrittenNodes written = new WrittenNodes();

    @GuardedBy("this")
    private JoinedSpans spans = empty();

    @GuardedBy("this")
    private final List<RunSeries.Stage> stages = new ArrayList<>();

    @GuardedBy("this")
    private long lookedAt;

    /** @param phase where the run is in its course */
    public SeriesRecorder(Run run, Supplier<RunPhase> phase) {
        this.run = run;
        this.phase = phase;
    }

    private static JoinedSpans empty() {
        return new JoinedSpans(RunSeries.MOST_POINTS, LEAST_NANOS);
    }

    /** Takes up an event of the run: at each of them its phase may be another one. */
    public void hear(RunEvent event) {
        if (event.kind() == RunEvent.Kind.STARTED) {
            begin();
        } else {
            look();
        }
    }

    /** Whether the run has begun: one that is part of another one never does. */
    public synchronized boolean isBegun() {
        return !stages.isEmpty();
    }

    private synchronized void begin() {
        take(0, 0);
        spans = empty();
        stages.clear();
        lookedAt = 0;
        written.forget();
        enter(phase.get(), 0);
    }

    /** Takes up what was done since the last look. */
    public synchronized void look() {
        if (!isBegun()) {
            return;
        }
        RunPhase now = phase.get();
        long nanos = run.elapsed().toNanos();
        if (nanos > lookedAt) {
            spans.add(take(lookedAt, nanos));
            lookedAt = nanos;
        }
        enter(now, nanos);
    }

    /** The series from the beginning of the run until now, or until its end. */
    public synchronized RunSeries series() {
        look();
        return new RunSeries(spans.points(run.state().isFinal()), stages);
    }

    /** The nodes of the targets, with the keys that each was sent since the run began. */
    public WrittenNodes written() {
        return written;
    }

    @GuardedBy("this")
    private void enter(RunPhase now, long nanos) {
        RunSeries.Stage last = stages.isEmpty() ? null : stages.get(stages.size() - 1);
        if (last != null && last.phase() == now) {
            return;
        }
        if (last != null && last.phase() == RunPhase.COPYING && now == RunPhase.WAY_BACK) {
            // it knows that it is one when its source is open
            stages.set(0, new RunSeries.Stage(now, 0));
            return;
        }
        if (stages.size() == MOST_STAGES) {
            stages.remove(last);
        }
        stages.add(new RunSeries.Stage(now, Span.thousandths(nanos / 1e9)));
    }

    private Span take(long from, long until) {
        ChangeStatus changes = run.isLive() ? run.changes().status() : null;
        return new Span(
                from,
                until,
                keysRead.sumThenReset(),
                bytesRead.sumThenReset(),
                keysWritten.sumThenReset(),
                bytesWritten.sumThenReset(),
                changes == null ? -1 : changes.lag().toNanos(),
                changes == null ? -1 : changes.waiting(),
                sourceNanos.getThenReset(),
                targetNanos.getThenReset());
    }

    @Override
    public void read(int keys, long payloadBytes) {
        keysRead.add(keys);
        bytesRead.add(payloadBytes);
    }

    /** Keys that go to a file or a transport are written too, and no server answers for them. */
    @Override
    public void settled(Outcome outcome, int keys) {
        if (outcome == Outcome.HANDED_ON) {
            keysWritten.add(keys);
        }
    }

    @Override
    public void sourceAnswered(ServerAddress node, long nanos) {
        sourceNanos.accumulate(nanos);
    }

    @Override
    public void targetAnswered(ServerAddress node, long nanos, int keys, long bytes) {
        keysWritten.add(keys);
        bytesWritten.add(bytes);
        targetNanos.accumulate(nanos);
        written.answered(node, nanos, keys, bytes);
    }
}
