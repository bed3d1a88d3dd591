package io.camelrump.received;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.Outcome;
import io.camelrump.run.NumberRanges;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.run.PageLane;
import io.camelrump.run.PageStamp;
import io.camelrump.run.RemoteEnd;
import io.camelrump.run.RemoteReading;
import io.camelrump.run.Run;
import io.camelrump.run.ScanEpoch;
import io.camelrump.target.WriteReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A run whose pages another process reads, as one producer gets them: its own {@link Run} has the counts.
 *
 * <p>All methods may be called by any thread, and return at once.
 */
public final class ReceivedRun {
    /** Ranges of missing pages that are named. */
    private static final int NAMED = 10;

    private static final int KEY_BYTES = 160;
    private static final int SHARE_OF_HEAP = 32;

    private final Object lock = new Object();
    private final Run run;
    private final RemoteReading counts;

    @GuardedBy("lock")
    private final Map<Integer, LaneBooks> lanes = new TreeMap<>();

    @GuardedBy("lock")
    private int laneCount = 1;

    @GuardedBy("lock")
    private ScanEpoch epoch;

    @GuardedBy("lock")
    private long lastCame = System.nanoTime();

    /** How the reading half ended; null while it goes on. */
    @GuardedBy("lock")
    private @Nullable RemoteEnd end;

    /** @param run with counts of its own */
    public ReceivedRun(Run run) {
        this.run = run;
        this.counts = run.sources().receive();
        this.epoch = run.epoch();
    }

    public Run run() {
        return run;
    }

    // --- its pages ---

    /** The keys of a page that must be written: null if it is a double, fewer where newer readings were sent. */
    @Nullable
    PageData send(PageData page, PageStamp stamp) {
        synchronized (lock) {
            lastCame = System.nanoTime();
            voidWhatAnotherProcessTook();
            LaneBooks lane = lane(stamp);
            if (run.state().isFinal()) {
                return page;
            }
            if (lane.isDouble(stamp)) {
                return null;
            }
            if (lane.isTooLate(stamp)) {
                throw new IllegalStateException("Page " + stamp.number() + " of run " + stamp.run() + " comes so late"
                        + " that nothing shows which of its keys were written by later pages. Take it from the"
                        + " transport, and compare both servers when all others are written.");
            }
            return lane.send(page, stamp);
        }
    }

    /**
     * All keys of these pages of the run have their outcome.
     *
     * @param pages as they came, with doubles and keys that were left out
     * @param report outcomes of the keys that were due
     */
    void written(List<PageData> pages, WriteReport report) {
        synchronized (lock) {
            voidWhatAnotherProcessTook();
            if (run.state().isFinal()) {
                return;
            }
            int keys = 0;
            long bytes = 0;
            for (PageData page : pages) {
                PageStamp stamp = Objects.requireNonNull(page.origin().stamp());
                LaneBooks lane = lane(stamp);
                if (!lane.isDouble(stamp)) {
                    keys += page.form() == PageForm.PART ? 0 : page.size();
                    bytes += page.bytes() - page.keys().byteCount();
                    lane.written(stamp, page.placesTaken());
                }
            }
            int settled = 0;
            for (Outcome outcome : Outcome.values()) {
                settled += report.count(outcome);
            }
            // newer readings of the others stand at the target
            report.count(Outcome.RESTORED, Math.max(0, keys - settled));
            counts.written(report::count, bytes, report.refusals());
        }
    }

    /** The reading half has ended so, as the end marker of a lane says. */
    void end(PageStamp stamp) {
        synchronized (lock) {
            lastCame = System.nanoTime();
            voidWhatAnotherProcessTook();
            lane(stamp).end(stamp);
            end = Objects.requireNonNullElse(stamp.end(), RemoteEnd.UNKNOWN);
        }
    }

    /** Meaning of a page for its run. */
    enum Turn {
        /** The run goes on, and this is one of its pages. */
        GOES_ON,
        /** The run is over without this one, or without its lane, which another writer had. */
        RESUMES,
        /** The run is over, and its pages come once more from the first, or its reader has begun anew. */
        BEGINS_ANEW,
        /** The run is over: it is written all the same. */
        IS_OVER
    }

    Turn turn(PageStamp stamp) {
        synchronized (lock) {
            if (!run.state().isFinal()) {
                return Turn.GOES_ON;
            }
            LaneBooks lane = lane(stamp);
            boolean isMissing = !run.state().isSettled() || !lane.hasEnded();
            if (isMissing && !lane.isBeyondEnd(stamp) && !lane.isDouble(stamp)) {
                return Turn.RESUMES;
            }
            return stamp.number() == 0 || lane.isBeyondEnd(stamp) ? Turn.BEGINS_ANEW : Turn.IS_OVER;
        }
    }

    void beginAnew(PageStamp stamp) {
        synchronized (lock) {
            if (stamp.number() == 0) {
                lanes.clear();
            }
            lanes.values().forEach(LaneBooks::reopen);
            end = null;
            lastCame = System.nanoTime();
            epoch = run.epoch();
        }
    }

    private LaneBooks lane(PageStamp stamp) {
        PageLane lane = stamp.lane();
        laneCount = lane == null ? 1 : lane.lanes();
        long most = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP / KEY_BYTES;
        return lanes.computeIfAbsent(
                lane == null ? 0 : lane.number(), none -> new LaneBooks(lane != null, Math.max(most, 1)));
    }

    /** A target that is another process than before has taken nothing yet: the scan of {@link #run} shows it. */
    private void voidWhatAnotherProcessTook() {
        if (!epoch.equals(run.epoch())) {
            epoch = run.epoch();
            lanes.values().forEach(LaneBooks::voidAll);
        }
    }

    // --- its end ---

    /** Whether all lanes have ended, and every page has come that their end markers count. */
    public boolean isAllHere() {
        synchronized (lock) {
            voidWhatAnotherProcessTook();
            return lanes.size() == laneCount && lanes.values().stream().allMatch(LaneBooks::isComplete);
        }
    }

    /** Whether an end marker has come, and nothing more for so long. */
    public boolean isOverdue(long nanos) {
        synchronized (lock) {
            return end != null && System.nanoTime() - lastCame > nanos;
        }
    }

    /**
     * What is missing of a run that is over, in one sentence; null if nothing is. A lane without an end marker here has
     * ended at another writer.
     */
    public @Nullable String missing() {
        synchronized (lock) {
            voidWhatAnotherProcessTook();
            if (end == null) {
                return "Its end marker has not come"
                        + lanes.entrySet().stream()
                                .map(ReceivedRun::gaps)
                                .filter(gap -> !gap.isEmpty())
                                .collect(Collectors.joining(", ", ", nor have ", ""))
                                .replaceFirst(", nor have $", "")
                        + ".";
            }
            List<String> gaps = new ArrayList<>();
            for (Map.Entry<Integer, LaneBooks> lane : lanes.entrySet()) {
                if (lane.getValue().hasEnded() && !lane.getValue().isComplete()) {
                    String doubt = lane.getValue().doubt();
                    gaps.add(doubt == null ? gaps(lane) : doubt);
                }
            }
            return gaps.isEmpty() ? null : "It has not got " + String.join(", ", gaps) + ".";
        }
    }

    private static String gaps(Map.Entry<Integer, LaneBooks> lane) {
        List<NumberRanges.Range> missing = lane.getValue().missing();
        return missing.isEmpty()
                ? ""
                : "pages " + NumberRanges.words(missing, NAMED)
                        + (lane.getKey() == 0 ? "" : " of lane " + lane.getKey());
    }

    /** Why the reading half is not complete; null if it is, or has not said so. */
    public @Nullable String endedBadly() {
        synchronized (lock) {
            RemoteEnd known = end;
            return known == null || known.state() == null || known.state().isSettled()
                    ? null
                    : "The run that reads ended " + known.state()
                            + (known.cause() == null ? "." : ": " + known.cause());
        }
    }

    /** A remark on pages that other writers took; null if they took none. */
    public @Nullable String elsewhere() {
        synchronized (lock) {
            long pages = lanes.values().stream().mapToLong(LaneBooks::elsewhere).sum();
            long ended = lanes.values().stream().filter(LaneBooks::hasEnded).count();
            return pages == 0 && ended == laneCount
                    ? null
                    : "Other writers had " + (laneCount - ended) + " of " + laneCount + " lanes at their end, and "
                            + pages + " pages of the others.";
        }
    }
}
