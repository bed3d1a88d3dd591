package io.camelrump.source;

import io.camelrump.checkpoint.ScanPosition;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Where a scan was at earlier moments, so that it can go back to what was read since one of them. */
final class ScanHistory {
    private static final long BETWEEN_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** Ten minutes back; what is older is read from the beginning. */
    private static final int MOST = 120;

    private record Mark(long nanos, ScanPosition position) {}

    /** The newest one comes first. */
    private final Deque<Mark> marks = new ArrayDeque<>();

    private @Nullable Mark first;
    private boolean partial;

    /** A scan of everything begins: where the one before was means nothing to it. */
    void begin() {
        marks.clear();
        first = null;
        partial = false;
    }

    /** A scan begins that may leave out what the one before has read. */
    void beginPart() {
        begin();
        partial = true;
    }

    /**
     * The scan goes on where an earlier run ended.
     *
     * @param measured where that run was when it measured the clocks last; null if that is not known
     */
    void resume(@Nullable ScanPosition measured) {
        if (measured == null) {
            partial = true;
        } else {
            add(System.nanoTime(), measured);
        }
    }

    boolean isDue(long now) {
        Mark newest = marks.peek();
        return newest == null || now - newest.nanos() >= BETWEEN_NANOS;
    }

    /** @param position everything before it has its outcome */
    void add(long now, ScanPosition position) {
        Mark mark = new Mark(now, position);
        first = first == null ? mark : first;
        marks.addFirst(mark);
        if (marks.size() > MOST) {
            marks.removeLast();
        }
    }

    /** Where the scan was at that moment or before; null if more has to be read again than this scan reads. */
    @Nullable
    ScanPosition at(long nanos) {
        for (Mark mark : marks) {
            if (mark.nanos() - nanos <= 0) {
                return mark.position();
            }
        }
        return first == null || partial ? null : first.position();
    }

    /**
     * Has the scan go back to where it was at that moment, as {@link #at}: where it was later means nothing any more.
     */
    @Nullable
    ScanPosition rewind(long nanos) {
        marks.removeIf(mark -> mark.nanos() - nanos > 0);
        return at(nanos);
    }
}
