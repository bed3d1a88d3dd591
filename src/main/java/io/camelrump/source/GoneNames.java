package io.camelrump.source;

import io.camelrump.keys.TargetNameIndex;
import io.camelrump.redis.RedisConnection;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.PageData;
import io.camelrump.run.RenameCollisions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * In a live run, looks whether other keys live at the source that get the names of keys which are gone there. Their
 * deletes are not for the target; the others are read again, so that they take the names.
 */
final class GoneNames {
    private final RenameCollisions collisions;
    private final MissingAtSource absence;
    private final ChangeLog changes;

    GoneNames(RenameCollisions collisions, MissingAtSource absence, ChangeLog changes) {
        this.collisions = collisions;
        this.absence = absence;
        this.changes = changes;
    }

    /** Whether another key may get the name of one that is gone; the source need not be asked if not. */
    static boolean areInDoubt(RenameCollisions collisions, PageData page) {
        for (int i = 0; i < page.size(); i++) {
            if (page.isGone(i) && !collisions.rivals(source(page, i)).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Places of the page's keys whose names others get. Nothing may be due on the connection. */
    BitSet passedOn(PageData page, RedisConnection source) throws IOException {
        List<Integer> places = new ArrayList<>();
        List<TargetNameIndex.Source> rivals = new ArrayList<>();
        for (int i = 0; i < page.size(); i++) {
            for (TargetNameIndex.Source rival :
                    page.isGone(i) ? collisions.rivals(source(page, i)) : List.<TargetNameIndex.Source>of()) {
                places.add(i);
                rivals.add(rival);
            }
        }
        source.select(page.database());
        boolean[] absent = absence.areAbsent(rivals);
        BitSet passedOn = new BitSet();
        for (int i = 0; i < absent.length; i++) {
            if (!absent[i]) {
                passedOn.set(places.get(i));
                if (collisions.renames(rivals.get(i).key())) {
                    changes.mark(rivals.get(i).key());
                }
            }
        }
        return passedOn;
    }

    private static TargetNameIndex.Source source(PageData page, int i) {
        return new TargetNameIndex.Source(page.database(), page.key(i));
    }
}
