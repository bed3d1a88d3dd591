package io.camelrump.source;

import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.redis.NameLimit;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stages of keys between their SCAN and a page, and the session that they are read by.
 *
 * <p>Keys wait for the answers of the filters, if there are any, then for their DUMPs, and then in a page that grows.
 */
final class PageStages {
    /** The keys being read, those being asked for, and those of the next SCAN. */
    private static final int CHUNKS_AHEAD = 3;
    /** The next keys are asked for only while the names of those before take less than this. */
    private static final long NAME_BYTES_AHEAD = Math.min(4L * 1024 * 1024, NameLimit.bytes());

    private final Deque<KeyChunk> chunks = new ArrayDeque<>();
    /** Queries between SCAN and DUMP; null if there are none. */
    private final @Nullable KeyFilterStage filters;

    private final PageAssembler pages;
    private final UnreadKeys unread = new UnreadKeys();
    private final PayloadWindow window;
    private SourceSession session;

    PageStages(@Nullable KeyFilterStage filters, PageAssembler pages, PayloadWindow window, SourceSession session) {
        this.filters = filters;
        this.pages = pages;
        this.window = window;
        this.session = session;
    }

    SourceSession session() {
        return session;
    }

    void session(SourceSession current) {
        session = current;
    }

    /** Keys that are dumped, in their order. */
    Deque<KeyChunk> chunks() {
        return chunks;
    }

    @Nullable
    KeyFilterStage filters() {
        return filters;
    }

    PageAssembler pages() {
        return pages;
    }

    /** Keys that came this far, and get into no page. */
    UnreadKeys unread() {
        return unread;
    }

    boolean isEmpty() {
        return chunks.isEmpty() && !pages.hasWhole() && (filters == null || filters.chunks() == 0);
    }

    /** Whether more keys may be asked for: names take memory too, and may be long. */
    boolean isRoomAhead() {
        long names = nameBytes(chunks) + (filters == null ? 0 : filters.nameBytes());
        return ahead() < CHUNKS_AHEAD && names < NAME_BYTES_AHEAD;
    }

    /** Bytes of the names of all keys of these. */
    static long nameBytes(Collection<KeyChunk> chunks) {
        long bytes = 0;
        for (KeyChunk chunk : chunks) {
            bytes += chunk.keys().byteCount();
        }
        return bytes;
    }

    /** Chunks that are not read yet; those that wait for answers before their DUMPs make room for one more. */
    private int ahead() {
        return chunks.size() + (filters == null ? 0 : filters.chunks() - 1);
    }

    /** The first of this position and those where the SCANs of all these keys began. */
    ScanPosition earliest(KeyScan scan, ScanPosition position) {
        ScanPosition first = position;
        for (KeyChunk chunk : chunks) {
            first = scan.earlier(first, chunk.position());
        }
        first = pages.earliest(scan, first);
        for (KeyChunk chunk : filters == null ? List.<KeyChunk>of() : filters.waiting()) {
            first = scan.earlier(first, chunk.position());
        }
        return unread.earliest(scan, first);
    }

    void closeIfFull() {
        if (pages.closeIfFull()) {
            window.calm();
            dropRead();
        }
    }

    /** Ends the page that grows, as something else is read next. */
    void closePage() {
        if (pages.close()) {
            window.calm();
        }
        dropRead();
    }

    void dropRead() {
        while (!chunks.isEmpty() && chunks.element().isRead()) {
            chunks.remove();
        }
    }

    /** After a lost connection: what was not answered must be asked for again. */
    void unask() {
        chunks.forEach(KeyChunk::unask);
        if (filters != null) {
            filters.unask();
        }
    }

    void clear() {
        if (filters != null) {
            filters.clear();
        }
        chunks.clear();
        pages.clear();
        unread.clear();
    }
}
