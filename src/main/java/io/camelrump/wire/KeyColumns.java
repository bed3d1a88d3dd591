package io.camelrump.wire;

import static io.camelrump.wire.PageFields.require;

import io.camelrump.redis.KeyList;
import io.camelrump.redis.KeyUsage;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.run.PayloadList;
import io.camelrump.values.PartForm;
import org.jspecify.annotations.Nullable;

/**
 * Numbers about the keys of a page, column by column: the length of each name, what there is of each value, each
 * expiry, and the usage where it travels.
 *
 * @param nameLengths of each key
 * @param payloadLengths of each key; negative where there is no payload, as {@link PayloadList} says it
 * @param expiries of each key
 * @param usage null if it does not travel
 */
record KeyColumns(
        int[] nameLengths,
        int[] payloadLengths,
        long[] expiries,
        @Nullable KeyUsage usage) {
    /** Codes below this one stand for a value that is not there. */
    private static final int FIRST_LENGTH = 3;

    private static final int USUAL_BYTES_A_KEY = 10;

    static Columns encode(PageData page) {
        int keys = page.size();
        Columns columns = Columns.empty(keys * USUAL_BYTES_A_KEY);
        for (int i = 0; i < keys; i++) {
            columns.add(page.keys().length(i));
        }
        for (int i = 0; i < keys; i++) {
            int length = page.payloadLength(i);
            columns.add(length < 0 ? PayloadList.GONE - length : (long) length + FIRST_LENGTH);
        }
        for (int i = 0; i < keys; i++) {
            // none is -1, and takes one byte
            columns.add(page.expiresAtMillis(i) - PageData.NO_EXPIRY);
        }
        KeyUsage usage = page.origin().usage();
        for (int i = 0; usage != null && i < keys; i++) {
            columns.add(Math.max(KeyUsage.UNKNOWN, usage.values()[page.place(i)]) - (long) KeyUsage.UNKNOWN);
        }
        return columns;
    }

    /** @throws IllegalArgumentException if there are other numbers than these keys have */
    static KeyColumns decode(Columns columns, int keys, KeyUsage.@Nullable Kind usageKind) {
        int[] nameLengths = new int[keys];
        for (int i = 0; i < keys; i++) {
            nameLengths[i] = length(columns.next());
        }
        int[] payloadLengths = new int[keys];
        for (int i = 0; i < keys; i++) {
            long code = columns.next();
            payloadLengths[i] =
                    code >= 0 && code < FIRST_LENGTH ? PayloadList.GONE - (int) code : length(code - FIRST_LENGTH);
        }
        long[] expiries = new long[keys];
        for (int i = 0; i < keys; i++) {
            expiries[i] = columns.next() + PageData.NO_EXPIRY;
            require(expiries[i] >= PageData.NO_EXPIRY, "expiry", expiries[i]);
        }
        KeyUsage usage = usageKind == null ? null : new KeyUsage(usageKind, usage(columns, keys));
        require(columns.isRead(), "more columns than keys have, from byte", columns.size());
        return new KeyColumns(nameLengths, payloadLengths, expiries, usage);
    }

    private static int[] usage(Columns columns, int keys) {
        int[] usage = new int[keys];
        for (int i = 0; i < keys; i++) {
            long code = columns.next();
            require(code >= 0 && code <= Integer.MAX_VALUE, "usage", code);
            usage[i] = (int) code + KeyUsage.UNKNOWN;
        }
        return usage;
    }

    private static int length(long length) {
        require(length >= 0 && length <= WireFormat.largestBody(), "length", length);
        return (int) length;
    }

    /** @throws IllegalArgumentException if they are not as long as all names together */
    KeyList names(byte[] names) {
        int[] ends = new int[nameLengths.length];
        long end = 0;
        for (int i = 0; i < ends.length; i++) {
            end += nameLengths[i];
            require(end <= names.length, "names of at least", end);
            ends[i] = (int) end;
        }
        require(end == names.length, "names of", end);
        return KeyList.joined(names, ends);
    }

    /** @throws IllegalArgumentException if they are not as long as all payloads together, or hold no part of a value */
    PayloadList payloads(byte[] payloads, PageForm form) {
        int[] offsets = new int[payloadLengths.length];
        long end = 0;
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = (int) end;
            end += Math.max(0, payloadLengths[i]);
            require(end <= payloads.length, "payloads of at least", end);
            if (form != PageForm.PAYLOADS && payloadLengths[i] >= 0) {
                PartForm.check(payloads, offsets[i], payloadLengths[i]);
            }
        }
        require(end == payloads.length, "payloads of", end);
        return new PayloadList(payloads, offsets, payloadLengths);
    }
}
