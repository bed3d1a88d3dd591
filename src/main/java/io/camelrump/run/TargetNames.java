package io.camelrump.run;

import io.camelrump.redis.Cursor;
import io.camelrump.redis.CursorTrail;
import io.camelrump.redis.KeyList;
import org.jspecify.annotations.Nullable;

/**
 * Some names of a target's database, as one SCAN call returned them.
 *
 * @param next where the other names are; null if there are none
 */
public record TargetNames(KeyList keys, @Nullable Position next) {
    /**
     * How far a database was listed.
     *
     * @param master cluster node to ask next; empty at the beginning, and on a standalone server
     * @param owners version of the slot ownership at the beginning
     * @param cursors of the scan in progress, of which none may come again
     */
    public record Position(int database, String master, Cursor cursor, int owners, CursorTrail cursors) {
        public static Position beginning(int database) {
            return new Position(database, "", Cursor.START, 0, new CursorTrail("SCAN"));
        }

        /** Where the next names are, after those of this reply. */
        public Position after(Cursor reply, String next, int version) {
            return new Position(database, next, reply, version, cursors);
        }

        boolean isBeginning() {
            return master.isEmpty() && cursor.equals(Cursor.START);
        }
    }

    /** Slots have moved from masters not yet listed to masters already listed: all masters are listed again. */
    public static TargetNames anew(int database) {
        return new TargetNames(KeyList.of(), Position.beginning(database));
    }

    public boolean isAnew() {
        return next != null && next.isBeginning();
    }
}
