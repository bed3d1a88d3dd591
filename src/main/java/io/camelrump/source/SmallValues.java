package io.camelrump.source;

import io.camelrump.RedisType;
import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.SourceFeatures;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.throttle.TurnPacer;
import io.camelrump.values.ElementReader;
import io.camelrump.values.KeyChangedException;
import io.camelrump.values.KeyElsewhereException;
import io.camelrump.values.KeyPart;
import io.camelrump.values.KeyUnreadableException;
import io.camelrump.values.KeyWatch;
import io.camelrump.values.PartLimit;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Small values that are read by commands, many to a page; they outlive the connection. */
final class SmallValues {
    private static final int MOST_KEYS = 1_000;

    private final PartKeys keys;
    private final PartReader.Mode mode;
    private final TurnPacer turns;
    private final PartLimit limit;
    private final String run = UUID.randomUUID().toString();
    private long copies;
    private PartPage page = new PartPage();
    private OversizeDumps dumps = OversizeDumps.none();
    private @Nullable KeyWatch watch;

    SmallValues(PartKeys keys, PartReader.Mode mode, TurnPacer turns) {
        this.keys = keys;
        this.turns = turns;
        this.limit = new PartLimit(ElementReader.PART_BYTES, turns::longest);
        this.mode = mode;
    }

    /** Selects the keys that are dumped all the same; without it none are. */
    void dumpBy(OversizeDumps some) {
        dumps = some;
    }

    boolean isEmpty() {
        return page.size() == 0;
    }

    boolean isFull() {
        return page.bytes() >= ElementReader.PART_BYTES || page.size() >= MOST_KEYS;
    }

    /** Their page, in place of which another one begins. */
    PageData take(ServerClock clock) {
        PartPage full = page;
        clear();
        return full.build(clock, PageForm.ELEMENTS);
    }

    void clear() {
        page = new PartPage();
    }

    /** The first of this position and those of the SCANs that gave their keys. */
    ScanPosition earliest(KeyScan scan, ScanPosition position) {
        return page.earliest(scan, position);
    }

    /** Reads the current key into the page, and leaves it; or begins the copy of a value that is larger. */
    @Nullable
    BigCopy read(RedisConnection connection, SourceFeatures features, ServerClock clock) throws IOException {
        KeyChunk chunk = keys.current();
        turns.beginAlone();
        try {
            ElementReader value =
                    ElementReader.open(watch(connection, features), features, clock, chunk.nextKey(), limit);
            if (value == null) {
                gone(chunk);
            } else if (!value.isKnown() && (mode.readsValues() || !value.type().equals(RedisType.VECTOR_SET))) {
                // a comparison has commands of its own for vector sets
                keys.dumpAlone(dumps.refusalOfModule(value, chunk));
            } else if (mode.readsValues() && chunk.reading().isSpent(mode.waitsForChanges())) {
                keys.dumpAlone(dumps.refusalOfChanging(value, chunk));
            } else if (mode.readsValues()) {
                return readElements(value, chunk);
            } else {
                addWhole(value, KeyPart.of(value, "", KeyPart.Step.UNREAD, 0, new byte[0]), chunk);
            }
        } catch (KeyChangedException e) {
            keys.readAgain(e, 0);
        } catch (KeyUnreadableException e) {
            keys.refuse(String.valueOf(e.getMessage()));
        } catch (KeyElsewhereException e) {
            keys.stray();
        } finally {
            turns.endAlone();
        }
        return null;
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
    private @Nullable BigCopy readElements(ElementReader value, KeyChunk chunk)
            throws IOException, KeyChangedException, KeyUnreadableException {
        byte[] part = value.whole();
        if (part == null) {
            value.begin();
            part = value.next();
        }
        String name = run + ":" + ++copies;
        if (value.hasNext()) {
            return new BigCopy(value, name, part);
        }
        if (!value.isWhole() && !value.isUnchanged()) {
            keys.readAgain(0);
        } else if (value.isEmpty()) {
            leaveOutEmpty(value, chunk);
        } else {
            addWhole(value, KeyPart.of(value, name, KeyPart.Step.WHOLE, 0, part), chunk);
        }
        return null;
    }

    private void addWhole(ElementReader value, KeyPart part, KeyChunk chunk) {
        page.add(chunk, value, part);
        chunk.skip();
    }

    /** A hash may be there though all its fields have expired: it is as good as gone. */
    void leaveOutEmpty(ElementReader value, KeyChunk chunk) {
        if (value.countsElements()) {
            gone(chunk);
        } else {
            keys.refuse("the source holds it as a " + value.type()
                    + " without a single element, which no command makes; delete it there");
        }
    }

    private void gone(KeyChunk chunk) {
        page.addGone(chunk);
        chunk.skip();
    }
}
