package io.camelrump.target;

import io.camelrump.keys.NameHashes;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.CursorTrail;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ScanReply;
import io.camelrump.values.TemporaryKeys;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a target held before a run wrote its first key there, by which its own keys are told from those of the source:
 * one database, or all masters of a cluster together, as keys move between those.
 *
 * <p>Nothing is said of them before each was asked. Any thread may ask.
 */
final class InitialKeys {
    private static final Logger LOG = LoggerFactory.getLogger(InitialKeys.class);
    private static final int NAMES_AT_ONCE = 1_000;

    private final List<Place> places = new CopyOnWriteArrayList<>();
    /**
     * Names that this run has written, by which they are told from those of others in another process; null if too
     * many.
     */
    private volatile @Nullable NameHashes written = new NameHashes();

    /** Keys that one database or one master held. */
    final class Place {
        /** Null until it was asked. */
        private volatile @Nullable Boolean empty;
        /** Null while they are not remembered, or if they are too many. */
        private volatile @Nullable NameHashes names;

        /** Whether the names were read, here or by an earlier run. */
        private volatile boolean asked;

        /** Whether another process has come, of which is not known yet what it holds. */
        private volatile boolean replaced;

        private boolean said;

        boolean isKnown() {
            return empty != null;
        }

        void began(boolean withoutKeys) {
            empty = withoutKeys;
        }

        /** Another process has come in its place, with keys of its own, of this run, or none. */
        void replaced() {
            replaced = true;
        }

        /** Forgets a master without slots: the keys it held went to others. */
        void leave() {
            places.remove(this);
            if (isKnown() && !places.isEmpty()) {
                places.get(0).inherit(this);
            }
        }

        private void inherit(Place other) {
            NameHashes ours = names;
            NameHashes theirs = other.names;
            boolean fit = ours != null && theirs != null && ours.addAll(theirs);
            empty = Boolean.TRUE.equals(empty) && Boolean.TRUE.equals(other.empty);
            names = fit ? ours : null;
        }

        /**
         * Reads the names, once, where there are some to be told from the source's; no live run has written any yet.
         */
        void remember(RedisConnection target) throws IOException {
            if (replaced) {
                NameHashes found = read(target);
                names = found;
                empty = Boolean.TRUE.equals(empty) && found != null && found.size() == 0;
                asked = true;
                said = false;
                replaced = false;
            }
            if (wereNone()) {
                return;
            }
            if (!asked) {
                names = read(target);
                asked = true;
            }
            if (!said) {
                said = true;
                say(target, names);
            }
        }

        private static void say(RedisConnection target, @Nullable NameHashes found) {
            if (found == null) {
                LOG.warn(
                        "Target {} held keys before, and which of them are its own is not known (names of up to {} keys"
                                + " are remembered, in 1/{} of the heap): deletes will not be followed; add prune=true"
                                + " (--prune)",
                        target.address(),
                        new NameHashes().most(),
                        NameHashes.PART_OF_HEAP);
            } else if (found.size() > 0) {
                LOG.info(
                        "Target {} holds {} keys of its own, which stay until the source writes keys of their names;"
                                + " all"
                                + " other deletes are followed (names of up to {} keys are remembered, in 1/{} of"
                                + " the heap)",
                        target.address(),
                        found.size(),
                        found.most(),
                        NameHashes.PART_OF_HEAP);
            }
        }

        private @Nullable NameHashes read(RedisConnection target) throws IOException {
            NameHashes found = new NameHashes();
            Cursor cursor = Cursor.START;
            CursorTrail trail = new CursorTrail("SCAN");
            do {
                ScanReply reply = ScanReply.of(target, cursor, NAMES_AT_ONCE);
                KeyList keys = TemporaryKeys.without(reply.keys());
                for (int i = 0; i < keys.size(); i++) {
                    if (!isWritten(keys, i) && !found.add(keys.array(), keys.offset(i), keys.length(i))) {
                        return null;
                    }
                }
                cursor = reply.cursor();
                trail.passed(cursor);
            } while (!cursor.isEnd());
            return found;
        }

        /** An earlier run began with these; null if they are not known. */
        void resume(boolean withoutKeys, @Nullable NameHashes before) {
            empty = withoutKeys;
            names = before;
            asked = true;
        }

        /** Names that are not the source's by now; null if they are not known. */
        @Nullable
        NameHashes names() {
            return names;
        }

        boolean wereNone() {
            return InitialKeys.this.wereNone();
        }
    }

    /** Adds one more to be asked. */
    Place expect() {
        Place place = new Place();
        places.add(place);
        return place;
    }

    /** One that joins after the first key was written: what it holds came from the others, with their slots. */
    Place join() {
        Place place = new Place();
        place.resume(wereNone(), new NameHashes());
        places.add(place);
        return place;
    }

    /** Whether there were none, anywhere. */
    boolean wereNone() {
        return places.stream().allMatch(place -> Boolean.TRUE.equals(place.empty));
    }

    /** Whether each name is known that was there. */
    boolean areNamed() {
        return wereNone() || places.stream().allMatch(place -> place.names != null);
    }

    /** Whether a name was there, and is not the source's by now. */
    boolean contain(KeyList keys, int i) {
        for (Place place : places) {
            NameHashes names = place.names;
            if (names != null && names.contains(keys.array(), keys.offset(i), keys.length(i))) {
                return true;
            }
        }
        return false;
    }

    private boolean isWritten(KeyList keys, int i) {
        NameHashes ours = written;
        return ours != null && ours.contains(keys.array(), keys.offset(i), keys.length(i));
    }

    /** Removes a name that the source wrote: it is the source's own from here on. */
    void wrote(KeyList keys, int i) {
        NameHashes ours = written;
        if (ours != null && !ours.add(keys.array(), keys.offset(i), keys.length(i))) {
            written = null;
        }
        for (Place place : places) {
            NameHashes names = place.names;
            if (names != null && names.size() > 0) {
                names.remove(keys.array(), keys.offset(i), keys.length(i));
            }
        }
    }
}
