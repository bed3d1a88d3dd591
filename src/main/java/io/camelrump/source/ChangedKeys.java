package io.camelrump.source;

import io.camelrump.redis.KeyList;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.Reading;
import io.camelrump.run.RenameCollisions;

/** Keys that changed and wait to be read again: of a whole source, or of one node of a cluster. */
final class ChangedKeys {
    private final ChangeLog changes;

    private final ReadScope scope;

    ChangedKeys(ChangeLog changes, ReadScope scope) {
        this.changes = changes;
        this.scope = scope;
    }

    /** Whether more of them may come. */
    boolean areFollowed() {
        return changes.isFollowed();
    }

    boolean isEmpty() {
        if (scope instanceof NodeAssignment node) {
            return node.changesWaiting() == 0;
        }
        return changes.isEmpty();
    }

    KeyList take(int most) {
        return scope instanceof NodeAssignment node ? node.takeChanged(most) : changes.take(most);
    }

    /** Takes keys that may have changed. */
    KeyList takeSuspects(int most) {
        return scope instanceof NodeAssignment node ? node.takeSuspects(most) : changes.takeSuspects(most);
    }

    /**
     * A reading of keys that were taken here.
     *
     * @param read those whose names pass the filters
     */
    Reading reading(KeyList taken, KeyList read, int databases) {
        return Reading.ofChanged(changes.verification().reading(taken, read, databases));
    }

    /** A reading of keys that may have changed. */
    Reading readingOfSuspects() {
        return Reading.ofSuspects(changes.verification().readingOfSuspects());
    }

    /** Has the keys read again that may get the name of one of these. */
    void markRivals(RenameCollisions collisions, KeyList keys, int database) {
        collisions.markRivals(keys, database, changes);
    }
}
