package io.camelrump.source;

import io.camelrump.redis.CommandPipeline;
import java.util.ArrayList;
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
        Map<Integer, Object> cursors = new LinkedHashMap<>();
        hashes.keySet().forEach(place -> cursors.put(place, "0"));
        while (!cursors.isEmpty()) {
            cursors.forEach((place, cursor) -> server.ask("HSCAN", hashes.get(place), cursor, "COUNT", FIELDS_AT_ONCE));
            server.send();
            for (int place : List.copyOf(cursors.keySet())) {
                List<?> scan = server.answers();
                boolean scanned = scan.size() == 2 && scan.get(1) instanceof List<?> fields && fields.isEmpty();
                if (scanned && !CommandPipeline.text(scan.get(0)).equals("0")) {
                    Object before = cursors.put(place, scan.get(0));
                    if (CommandPipeline.text(scan.get(0)).equals(CommandPipeline.text(before))) {
                        throw server.misread("HSCAN", scan);
                    }
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
