package io.camelrump.source;

import io.camelrump.redis.CommandPipeline;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.CursorTrail;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks which hashes have a field left that has not expired: until all are removed, which a server does now and then
 * and not at all while its writes are paused, it describes such a hash like any other.
 */
public final class UnexpiredFields {
    private static final int FIELDS_AT_ONCE = 100;

    private UnexpiredFields() {}

    /** The hashes among these, by their places, that have no such field; all have to be at this server. */
    public static List<Integer> without(Map<Integer, byte[]> hashes, CommandPipeline server) {
        List<Integer> without = new ArrayList<>();
        Map<Integer, Cursor> cursors = new LinkedHashMap<>();
        Map<Integer, CursorTrail> trails = new HashMap<>();
        hashes.keySet().forEach(place -> cursors.put(place, Cursor.START));
        while (!cursors.isEmpty()) {
            cursors.forEach(
                    (place, cursor) -> server.ask("HSCAN", hashes.get(place), cursor.bytes(), "COUNT", FIELDS_AT_ONCE));
            server.send();
            for (int place : List.copyOf(cursors.keySet())) {
                List<?> scan = server.listReply();
                boolean scanned = scan.size() == 2 && scan.get(1) instanceof List<?> fields && fields.isEmpty();
                Cursor next = scanned && scan.get(0) instanceof byte[] cursor ? Cursor.of(cursor) : Cursor.START;
                if (!next.isEnd()) {
                    cursors.put(place, next);
                    server.passed(trails.computeIfAbsent(place, first -> new CursorTrail("HSCAN")), next);
                    continue;
                }
                cursors.remove(place);
                if (scanned) {
                    without.add(place);
                }
            }
        }
        return without;
    }
}
