package io.camelrump.target;

import io.camelrump.Outcome;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.PayloadFooter;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.RespReader;
import io.camelrump.redis.RespWriter;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.SourceFeatures;
import io.camelrump.redis.TargetFeatures;
import io.camelrump.run.PageData;
import io.camelrump.values.TemporaryKeys;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
public final class ConflictResolver {
    private static final long TEMPORARY_MILLIS = 3_600_000;
    /** Keys looked at in one pipeline. */
    private static final int LOOKED_AT_ONCE = 64;

    private record Conflict(PageSlice slice, int index) {
        PageData page() {
            return slice.page();
        }

        void set(Outcome outcome) {
            slice.set(index, outcome);
        }
    }

    /** A key whose value alone does not decide, with a digest of what the target dumped. */
    private record Undecided(Conflict conflict, byte[] digest) {}

    private final RedisConnection connection;
    private final TargetFeatures features;
    private final @Nullable String copyPrefix;
    private final List<Conflict> found = new ArrayList<>();
    /** Foreign keys that are not to be looked at. */
    private final List<byte[]> kept = new ArrayList<>();

    /**
     * @param copyPrefix of the temporary keys that payloads are restored under; null in a dry run, where a payload that
     *     looks different counts as a foreign value
     */
    public ConflictResolver(RedisConnection connection, TargetFeatures features, @Nullable String copyPrefix) {
        this.connection = connection;
        this.features = features;
        this.copyPrefix = copyPrefix;
    }

    /**
     * Whether two expiries mean the same.
     *
     * @param ours on the target's clock; 0 or less if it has none
     * @param reported as the target reports it: its instant, or below 7.0 what remains
     */
    static boolean isSameExpiry(long ours, long reported, boolean exact, ServerClock clock) {
        if (reported < 0) {
            return ours <= 0 && reported == PageData.NO_EXPIRY;
        }
        return ServerClock.isSameExpiry(ours, exact ? reported : ServerClock.later(reported, clock.nowMillis()));
    }

    void add(PageSlice slice, int i) {
        found.add(new Conflict(slice, i));
    }

    /** The key is foreign, whatever its value is. */
    void keep(PageSlice slice, int i) {
        slice.set(i, Outcome.KEPT);
        kept.add(slice.page().key(i));
    }

    /**
     * Enters an outcome for each conflict: restored if the key is ours, kept if it is foreign. A key that is gone by
     * now stays without one.
     *
     * @return the first foreign key; null if there was none
     */
    byte @Nullable [] resolve(BatchWriter writer) throws IOException {
        for (int from = 0; from < found.size(); from += LOOKED_AT_ONCE) {
            List<Conflict> some = found.subList(from, Math.min(found.size(), from + LOOKED_AT_ONCE));
            List<Undecided> undecided = compare(some, writer);
            if (copyPrefix == null) {
                undecided.forEach(one -> one.conflict().set(Outcome.KEPT));
            } else {
                restoreAndCompare(undecided, writer);
            }
        }
        if (!kept.isEmpty()) {
            return kept.get(0);
        }
        for (Conflict conflict : found) {
            if (conflict.slice().outcome(conflict.index()) == Outcome.KEPT) {
                return conflict.page().key(conflict.index());
            }
        }
        return null;
    }

    /** Decides what value or expiry alone decide; the others come back. */
    private List<Undecided> compare(List<Conflict> conflicts, BatchWriter writer) throws IOException {
        RespWriter out = connection.out();
        String command = SourceFeatures.expiryName(features.exactExpiry());
        for (Conflict conflict : conflicts) {
            byte[] key = conflict.page().key(conflict.index());
            out.command(2).arg(command).arg(key);
            out.command(1).arg("TIME");
            out.command(2).arg("DUMP").arg(key);
        }
        out.flush();
        List<Undecided> undecided = new ArrayList<>();
        for (Conflict conflict : conflicts) {
            Object expiry = connection.in().reply();
            long now = ServerClock.serverMicros(connection.in().reply());
            DumpReply there = DumpReply.read(connection);
            if (expiry instanceof ErrorReply error) {
                throw ErrorText.refusal(connection.address(), command, error);
            }
            long at = SourceFeatures.expiry(command, expiry);
            if (there.isGone()) {
                continue;
            }
            long sent = writer.targetExpiry(conflict.page(), conflict.index());
            long found = at < 0 ? 0 : features.exactExpiry() ? at : at + now / 1000;
            byte[] payload = there.payload();
            if (!ServerClock.isSameExpiry(sent, found) || payload == null) {
                conflict.set(Outcome.KEPT);
            } else if (equalPayload(conflict, payload)) {
                conflict.set(Outcome.RESTORED);
            } else {
                undecided.add(new Undecided(conflict, digest(payload)));
            }
        }
        return undecided;
    }

    private static boolean equalPayload(Conflict conflict, byte[] there) {
        PageData page = conflict.page();
        int offset = page.payloadOffset(conflict.index());
        int length = page.payloadLength(conflict.index());
        return length == there.length
                && Arrays.equals(
                        page.payloads(),
                        offset,
                        offset + length - PayloadFooter.LENGTH,
                        there,
                        0,
                        Math.max(0, there.length - PayloadFooter.LENGTH));
    }

    private void restoreAndCompare(List<Undecided> undecided, BatchWriter writer) throws IOException {
        RespWriter out = connection.out();
        for (int i = 0; i < undecided.size(); i++) {
            Conflict conflict = undecided.get(i).conflict();
            PageData page = conflict.page();
            byte[] temporary = TemporaryKeys.bytes(TemporaryKeys.name(copyPrefix + i, page.key(conflict.index())));
            out.command(2).arg(features.delete()).arg(temporary);
            out.command(4).arg("RESTORE").arg(temporary).arg(TEMPORARY_MILLIS);
            writer.payload(out, page, conflict.index());
            out.command(2).arg("DUMP").arg(temporary);
            out.command(2).arg(features.delete()).arg(temporary);
        }
        out.flush();
        RespReader in = connection.in();
        for (Undecided one : undecided) {
            in.reply();
            Object restored = in.reply();
            byte[] payload = restored instanceof ErrorReply error
                    ? notRestored(error)
                    : DumpReply.read(connection).payload();
            in.reply();
            Conflict conflict = one.conflict();
            if (restored instanceof ErrorReply error
                    && PayloadRefusal.wantsParts(error, conflict.page(), conflict.index())) {
                // such a value is written by commands, and may have been
                conflict.slice().askByParts(conflict.index(), error.text());
            } else {
                boolean same = payload != null && Arrays.equals(digest(payload), one.digest());
                conflict.set(same ? Outcome.RESTORED : Outcome.KEPT);
            }
        }
    }

    /** No payload, where only this one is refused; what concerns all is thrown. */
    private byte @Nullable [] notRestored(ErrorReply error) throws IOException {
        if (error.deniesKey()) {
            throw RedisException.permanentError(
                    connection.address() + " does not let this user write the temporary keys by"
                            + " which values are compared: add the rule ~rump:tmp:* to its ACL.");
        }
        if (error.isTransient()) {
            throw ErrorText.refusal(connection.address(), "RESTORE", error);
        }
        DumpReply.read(connection);
        return null;
    }

    private static byte[] digest(byte[] payload) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(payload);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
