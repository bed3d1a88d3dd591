package io.camelrump.run;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A key that was not found equal since it was taken to be read. Guarded by {@link Verification}. */
final class UnverifiedKey {
    private long number;

    private long takenAt;
    /** Databases of the source that it was read from, each under this number. */
    private int databases;
    /** How often a target had another value since the source reported a change. */
    private int tries;
    /** Where it was found equal; null where that is nowhere. */
    private @Nullable Set<String> places;

    /** Report about what others did to the key at a target since its last reading began. */
    private Foreign foreign = Foreign.NONE;
    /** Number of the last reading when it was reported that they did. */
    private long foreignAt;

    /** Act of others upon a key, as a target reports it. */
    enum Foreign {
        NONE,
        /** The key was deleted, or has expired. */
        GONE,
        WRITTEN
    }

    UnverifiedKey(long number, int databases) {
        this.number = number;
        this.databases = databases;
    }

    /** Number of its last reading. */
    long number() {
        return number;
    }

    /** Begins anew, as the key is read again from this number of databases. */
    void read(long as, int from) {
        number = as;
        databases = from;
        places = null;
        foreign = Foreign.NONE;
    }

    /** Takes note of a report, the last one if there are several. */
    void foreign(Foreign what, long at) {
        foreign = what;
        foreignAt = at;
    }

    Foreign foreign() {
        return foreign;
    }

    /** Takes note that it was taken to be read, by the number of that moment. */
    void taken(long at) {
        takenAt = at;
    }

    /** Number of the last reading when something was heard of it; of its take, where it was not read since. */
    long lastHeard() {
        return Math.max(number == Verification.NOT_READ ? takenAt : number, foreignAt);
    }

    /** Adds a database that the key is read from under the same number. */
    void alsoInOther() {
        databases++;
    }

    /** The source has reported a change. */
    void reported() {
        tries = 0;
    }

    /** A target was found to have another value; returns how often that was so. */
    int differs() {
        return ++tries;
    }

    /** Enters a place where the key was found equal, and returns whether no place is left. */
    boolean found(String place, int targets) {
        int wanted = databases * targets;
        if (wanted == 1) {
            return true;
        }
        places = places == null ? new HashSet<>() : places;
        places.add(place);
        return places.size() == wanted;
    }
}
