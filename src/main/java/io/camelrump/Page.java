package io.camelrump;

import io.camelrump.run.PageData;
import java.util.Iterator;
import java.util.stream.IntStream;

/**
 * What one poll read: the keys of one SCAN call, or a part of them, with their DUMP payloads and expiries.
 *
 * <p>The message body between source and target. Immutable, and never reused, so a route may keep it, copy it to
 * several branches, or hand it to a thread of its own.
 */
public final class Page implements Iterable<DumpedKey> {
    /** Expiry of a key that has none. */
    public static final long NO_EXPIRY = PageData.NO_EXPIRY;

    private final PageData data;

    Page(PageData data) {
        this.data = data;
    }

    PageData data() {
        return data;
    }

    /** Number of keys. */
    public int size() {
        return data.size();
    }

    /** Bytes of its keys and payloads. */
    public long bytes() {
        return data.bytes();
    }

    /** The SCAN cursor that gave this page; a number, unless the source is no Redis or Valkey. */
    public String cursor() {
        return data.origin().cursor().toString();
    }

    /** Number of the database it was read from. */
    public int database() {
        return data.database();
    }

    /** Whether it only says that the scan is over; such a page has no keys. */
    public boolean isLast() {
        return data.origin().last();
    }

    /**
     * One of its keys.
     *
     * @param index from 0 to {@link #size} - 1
     * @throws IndexOutOfBoundsException if there is none
     */
    public DumpedKey get(int index) {
        if (index < 0 || index >= size()) {
            throw new IndexOutOfBoundsException("page of " + size() + " keys has no key " + index);
        }
        return new DumpedKey(data, index);
    }

    @Override
    public Iterator<DumpedKey> iterator() {
        return IntStream.range(0, size()).mapToObj(this::get).iterator();
    }

    /** Count, bytes and cursor, never a key. */
    @Override
    public String toString() {
        return data.toString();
    }
}
