package io.camelrump.lanes;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.run.NumberRanges;
import io.camelrump.run.PageData;
import io.camelrump.run.PageLane;
import io.camelrump.run.PageStamp;
import io.camelrump.run.RemoteEnd;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Numbers of the pages in each lane: every page gets the next one of its lane, and the end marker of a lane says how
 * many there were, and which of them were given up.
 *
 * <p>All methods may be called by any thread; pages of one lane keep their order only if one thread has them numbered
 * and sends them.
 */
public final class LaneNumbers {
    private static final int MOST_RUNS = 64;

    private final LaneParts parts;

    /** The numbers go on where a consumer begins anew, as the identifier of its run stays. */
    @GuardedBy("this")
    private final Map<String, List<Lane>> runs = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<Lane>> eldest) {
            return size() > MOST_RUNS;
        }
    };

    private static final class Lane {
        private long next;
        private final NumberRanges voided = new NumberRanges();
    }

    public LaneNumbers(LaneParts parts) {
        this.parts = parts;
    }

    /**
     * The parts of a page, or of the page that reports the end one for each lane.
     *
     * @throws IllegalStateException if no run has read it
     */
    public synchronized List<PageData> number(PageData page) {
        PageStamp stamp = PageStamp.of(page);
        if (stamp == null) {
            throw new IllegalStateException(page + " is of no run: only pages of a rump: consumer go in lanes");
        }
        List<Lane> lanes = lanes(stamp);
        List<PageData> numbered = new ArrayList<>();
        if (page.origin().last()) {
            for (int i = 0; i < lanes.size(); i++) {
                numbered.add(PageData.end(page.database(), end(stamp, i, lanes.get(i))));
            }
            return numbered;
        }
        for (LaneParts.Part part : parts.of(page)) {
            numbered.add(page.select(part.keys()).stamped(stamp.in(place(part.lane(), lanes.get(part.lane()).next++))));
        }
        return numbered;
    }

    private PageStamp end(PageStamp stamp, int number, Lane lane) {
        RemoteEnd end = Objects.requireNonNullElse(stamp.end(), RemoteEnd.UNKNOWN);
        return stamp.in(place(number, lane.next))
                .with(new RemoteEnd(end.state(), end.cause(), lane.voided.ranges(), end.isHere()));
    }

    /** Number of the lane of a page that was given one. */
    public static int lane(PageData page) {
        return Objects.requireNonNull(
                        Objects.requireNonNull(page.origin().stamp()).lane())
                .number();
    }

    private PageLane place(int lane, long sequence) {
        return new PageLane(lane, parts.lanes(), sequence);
    }

    /** Gives up pages of {@link #number}: the transport has not taken them, or that is not known. */
    public synchronized void giveUp(List<PageData> numbered) {
        for (PageData page : numbered) {
            PageStamp stamp = Objects.requireNonNull(page.origin().stamp());
            PageLane place = Objects.requireNonNull(stamp.lane());
            if (!page.origin().last()) {
                lanes(stamp).get(place.number()).voided.add(place.sequence());
            }
        }
    }

    private List<Lane> lanes(PageStamp stamp) {
        return runs.computeIfAbsent(stamp.run(), none -> IntStream.range(0, parts.lanes())
                .mapToObj(i -> new Lane())
                .toList());
    }
}
