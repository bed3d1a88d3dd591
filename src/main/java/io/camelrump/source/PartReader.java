package io.camelrump.source;

import io.camelrump.Refusal;
import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.SourceFeatures;
import io.camelrump.run.BigKeys;
import io.camelrump.run.PageData;
import io.camelrump.run.RetryKeys;
import io.camelrump.throttle.TurnPacer;
import io.camelrump.values.KeyChangedException;
import io.camelrump.values.KeyElsewhereException;
import io.camelrump.values.KeyUnreadableException;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads keys by the commands of their types: those whose payload no target takes, and those that are too big for a
 * DUMP.
 *
 * <p>Small values travel many in a page, a big one as one part in each. What is put together is a snapshot: a key that
 * was changed meanwhile is read from its beginning again, later and later.
 *
 * <p>Survives its connection: after {@link #reconnected} the key that was being read is begun again. Not thread-safe.
 */
public final class PartReader {
    /** How much of a key is read, and for how long. */
    public enum Mode {
        /** Type, expiry and size alone. */
        METADATA,
        /** The value; of a key that keeps changing the payload at last, or it is refused. */
        VALUES,
        /** The value; a key that keeps changing is waited for. */
        LIVE_VALUES;

        boolean readsValues() {
            return this != METADATA;
        }

        boolean waitsForChanges() {
            return this == LIVE_VALUES;
        }
    }

    private final Mode mode;
    private final PartKeys keys;
    private final SmallValues values;
    private final TurnPacer turns;
    private final PartDisconnects disconnects = new PartDisconnects();
    /** Whether replies about a key are due. */
    private boolean asking;

    private BigKeys bigKeys = new BigKeys();
    private @Nullable BigCopy big;
    private @Nullable PageData givenUp;

    /** @param turns of the connection that it will read over */
    public PartReader(DatabaseMapping databases, Mode mode, TurnPacer turns) {
        this.keys = new PartKeys(databases);
        this.values = new SmallValues(keys, mode, turns);
        this.turns = turns;
        this.mode = mode;
    }

    /** Selects the keys that are dumped all the same; without it none are. */
    void dumpBy(OversizeDumps some) {
        values.dumpBy(some);
    }

    /**
     * Hands each key for which the server names another cluster node to {@code strays}, which says whether it is read
     * there. Without this it is refused.
     */
    public void onOtherNode(Predicate<byte[]> strays) {
        keys.onOtherNode(strays);
    }

    /** Takes the books of big keys that will have to be read again. */
    void enterIn(BigKeys books) {
        bigKeys = books;
    }

    public void enqueue(RetryKeys reread) {
        keys.add(reread);
    }

    /** Whether no key is left to be read. */
    public boolean isDone() {
        return keys.isEmpty() && givenUp == null && values.isEmpty();
    }

    /** Whether no key has been read in part. */
    boolean isBetweenKeys() {
        return big == null && givenUp == null && values.isEmpty();
    }

    /** The first of this position and those of the SCANs that gave the keys which are in no page yet. */
    ScanPosition earliest(KeyScan scan, ScanPosition position) {
        return values.earliest(scan, keys.earliest(scan, position));
    }

    /** Begins again what was being read when the connection broke. */
    void reconnected() {
        BigCopy lost = big;
        if (lost != null && lost.parts() > 0) {
            givenUp = giveUp(lost);
        }
        big = null;
        KeyChunk chunk = keys.peek();
        int part = lost == null ? 0 : lost.parts();
        if (asking && chunk != null && disconnects.areAllAt(chunk.nextKey(), part)) {
            keys.refuse("the source repeatedly closes the connection when asked for part " + (part + 1)
                    + " of it; raise its client-output-buffer-limit for normal clients, or its timeout if this host"
                    + " is slow");
        }
        asking = false;
    }

    /** Leaves out the rest of the key whose first part was handed out last. */
    void leaveOut() {
        big = null;
        keys.leaveOut();
    }

    /** Forgets everything, as the scan restarts. */
    void forget() {
        keys.clear();
        asking = false;
        big = null;
        givenUp = null;
        values.clear();
    }

    public List<Refusal> takeRefused() {
        return keys.takeRefused();
    }

    /** Keys, since the last call, that must be read again, as they changed while they were read, or another way. */
    public List<RetryKeys> takePostponed() {
        return keys.takePostponed();
    }

    /** The next page; null if the keys gave none. */
    @Nullable
    public PageData next(RedisConnection connection, SourceFeatures features, ServerClock clock) throws IOException {
        PageData first = givenUp;
        if (first != null) {
            givenUp = null;
            return first;
        }
        try {
            return read(connection, features, clock);
        } catch (RedisException e) {
            // this was an answer
            asking = false;
            throw e;
        }
    }

    private @Nullable PageData read(RedisConnection connection, SourceFeatures features, ServerClock clock)
            throws IOException {
        while (big == null && !values.isFull()) {
            KeyChunk chunk = keys.next();
            if (chunk == null) {
                break;
            }
            asking = true;
            connection.select(chunk.database());
            big = values.read(connection, features, clock);
            asking = false;
        }
        if (values.isEmpty()) {
            if (big == null) {
                return null;
            }
            asking = true;
            connection.select(keys.current().database());
            PageData part = nextPart(big, clock);
            asking = false;
            return part;
        }
        return values.take(clock);
    }

    private PageData nextPart(BigCopy copy, ServerClock clock) throws IOException {
        KeyChunk chunk = keys.current();
        try {
            byte[] elements = copy.next(turns);
            boolean last = !copy.value().hasNext();
            if (last && !copy.value().isUnchanged()) {
                throw KeyChangedException.unseen();
            }
            if (last && copy.value().isEmpty()) {
                PageData notice = giveUp(copy);
                values.leaveOutEmpty(copy.value(), chunk);
                return notice;
            }
            PageData page = copy.page(chunk, clock, elements, last);
            if (last) {
                copy.enterRead(chunk, bigKeys);
                leaveOut();
            }
            return page;
        } catch (KeyChangedException e) {
            PageData notice = giveUp(copy);
            if (mode.waitsForChanges()) {
                copy.enterChanged(chunk, bigKeys);
            }
            keys.readAgain(e, copy.pauseAfterChange());
            return notice;
        } catch (KeyUnreadableException e) {
            PageData notice = giveUp(copy);
            keys.refuse(String.valueOf(e.getMessage()));
            return notice;
        } catch (KeyElsewhereException e) {
            PageData notice = giveUp(copy);
            keys.stray();
            return notice;
        }
    }

    private PageData giveUp(BigCopy copy) {
        big = null;
        return copy.givenUp(keys.current());
    }
}
