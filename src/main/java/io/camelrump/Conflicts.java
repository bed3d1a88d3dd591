package io.camelrump;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RespWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys that the target has already: ours, from a try whose reply was lost or from a second reading, or foreign ones.
 *
 * <p>Ours is what has the value and the expiry that were sent. Payloads of equal values may differ, by the server's
 * version or by the order of a hash table. So where they do, the payload that was sent is restored under a temporary
 * name, and the two are dumped by the same server: what was restored from one payload dumps alike.
 */
final class Conflicts {
    /** Two expiries that were measured on one server's clock are the same if they differ by no more. */
    private static final long SAME_EXPIRY_MILLIS = 50;

    private static final long TEMPORARY_MILLIS = 3_600_000;
    /** RDB version and checksum at the end of a payload. */
    private static final int FOOTER = 10;

    private record Conflict(Slice slice, int index) {
        Page page() {
            return slice.page();
        }
    }

    private final RedisConnection connection;
    private final TargetFeatures features;
    private final @Nullable String temporaryPrefix;
    private final List<Conflict> found = new ArrayList<>();

    /**
     * @param temporaryPrefix of the names that payloads are restored under; null in a dry run, where a payload that looks
     *     different counts as a foreign value
     */
    Conflicts(RedisConnection connection, TargetFeatures features, @Nullable String temporaryPrefix) {
        this.connection = connection;
        this.features = features;
        this.temporaryPrefix = temporaryPrefix;
    }

    void add(Slice slice, int i) {
        found.add(new Conflict(slice, i));
    }

    /**
     * Enters an outcome for each conflict: restored if the key is ours, kept if it is foreign. A key that is gone by
     * now stays without one.
     *
     * @return the first foreign key; null if there was none
     */
    byte @Nullable [] resolve(BatchWriter writer) throws IOException {
        List<Conflict> undecided = new ArrayList<>();
        byte[] foreign = null;
        byte[][] dumps = readDumps(undecided, writer);
        boolean[] same = temporaryPrefix == null ? new boolean[dumps.length] : sameWhenRestored(undecided, dumps);
        for (int i = 0; i < undecided.size(); i++) {
            Conflict conflict = undecided.get(i);
            conflict.slice().set(conflict.index(), same[i] ? Outcome.RESTORED : Outcome.KEPT);
        }
        for (Conflict conflict : found) {
            if (foreign == null && conflict.slice().outcome(conflict.index()) == Outcome.KEPT) {
                foreign = conflict.page().key(conflict.index());
            }
        }
        return foreign;
    }

    /** Decides what value or expiry alone decide; the dumps of the others come back. */
    private byte[][] readDumps(List<Conflict> undecided, BatchWriter writer) throws IOException {
        RespWriter out = connection.out();
        for (Conflict conflict : found) {
            byte[] key = conflict.page().key(conflict.index());
            out.command(2).arg(features.exactExpiry() ? "PEXPIRETIME" : "PTTL").arg(key);
            out.command(1).arg("TIME");
            out.command(2).arg("DUMP").arg(key);
        }
        out.flush();
        List<byte[]> dumps = new ArrayList<>();
        for (Conflict conflict : found) {
            Object expiry = connection.in().reply();
            long now =
                    io.camelrump.redis.ServerClock.serverMicros(connection.in().reply());
            Object dump = connection.in().reply();
            if (expiry instanceof ErrorReply error) {
                throw ErrorText.refusal(connection.address(), features.exactExpiry() ? "PEXPIRETIME" : "PTTL", error);
            }
            if (dump instanceof ErrorReply error) {
                throw ErrorText.refusal(connection.address(), "DUMP", error);
            }
            if (!(dump instanceof byte[] payload) || !(expiry instanceof Long at)) {
                continue;
            }
            long sent = writer.targetExpiry(conflict.page(), conflict.index());
            long there = at < 0 ? 0 : features.exactExpiry() ? at : at + now / 1000;
            boolean sameExpiry = sent == 0 || there == 0 ? sent == there : Math.abs(sent - there) <= SAME_EXPIRY_MILLIS;
            if (!sameExpiry) {
                conflict.slice().set(conflict.index(), Outcome.KEPT);
            } else if (equalPayload(conflict, payload)) {
                conflict.slice().set(conflict.index(), Outcome.RESTORED);
            } else {
                undecided.add(conflict);
                dumps.add(payload);
            }
        }
        return dumps.toArray(byte[][]::new);
    }

    private static boolean equalPayload(Conflict conflict, byte[] there) {
        Page page = conflict.page();
        int offset = page.payloadOffset(conflict.index());
        int length = page.payloadLength(conflict.index());
        return length == there.length
                && Arrays.equals(
                        page.payloads(),
                        offset,
                        offset + length - FOOTER,
                        there,
                        0,
                        Math.max(0, there.length - FOOTER));
    }

    private boolean[] sameWhenRestored(List<Conflict> undecided, byte[][] dumps) throws IOException {
        RespWriter out = connection.out();
        for (int i = 0; i < dumps.length; i++) {
            Conflict conflict = undecided.get(i);
            Page page = conflict.page();
            byte[] temporary = (temporaryPrefix + i).getBytes(StandardCharsets.UTF_8);
            out.command(2).arg(features.delete()).arg(temporary);
            out.command(4).arg("RESTORE").arg(temporary).arg(TEMPORARY_MILLIS);
            out.arg(page.payloads(), page.payloadOffset(conflict.index()), page.payloadLength(conflict.index()));
            out.command(2).arg("DUMP").arg(temporary);
            out.command(2).arg(features.delete()).arg(temporary);
        }
        out.flush();
        boolean[] same = new boolean[dumps.length];
        for (int i = 0; i < dumps.length; i++) {
            connection.in().reply();
            connection.in().reply();
            same[i] = connection.in().reply() instanceof byte[] dump && Arrays.equals(dump, dumps[i]);
            connection.in().reply();
        }
        return same;
    }
}
