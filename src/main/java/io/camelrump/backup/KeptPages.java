package io.camelrump.backup;

import io.camelrump.redis.Cursor;
import io.camelrump.run.InFlightKeys;
import io.camelrump.run.PageData;
import io.camelrump.run.RunPages;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Pages that were handed out and have not arrived yet. A server is asked for single keys once more; a file cannot be,
 * and what comes through a pipe does not come twice.
 *
 * <p>They take no memory beside that of the pages in flight, but for keys that wait to be looked at again.
 */
final class KeptPages {
    private final Map<Cursor, PageData> pages = new HashMap<>();
    private long bytes;

    void keep(PageData page) {
        if (pages.put(page.origin().cursor(), page) == null) {
            bytes += page.bytes();
        }
    }

    /** The page that has the keys that were read at this place; null if it has arrived. */
    @Nullable
    PageData at(Cursor cursor) {
        return pages.get(cursor);
    }

    /**
     * Drops the pages whose keys have their outcome, but for those at these places.
     *
     * @param dropped takes each of them
     */
    void dropSettled(RunPages books, Collection<Cursor> besides, Consumer<PageData> dropped) {
        Set<Cursor> due = new HashSet<>(besides);
        for (InFlightKeys keys : books.keys()) {
            due.add(keys.position().cursor());
        }
        pages.entrySet().removeIf(page -> {
            boolean settled = !due.contains(page.getKey());
            if (settled) {
                bytes -= page.getValue().bytes();
                dropped.accept(page.getValue());
            }
            return settled;
        });
    }

    /** Bytes of keys and payloads in them. */
    long bytes() {
        return bytes;
    }

    void clear() {
        pages.clear();
        bytes = 0;
    }
}
