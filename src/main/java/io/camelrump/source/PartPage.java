package io.camelrump.source;

import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.KeyUsage;
import io.camelrump.redis.ServerClock;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.run.PageOrigin;
import io.camelrump.run.PayloadList;
import io.camelrump.values.ElementReader;
import io.camelrump.values.KeyPart;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A page of values that were read by commands, while it is filled. */
final class PartPage {
    private final List<byte[]> keys = new ArrayList<>();
    private final List<byte @Nullable []> payloads = new ArrayList<>();
    private final List<Long> expiries = new ArrayList<>();
    private final Set<ScanPosition> positions = new HashSet<>();
    private final List<Integer> uses = new ArrayList<>();
    private KeyUsage.@Nullable Kind kind;
    private int bytes;
    /** Chunk of the key that was added last. */
    private KeyChunk chunk = new KeyChunk(KeyList.of(), 0, Cursor.START);

    /** Adds the chunk's next key. */
    void add(KeyChunk from, ElementReader value, KeyPart part) {
        kind = value.usageKind();
        add(from, part.encode(), value.expiresAtMillis(), value.usage());
    }

    /** Adds the chunk's next key as one that is gone. */
    void addGone(KeyChunk from) {
        add(from, null, PageData.NO_EXPIRY, KeyUsage.UNKNOWN);
    }

    private void add(KeyChunk from, byte @Nullable [] payload, long expiresAtMillis, int usage) {
        chunk = from;
        positions.add(from.position());
        keys.add(from.nextKey());
        uses.add(usage);
        payloads.add(payload);
        expiries.add(expiresAtMillis);
        bytes += payload == null ? 0 : payload.length;
    }

    int size() {
        return keys.size();
    }

    int bytes() {
        return bytes;
    }

    /** The first of this position and those of the SCANs that gave its keys. */
    ScanPosition earliest(KeyScan scan, ScanPosition position) {
        ScanPosition first = position;
        for (ScanPosition other : positions) {
            first = scan.earlier(first, other);
        }
        return first;
    }

    PageData build(ServerClock clock, PageForm form) {
        byte[] all = new byte[bytes];
        int[] offsets = new int[keys.size()];
        int[] lengths = new int[keys.size()];
        int used = 0;
        for (int i = 0; i < lengths.length; i++) {
            byte[] payload = payloads.get(i);
            offsets[i] = used;
            lengths[i] = payload == null ? PayloadList.GONE : payload.length;
            if (payload != null) {
                System.arraycopy(payload, 0, all, used, payload.length);
                used += payload.length;
            }
        }
        return new PageData(
                KeyList.of(keys.toArray(byte[][]::new)),
                new PayloadList(all, offsets, lengths),
                expiries.stream().mapToLong(Long::longValue).toArray(),
                origin(clock, form));
    }

    private PageOrigin origin(ServerClock clock, PageForm form) {
        long offset = clock.isKnown() ? clock.offsetMicros() : ServerClock.UNKNOWN_OFFSET;
        KeyUsage usage = kind == null ? null : new KeyUsage(kind, usageValues());
        return new PageOrigin(chunk.cursor(), chunk.database(), offset, chunk.reading(), form, usage);
    }

    private int[] usageValues() {
        return uses.stream().mapToInt(Integer::intValue).toArray();
    }
}
