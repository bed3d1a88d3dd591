package io.camelrump.wire;

import io.camelrump.keys.DatabaseMapping;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.KeyUsage;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.run.PageOrigin;
import io.camelrump.run.PageStamp;
import io.camelrump.run.Reading;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Fields of a page's record, each of them checked. */
final class PageFields {
    private final int flags;
    private final PageForm form;
    private final int epoch;
    private final long sequence;
    private final int database;
    private final int targetDatabase;
    private final long clockOffsetMicros;
    private final int keys;
    private final @Nullable String run;
    private final @Nullable WireLane lane;

    /** @throws IllegalArgumentException if a field has a value that it cannot have */
    PageFields(ByteBuffer fields, @Nullable String run, @Nullable WireLane lane) {
        this.lane = lane;
        flags = fields.get() & 0xff;
        form = form(fields.get());
        epoch = fields.getInt();
        sequence = fields.getLong();
        database = fields.getInt();
        targetDatabase = fields.getInt();
        clockOffsetMicros = fields.getLong();
        keys = fields.getInt();
        this.run = run;
        require((flags & ~PageRecord.FLAGS) == 0, "unknown flags", flags);
        require((flags & PageRecord.IDLE) == 0 || (flags & PageRecord.FREQUENCY) == 0, "two kinds of usage", flags);
        require(epoch >= -1, "epoch", epoch);
        require(sequence >= -1, "sequence number", sequence);
        require(database >= 0, "database", database);
        require(targetDatabase >= DatabaseMapping.AS_PRODUCER_SAYS, "database of the target", targetDatabase);
        require(keys >= 0 && keys <= PageRecord.MOST_KEYS, "number of keys", keys);
    }

    private static PageForm form(byte code) {
        return switch (code) {
            case 0 -> PageForm.PAYLOADS;
            case 1 -> PageForm.ELEMENTS;
            case 2 -> PageForm.PART;
            default -> throw new IllegalArgumentException("form " + (code & 0xff));
        };
    }

    static void require(boolean allowed, String what, long value) {
        if (!allowed) {
            throw new IllegalArgumentException(what + " " + value);
        }
    }

    /** @throws IllegalArgumentException if the columns do not fit the names and payloads */
    PageData page(Columns columns, byte[] names, byte[] payloads) {
        KeyColumns found = KeyColumns.decode(columns, keys, usageKind());
        PageData page = new PageData(
                found.names(names), found.payloads(payloads, form), found.expiries(), origin(found.usage()));
        return targetDatabase == DatabaseMapping.AS_PRODUCER_SAYS ? page : page.to(targetDatabase);
    }

    private KeyUsage.@Nullable Kind usageKind() {
        if ((flags & PageRecord.FREQUENCY) != 0) {
            return KeyUsage.Kind.FREQ;
        }
        return (flags & PageRecord.IDLE) != 0 ? KeyUsage.Kind.IDLETIME : null;
    }

    private PageOrigin origin(@Nullable KeyUsage usage) {
        Reading reading = (flags & PageRecord.ONLY_IF_THERE) == 0 ? Reading.FIRST : Reading.FIRST.onlyThere();
        PageStamp stamp = run == null
                ? null
                : WireLane.put(
                        lane,
                        new PageStamp(
                                run,
                                epoch,
                                sequence,
                                (flags & PageRecord.DELETES) != 0,
                                (flags & PageRecord.SHARED) == 0 ? PageStamp.WHOLE : PageStamp.UNKNOWN,
                                null,
                                null));
        return new PageOrigin(Cursor.START, database, clockOffsetMicros, reading, false, form, usage, stamp);
    }
}
