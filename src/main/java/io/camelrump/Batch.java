package io.camelrump;

import java.util.Iterator;
import java.util.List;

/**
 * Pages joined by the aggregator: what one RESTORE pipeline writes.
 *
 * @param pages in the order in which they were read
 */
public record Batch(List<Page> pages) implements Iterable<DumpedKey> {

    public Batch {
        pages = List.copyOf(pages);
    }

    /** Number of keys. */
    public int size() {
        int size = 0;
        for (Page page : pages) {
            size += page.size();
        }
        return size;
    }

    /** Bytes of keys and payloads. */
    public long bytes() {
        long bytes = 0;
        for (Page page : pages) {
            bytes += page.bytes();
        }
        return bytes;
    }

    @Override
    public Iterator<DumpedKey> iterator() {
        return pages.stream()
                .flatMap(page -> java.util.stream.StreamSupport.stream(page.spliterator(), false))
                .iterator();
    }

    /** Counts, never a key. */
    @Override
    public String toString() {
        return "Batch[" + pages.size() + " pages, " + size() + " keys, " + bytes() + " bytes]";
    }
}
