package io.camelrump.source;

import io.camelrump.RedisType;
import io.camelrump.Refusal;
import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.SourceFeatures;
import io.camelrump.run.PageData;
import io.camelrump.run.Reading;
import io.camelrump.run.RetryKeys;
import io.camelrump.values.ElementReader;
import io.camelrump.values.KeyChangedException;
import io.camelrump.values.KeyElsewhereException;
import io.camelrump.values.KeyPart;
import io.camelrump.values.KeyUnreadableException;
import io.camelrump.values.KeyWatch;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads keys by the commands of their types: those whose payload no target takes, and those that are too big for a DUMP.
 *
 * <p>Small values travel many in a page, a big one as one part in each. What is put together is a snapshot: a key that was
 * changed meanwhile is read from its beginning again, later and later.
 *
 * <p>Survives its connection: after {@link #reconnected} the key that was being read is begun again. Not thread-safe.
 */
public final class PartReader {
    private static final int PART_BYTES = 256 * 1024;
    private static final int MOST_KEYS = 1_000;
    /** A key that changed is read again after so many times as long as its last reading took. */
    private static final int PAUSE_FOR_READING = 3;
    /** Attempts after which it is said that a big key changes all the time. */
    private static final int MANY_ATTEMPTS = 3;

    private static final Logger LOG = LoggerFactory.getLogger(PartReader.class);

    private final DatabaseMapping databases;
    private final boolean patient;
    private final boolean withValues;
    private final String run = UUID.randomUUID().toString();
    private final Deque<KeyChunk> segments = new ArrayDeque<>();
    private final List<Refusal> refused = new ArrayList<>();
    private final List<RetryKeys> postponed = new ArrayList<>();
    private long copies;
    /** Small values that were read, and wait for more; they outlive the connection. */
    private PartPage values = new PartPage();

    private final PartDisconnects cuts = new PartDisconnects();
    /** Whether replies about a key are due. */
    private boolean asking;

    private OversizeDumps dumps = OversizeDumps.none();
    private @Nullable KeyWatch watch;
    private @Nullable BigCopy big;
    private @Nullable PageData giveUp;

    /** Null where the source is no cluster. */
    private @Nullable NodeAssignment node;

    /** A value of several parts under way. */
    private static final class BigCopy {
        private final ElementReader value;
        private final String name;
        private final long begunAt = System.nanoTime();
        /** A part that was read already. */
        private byte @Nullable [] ahead;

        /** Parts that were handed out. */
        private int parts;

        BigCopy(ElementReader value, String name, byte[] ahead) {
            this.value = value;
            this.name = name;
            this.ahead = ahead;
        }

        byte[] next() throws IOException, KeyChangedException, KeyUnreadableException {
            byte[] part = ahead;
            ahead = null;
            return part == null ? value.next() : part;
        }
    }

    /**
     * @param patient whether a key that changes again and again is waited for
     * @param withValues whether values are read, and not type, expiry and size alone
     */
    public PartReader(DatabaseMapping databases, boolean patient, boolean withValues) {
        this.databases = databases;
        this.withValues = withValues;
        this.patient = patient;
    }

    /** Selects the keys that are dumped all the same; without it none are. */
    void dumpBy(OversizeDumps some) {
        dumps = some;
    }

    /** Reads of this node of a cluster. */
    public void of(@Nullable NodeAssignment one) {
        node = one;
    }

    public void enqueue(RetryKeys reread) {
        segments.add(KeyChunk.of(reread));
    }

    /** Whether no key is left to be read. */
    public boolean isDone() {
        return segments.isEmpty() && giveUp == null && values.size() == 0;
    }

    /** Whether no key has been read in part. */
    boolean isBetweenKeys() {
        return big == null && giveUp == null && values.size() == 0;
    }

    /** Where the SCANs began that gave the keys that are not handed out in pages. */
    List<ScanPosition> positions() {
        List<ScanPosition> positions = new ArrayList<>();
        segments.forEach(segment -> positions.add(segment.position()));
        if (values.size() > 0) {
            positions.addAll(values.positions());
        }
        postponed.forEach(keys -> positions.add(new ScanPosition(keys.database(), keys.cursor(), false)));
        return positions;
    }

    /** Begins again what was being read when the connection broke. */
    void reconnected() {
        BigCopy lost = big;
        if (lost != null && lost.parts > 0) {
            giveUp = giveUp(lost);
        }
        big = null;
        KeyChunk segment = segments.peek();
        int part = lost == null ? 0 : lost.parts;
        if (asking && segment != null && cuts.areAllAt(segment.nextKey(), part)) {
            refuse(
                    segment,
                    "the source closes the connection again and again when it is asked for part " + (part + 1)
                            + " of it; raise its client-output-buffer-limit for normal clients, or its timeout if other"
                            + " clients are slow here");
        }
        asking = false;
    }

    /** No more parts are wanted of the key whose first one was handed out last. */
    void leaveOut() {
        big = null;
        segments.element().skip();
    }

    /** Forgets everything, as the scan starts again. */
    void forget() {
        segments.clear();
        refused.clear();
        postponed.clear();
        asking = false;
        big = null;
        giveUp = null;
        values = new PartPage();
    }

    public List<Refusal> takeRefused() {
        List<Refusal> taken = List.copyOf(refused);
        refused.clear();
        return taken;
    }

    /** Keys, since the last call, that must be read again, as they changed while they were read, or another way. */
    public List<RetryKeys> takePostponed() {
        List<RetryKeys> taken = List.copyOf(postponed);
        postponed.clear();
        return taken;
    }

    /** The next page; null if the keys gave none. */
    @Nullable
    public PageData next(RedisConnection connection, SourceFeatures features, ServerClock clock) throws IOException {
        PageData first = giveUp;
        if (first != null) {
            giveUp = null;
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
        while (big == null && values.bytes() < PART_BYTES && values.size() < MOST_KEYS) {
            KeyChunk segment = segments.peek();
            if (segment == null || segment.isRead()) {
                segments.poll();
                break;
            }
            asking = true;
            connection.select(segment.database());
            readValue(connection, features, clock);
            asking = false;
        }
        if (values.size() == 0) {
            if (big == null) {
                return null;
            }
            asking = true;
            connection.select(segments.element().database());
            PageData part = nextPart(big, clock);
            asking = false;
            return part;
        }
        PartPage full = values;
        values = new PartPage();
        return full.build(origin(full.segment(), clock, PageData.Form.ELEMENTS));
    }

    private void readValue(RedisConnection connection, SourceFeatures features, ServerClock clock) throws IOException {
        KeyChunk segment = segments.element();
        byte[] key = segment.nextKey();
        try {
            ElementReader value = ElementReader.open(watch(connection, features), features, clock, key, PART_BYTES);
            if (value == null) {
                gone(segment);
            } else if (!value.isKnown() && (withValues || !value.type().equals(RedisType.VECTOR_SET))) {
                // a comparison has commands of its own for vector sets
                dumpAlone(segment, dumps.refusalOfModule(value, segment));
            } else if (withValues && segment.reading().isSpent(patient)) {
                dumpAlone(segment, dumps.refusalOfChanging(value, segment));
            } else if (withValues) {
                readElements(value, segment);
            } else {
                KeyPart unread = KeyPart.of(value, "", KeyPart.Step.UNREAD, 0, new byte[0]);
                values.add(segment, value, unread);
                segment.skip();
            }
        } catch (KeyChangedException e) {
            readAgain(segment, 0);
        } catch (KeyUnreadableException e) {
            refuse(segment, String.valueOf(e.getMessage()));
        } catch (KeyElsewhereException e) {
            stray(segment);
        }
    }

    /** @param refusal why it is not; null if it is */
    private void dumpAlone(KeyChunk segment, @Nullable String refusal) {
        if (refusal == null) {
            KeyList key = segment.keys().slice(segment.next(), segment.next() + 1);
            postponed.add(RetryKeys.alone(
                    key, segment.database(), segment.cursor(), segment.reading().fresh()));
            segment.skip();
        } else {
            refuse(segment, refusal);
        }
    }

    private KeyWatch watch(RedisConnection connection, SourceFeatures features) {
        KeyWatch used = watch;
        if (used == null || used.source() != connection) {
            used = new KeyWatch(connection, features.watches());
            watch = used;
        }
        return used;
    }

    /** Reads a small value, or the first part of one that is larger. */
    private void readElements(ElementReader value, KeyChunk segment)
            throws IOException, KeyChangedException, KeyUnreadableException {
        byte[] part = value.whole();
        if (part == null) {
            value.begin();
            part = value.next();
        }
        String name = run + ":" + ++copies;
        if (value.hasNext()) {
            big = new BigCopy(value, name, part);
        } else if (!value.isWhole() && !value.isUnchanged()) {
            readAgain(segment, 0);
        } else if (value.isEmpty()) {
            leaveOutEmpty(value, segment);
        } else {
            KeyPart whole = KeyPart.of(value, name, KeyPart.Step.WHOLE, 0, part);
            values.add(segment, value, whole);
            segment.skip();
        }
    }

    /** A hash may be there though all its fields have expired: it is as good as gone. */
    private void leaveOutEmpty(ElementReader value, KeyChunk segment) {
        if (value.countsElements()) {
            gone(segment);
        } else {
            refuse(
                    segment,
                    "the source holds it as a " + value.type()
                            + " without a single element, which no command makes; delete it there");
        }
    }

    private void gone(KeyChunk segment) {
        values.addGone(segment);
        segment.skip();
    }

    private PageData nextPart(BigCopy copy, ServerClock clock) throws IOException {
        KeyChunk segment = segments.element();
        try {
            byte[] elements = copy.next();
            boolean last = !copy.value.hasNext();
            if (last && !copy.value.isUnchanged()) {
                throw new KeyChangedException();
            }
            if (last && copy.value.isEmpty()) {
                PageData news = giveUp(copy);
                leaveOutEmpty(copy.value, segment);
                return news;
            }
            KeyPart.Step step = last ? KeyPart.Step.LAST : copy.parts > 0 ? KeyPart.Step.MIDDLE : KeyPart.Step.FIRST;
            PageData page = part(
                    copy, step, elements, origin(segment, clock, last ? PageData.Form.ELEMENTS : PageData.Form.PART));
            if (last) {
                big = null;
                segment.skip();
            }
            return page;
        } catch (KeyChangedException e) {
            PageData news = giveUp(copy);
            sayThatItChanges(copy, segment);
            readAgain(segment, PAUSE_FOR_READING * (System.nanoTime() - copy.begunAt));
            return news;
        } catch (KeyUnreadableException e) {
            PageData news = giveUp(copy);
            refuse(segment, String.valueOf(e.getMessage()));
            return news;
        } catch (KeyElsewhereException e) {
            PageData news = giveUp(copy);
            stray(segment);
            return news;
        }
    }

    /** The news that nothing more comes of a copy. */
    private PageData giveUp(BigCopy copy) {
        big = null;
        KeyChunk segment = segments.element();
        PageData.Origin origin = origin(segment, ServerClock.unknown(), PageData.Form.PART);
        return part(copy, KeyPart.Step.GIVEN_UP, new byte[0], origin);
    }

    private PageData part(BigCopy copy, KeyPart.Step step, byte[] elements, PageData.Origin origin) {
        PartPage one = new PartPage();
        KeyChunk segment = segments.element();
        KeyPart part = KeyPart.of(copy.value, copy.name, step, copy.parts++, elements);
        one.add(segment, copy.value, part);
        return one.build(origin);
    }

    private static PageData.Origin origin(KeyChunk segment, ServerClock clock, PageData.Form form) {
        long offset = clock.isKnown() ? clock.offsetMicros() : ServerClock.UNKNOWN_OFFSET;
        return new PageData.Origin(segment.cursor(), segment.database(), offset, segment.reading(), false, form, null);
    }

    private void sayThatItChanges(BigCopy copy, KeyChunk segment) {
        if (patient && segment.reading().torn() == MANY_ATTEMPTS) {
            LOG.warn(
                    "{} of about {} bytes changes while it is read, which takes {} s: it is copied when nobody writes to it",
                    Refusal.shorten(segment.nextKey()),
                    copy.value.size(),
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - copy.begunAt) + 1);
        }
    }

    /** @param pause nanoseconds to wait at least */
    private void readAgain(KeyChunk segment, long pause) {
        KeyList keys = segment.keys().slice(segment.next(), segment.next() + 1);
        Reading torn = segment.reading().changedMeanwhile();
        postponed.add(RetryKeys.afterFailure(keys, segment.database(), segment.cursor(), torn, true)
                .after(pause));
        segment.skip();
    }

    private void stray(KeyChunk segment) {
        if (node == null) {
            refuse(segment, "the source is one node of a cluster, and names another one for it");
        } else {
            node.stray(segment.nextKey());
            segment.skip();
        }
    }

    private void refuse(KeyChunk segment, String cause) {
        refused.add(new Refusal(segment.nextKey(), cause + databases.named(segment.database())));
        segment.skip();
    }
}
