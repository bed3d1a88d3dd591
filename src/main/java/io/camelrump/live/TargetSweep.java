package io.camelrump.live;

import io.camelrump.keys.MassDeletionGuard;
import io.camelrump.keys.ReverseMapping;
import io.camelrump.keys.TargetNameIndex;
import io.camelrump.redis.KeyList;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.Participant;
import io.camelrump.run.TargetNames;
import io.camelrump.source.PageSource;
import io.camelrump.values.TemporaryKeys;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every key of the targets up at the source, and marks those that are gone there as changed: they are then read,
 * and deleted, on the road that all keys take.
 *
 * <p>It goes through the targets twice, and counts at first: many keys gone at once look like a source that lost its
 * data.
 */
final class TargetSweep {
    private static final Logger LOG = LoggerFactory.getLogger(TargetSweep.class);
    /** Names that are looked up only while fewer wait to be read. */
    private static final long MOST_WAITING = 10_000;

    private record Place(Participant target, int database) {}

    private final PageSource source;
    private final ReverseMapping origins;
    private final ChangeLog changes;
    private final List<Participant> targets;
    private final Deque<Place> left = new ArrayDeque<>();
    private TargetNames.@Nullable Position position;
    /** Losses of many keys before it began, which it judges. */
    private final long losses;

    private boolean counting;
    /** In the places that are done. */
    private long names;

    private long gone;
    /** In the present place. */
    private long namesHere;

    private long goneHere;

    /** Keys that are gone, but for those whose deletes are in progress. */
    private long lost;

    private long lostHere;

    /** @param anyNumber whether keys are deleted however many they are */
    TargetSweep(
            PageSource source,
            ReverseMapping origins,
            ChangeLog changes,
            List<Participant> targets,
            boolean anyNumber) {
        this.source = source;
        this.origins = origins;
        this.changes = changes;
        this.targets = targets;
        this.counting = !anyNumber;
        this.losses = changes.deletes().losses();
        if (anyNumber) {
            changes.deletes().passed(losses);
        }
        begin();
    }

    private void begin() {
        for (Participant target : targets) {
            target.ownDatabases().forEach(database -> left.add(new Place(target, database)));
        }
    }

    /** Looks up the names of one SCAN; false when all were looked up. */
    boolean step() throws InterruptedException {
        Place place = left.peek();
        if (place == null) {
            return counting && nextPass();
        }
        if (changes.status().waiting() > MOST_WAITING) {
            return true;
        }
        TargetNames.Position from = position == null ? TargetNames.Position.beginning(place.database()) : position;
        TargetNames found = place.target().names(from);
        if (found == null) {
            // it cannot be asked now
            return true;
        }
        KeyList given = TemporaryKeys.without(found.keys());
        List<TargetNameIndex.Source> absent = source.absent(given, place.database());
        namesHere = found.isAnew() ? 0 : namesHere + given.size();
        goneHere = found.isAnew() ? 0 : goneHere + absent.size();
        lostHere = found.isAnew() ? 0 : lostHere + lost(absent);
        if (!counting) {
            absent.forEach(key -> changes.mark(key.key()));
        }
        position = found.next();
        if (position == null) {
            left.remove();
            names += namesHere;
            gone += goneHere;
            lost += lostHere;
            namesHere = 0;
            goneHere = 0;
            lostHere = 0;
        }
        return counting || !left.isEmpty();
    }

    /**
     * How many of these keys of the source count as lost. A delete that was reported, and is in progress, is the doing
     * of whoever uses the source; but where a loss must be judged, a key that the run itself wants to read again
     * counts, and where the server may have lost its data, each key that is gone.
     */
    private long lost(List<TargetNameIndex.Source> absent) {
        if (changes.deletes().countsReported()) {
            return absent.size();
        }
        boolean judging = !changes.deletes().isOpen();
        return absent.stream()
                .filter(key -> !changes.isUnderWay(key.key(), judging))
                .count();
    }

    private boolean nextPass() throws InterruptedException {
        counting = false;
        String objection = lost == 0 ? null : MassDeletionGuard.objection(lost, names, source.size());
        if (objection != null) {
            LOG.warn("{}", objection);
            changes.deletes().hold(lost);
        } else {
            changes.deletes().passed(losses);
        }
        if (gone == 0 || objection != null) {
            return false;
        }
        begin();
        return true;
    }
}
