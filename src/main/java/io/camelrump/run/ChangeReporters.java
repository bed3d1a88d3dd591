package io.camelrump.run;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Who reports the changes of a source, and since when nothing is known of some of them. Guarded by {@link ChangeGaps}.
 *
 * <p>Times are those of {@link System#nanoTime()}.
 */
final class ChangeReporters {
    private final Map<Object, Long> silentSince = new HashMap<>();
    /** Reporters that have broken off and not resumed. */
    private final Set<Object> broken = new HashSet<>();
    /** Since when changes may have been missed that no scan has found yet; meaningless while {@link #caughtUp}. */
    private long missedSince;

    private boolean caughtUp = true;

    /** Marks that every change is reported from here on; whether that was not so before. */
    boolean resumed(Object reporter) {
        silentSince.remove(reporter);
        return broken.remove(reporter);
    }

    /** Returns whether it reported its changes before. */
    boolean breaksOff(Object reporter) {
        return broken.add(reporter);
    }

    void dismiss(Object reporter) {
        broken.remove(reporter);
        silentSince.remove(reporter);
    }

    boolean isBroken(Object reporter) {
        return broken.contains(reporter);
    }

    boolean allReport() {
        return broken.isEmpty();
    }

    /** Nothing is known of a reporter's changes since then; -1 if all is. */
    void silentSince(Object reporter, long nanos) {
        if (nanos == -1) {
            silentSince.remove(reporter);
        } else {
            silentSince.put(reporter, nanos);
        }
    }

    /** Some changes may have been missed. */
    void missed() {
        if (caughtUp) {
            caughtUp = false;
            missedSince = System.nanoTime();
        }
    }

    /** Marks that a scan has found whatever may have been missed. */
    void caughtUp() {
        caughtUp = true;
    }

    /** The earliest of this moment and those since which something is not known. */
    long earliest(long moment) {
        long since = moment;
        for (long silent : silentSince.values()) {
            since = since - silent < 0 ? since : silent;
        }
        return caughtUp || since - missedSince < 0 ? since : missedSince;
    }
}
