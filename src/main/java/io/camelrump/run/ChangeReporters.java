package io.camelrump.run;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Who tells the changes of a source, and since when nothing is known of some of them. Guarded by {@link ChangeGaps}.
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
    boolean tells(Object teller) {
        silentSince.remove(teller);
        return broken.remove(teller);
    }

    /** Says whether it told its changes before. */
    boolean breaksOff(Object teller) {
        return broken.add(teller);
    }

    void dismiss(Object teller) {
        broken.remove(teller);
        silentSince.remove(teller);
    }

    boolean isBroken(Object teller) {
        return broken.contains(teller);
    }

    boolean allTell() {
        return broken.isEmpty();
    }

    /** Nothing is known of a teller's changes since then; -1 if all is. */
    void silentSince(Object teller, long nanos) {
        if (nanos == -1) {
            silentSince.remove(teller);
        } else {
            silentSince.put(teller, nanos);
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
