package io.camelrump.backup;

import io.camelrump.Counts;
import io.camelrump.RunState;
import io.camelrump.run.NumberRanges;
import io.camelrump.run.PageData;
import io.camelrump.run.PageStamp;
import io.camelrump.run.RemoteEnd;
import io.camelrump.wire.WireEnd;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The runs whose pages a file holds, and whether it has all of each: a file is complete only if each run in it has an
 * end marker that says so, and no page of it is missing.
 */
final class BackupRuns {
    /** Name of what no run has read. */
    private static final String NONE = "";

    private static final int SHOWN = 5;

    private static final class Seen {
        private final NumberRanges pages = new NumberRanges();
        /** Keys with a value. */
        private long keys;

        private long numbered;
        /** Numbers that its reader gave up; null if they were too many to be named. */
        private @Nullable List<NumberRanges.Range> voided = List.of();

        private @Nullable WireEnd end;
    }

    private final Map<String, Seen> runs = new LinkedHashMap<>();

    /** Enters a page. */
    void read(PageData page) {
        PageStamp stamp = page.origin().stamp();
        Seen run = of(stamp);
        // more of it, behind its end: that was not the end
        run.end = null;
        // pages that go side by side have numbers of their own, which the file of one of them cannot be held to
        if (stamp != null && stamp.sequence() >= 0 && stamp.lane() == null) {
            run.pages.add(stamp.sequence());
        }
        for (int i = 0; i < page.size(); i++) {
            run.keys += page.isGone(i) ? 0 : 1;
        }
    }

    /** Enters an end marker. */
    void ended(@Nullable PageStamp stamp, @Nullable WireEnd end) {
        Seen run = of(stamp);
        run.end = end;
        run.numbered = stamp == null || stamp.lane() != null ? 0 : stamp.sequence();
        RemoteEnd how = stamp == null ? null : stamp.end();
        run.voided = how == null ? List.of() : how.voided();
    }

    private Seen of(@Nullable PageStamp stamp) {
        return runs.computeIfAbsent(stamp == null ? NONE : stamp.run(), unseen -> new Seen());
    }

    /** The first thing that is missing, in words; null if nothing is. */
    @Nullable
    String missing() {
        if (runs.isEmpty()) {
            return "it has no end marker, and no page: whoever wrote it was stopped, or it was cut off";
        }
        int number = 0;
        for (Map.Entry<String, Seen> run : runs.entrySet()) {
            number++;
            String missing = missing(run.getValue());
            if (missing != null) {
                return runs.size() == 1
                        ? "it " + missing
                        : "of " + runs.size() + " runs in it, number " + number
                                + (run.getKey().equals(NONE) ? "" : " (" + run.getKey() + ")") + " " + missing;
            }
        }
        return null;
    }

    private static @Nullable String missing(Seen run) {
        WireEnd end = run.end;
        if (end == null) {
            return "has no end marker: whoever wrote it was stopped, or it was cut off behind a page";
        }
        RunState state = end.state();
        if (state == null) {
            return "has an end marker that does not say whether the run was complete";
        }
        if (state != RunState.COMPLETE && state != RunState.REFUSED) {
            return "says that its run ended " + state + (end.cause() == null ? "" : ": " + end.cause());
        }
        if (run.voided == null) {
            return isWhole(run, end.counts()) ? null : "is complete but for some pages";
        }
        NumberRanges known = NumberRanges.of(run.voided);
        known.addAll(run.pages);
        List<NumberRanges.Range> lost = known.missing(Math.max(0, run.numbered));
        return lost.isEmpty()
                ? null
                : "is complete but for pages that never came, of the numbers " + NumberRanges.words(lost, SHOWN);
    }

    /** Whether as many keys are here as the run has written, where it had to write too many of them once more. */
    private static boolean isWhole(Seen run, Counts counts) {
        return run.keys >= counts.restored() + counts.handedOn();
    }

    /** Keys that were refused when the file was written, and are not in it; null if there were none. */
    @Nullable
    String remark() {
        long refused = 0;
        for (Seen run : runs.values()) {
            refused += run.end == null ? 0 : run.end.counts().refused();
        }
        return refused == 0
                ? null
                : refused + (refused == 1 ? " key was" : " keys were")
                        + " refused when the file was written, and the file does not have "
                        + (refused == 1 ? "it" : "them");
    }
}
