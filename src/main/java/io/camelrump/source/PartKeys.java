package io.camelrump.source;

import io.camelrump.Refusal;
import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.ReplyException;
import io.camelrump.run.Reading;
import io.camelrump.run.RetryKeys;
import io.camelrump.values.KeyChangedException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Queue of keys that wait to be read in parts, and what becomes of those that get into no page. */
final class PartKeys {
    /** Readings that a contradiction is taken for a change, by someone whom a watch does not see. */
    private static final int CONTRADICTIONS = 2;

    private final DatabaseMapping databases;
    private final Deque<KeyChunk> chunks = new ArrayDeque<>();
    private final UnreadKeys unread = new UnreadKeys();
    private Predicate<byte[]> otherNode = key -> false;

    PartKeys(DatabaseMapping databases) {
        this.databases = databases;
    }

    void onOtherNode(Predicate<byte[]> strays) {
        otherNode = strays;
    }

    void add(RetryKeys keys) {
        chunks.add(KeyChunk.of(keys));
    }

    boolean isEmpty() {
        return chunks.isEmpty();
    }

    /** Chunk of the key that is read now. */
    KeyChunk current() {
        return chunks.element();
    }

    /** Current key, or null where none is left. */
    @Nullable
    KeyChunk peek() {
        return chunks.peek();
    }

    /** Chunk of the key that is read next; null, and the chunk is gone, where it has no more. */
    @Nullable
    KeyChunk next() {
        KeyChunk chunk = chunks.peek();
        if (chunk == null || chunk.isRead()) {
            chunks.poll();
            return null;
        }
        return chunk;
    }

    /** The first of this position and those of the SCANs that gave these keys. */
    ScanPosition earliest(KeyScan scan, ScanPosition position) {
        ScanPosition first = position;
        for (KeyChunk chunk : chunks) {
            first = scan.earlier(first, chunk.position());
        }
        return unread.earliest(scan, first);
    }

    List<Refusal> takeRefused() {
        return unread.takeRefused();
    }

    List<RetryKeys> takePostponed() {
        return unread.takePostponed();
    }

    void clear() {
        chunks.clear();
        unread.clear();
    }

    // --- what becomes of the current key ---

    void leaveOut() {
        current().skip();
    }

    void refuse(String cause) {
        KeyChunk chunk = current();
        unread.refuse(new Refusal(chunk.nextKey(), cause + databases.named(chunk.database())));
        chunk.skip();
    }

    /**
     * Puts off the current key.
     *
     * @param pause nanoseconds to wait at least
     * @throws ReplyException if the server contradicts itself about the key again and again
     */
    void readAgain(KeyChangedException change, long pause) throws ReplyException {
        ReplyException contradiction = change.contradiction();
        if (contradiction != null && current().reading().torn() >= CONTRADICTIONS) {
            throw contradiction;
        }
        readAgain(pause);
    }

    /** @param pause nanoseconds to wait at least */
    void readAgain(long pause) {
        KeyChunk chunk = current();
        Reading torn = chunk.reading().changedMeanwhile();
        unread.postpone(RetryKeys.afterFailure(key(chunk), chunk.database(), chunk.cursor(), torn, true)
                .after(pause));
        chunk.skip();
    }

    /** @param refusal why it cannot be dumped; null if it can */
    void dumpAlone(@Nullable String refusal) {
        if (refusal != null) {
            refuse(refusal);
            return;
        }
        KeyChunk chunk = current();
        unread.postpone(RetryKeys.alone(
                key(chunk), chunk.database(), chunk.cursor(), chunk.reading().fresh()));
        chunk.skip();
    }

    /** The server names another node for it. */
    void stray() {
        if (otherNode.test(current().nextKey())) {
            leaveOut();
        } else {
            refuse("the source is one node of a cluster, and names another one for it");
        }
    }

    private static KeyList key(KeyChunk chunk) {
        return chunk.keys().slice(chunk.next(), chunk.next() + 1);
    }
}
