package io.camelrump.target;

import io.camelrump.Outcome;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.KeyUsage;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ReplyException;
import io.camelrump.redis.RespReader;
import io.camelrump.redis.RespWriter;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.TargetFeatures;
import io.camelrump.run.PageData;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes slices of pages to one connection in one RESTORE pipeline, and reads the reply to every key.
 *
 * <p>An expiry goes as the instant on the target's clock, so that neither a queue nor a second try makes a key live
 * longer. One whose instant has passed when it arrives is not created by the target, and counts as vanished.
 */
public final class BatchWriter {
    private static final byte[] RESTORE = ascii("$7\r\nRESTORE\r\n");
    private static final byte[] NEVER = ascii("$1\r\n0\r\n");
    private static final byte[] REPLACE = ascii("$7\r\nREPLACE\r\n");
    private static final byte[] ABSTTL = ascii("$6\r\nABSTTL\r\n");

    private final RedisConnection connection;
    private final TargetFeatures features;
    private final PayloadVersions versions;
    private final ServerClock clock;
    private final RestorePolicy policy;
    private final boolean asking;

    /** @param asking whether each command is sent with ASKING, as the slot is still migrating to the node */
    public BatchWriter(
            RedisConnection connection,
            TargetFeatures features,
            PayloadVersions versions,
            ServerClock clock,
            RestorePolicy policy,
            boolean asking) {
        this.connection = connection;
        this.features = features;
        this.versions = versions;
        this.clock = clock;
        this.policy = policy;
        this.asking = asking;
    }

    /** Sends what is due of these slices. Another thread may read the replies to earlier ones meanwhile. */
    public void send(List<PageSlice> slices) throws IOException {
        for (PageSlice slice : slices) {
            for (int i = slice.from(); i < slice.to(); i++) {
                if (slice.isDue(i)) {
                    ask(slice, i);
                }
            }
        }
        connection.out().flush();
    }

    /**
     * Reads the reply to each key that was sent, and enters its outcome.
     *
     * @return the first error that says that the target cannot write now; null if there was none
     * @throws IOException if the connection is lost: what has no outcome may have arrived, or not
     */
    @Nullable
    public ErrorReply readReplies(List<PageSlice> slices, ConflictResolver conflicts) throws IOException {
        ErrorReply transientError = null;
        for (PageSlice slice : slices) {
            for (int i = slice.from(); i < slice.to(); i++) {
                if (slice.isDue(i)) {
                    ErrorReply error = read(slice, i, conflicts);
                    transientError = transientError == null ? error : transientError;
                }
            }
        }
        return transientError;
    }

    private void ask(PageSlice slice, int i) throws IOException {
        PageData page = slice.page();
        if (page.isGone(i)) {
            askToDelete(slice, i);
            return;
        }
        long expiry = targetExpiry(page, i);
        boolean past = expiry > 0 && !features.absoluteTtl() && expiry <= clock.nowMillis();
        if (past && !policy.replace()) {
            slice.set(i, Outcome.VANISHED);
            return;
        }
        boolean delete = past || policy.replace() && !features.replace();
        slice.sent(i, delete, !past);
        asking();
        if (delete) {
            page.keys().write(connection.out().command(2).arg("DEL"), i);
        }
        if (!past) {
            restore(page, i, expiry);
        }
    }

    private void askToDelete(PageSlice slice, int i) throws IOException {
        Deletions.Fate fate = policy.deletions().of(slice.page(), i);
        if (fate == Deletions.Fate.IGNORED) {
            slice.set(i, Deletions.without(slice.page(), i));
            return;
        }
        boolean withheld = fate == Deletions.Fate.WITHHELD;
        if (withheld) {
            slice.withhold(i);
        }
        slice.sent(i, true, false);
        asking();
        slice.page().keys().write(connection.out().command(2).arg(withheld ? "EXISTS" : features.delete()), i);
    }

    /** Every cluster knows REPLACE, so no key takes two commands. */
    private void asking() throws IOException {
        if (asking) {
            connection.out().command(1).arg("ASKING");
        }
    }

    private void restore(PageData page, int i, long expiry) throws IOException {
        RespWriter out = connection.out();
        boolean withReplace = policy.replace() && features.replace();
        boolean absolute = expiry > 0 && features.absoluteTtl();
        KeyUsage usage = features.absoluteTtl() ? page.origin().usage() : null;
        int used = usage == null ? KeyUsage.UNKNOWN : usage.values()[page.place(i)];
        out.command(4 + (withReplace ? 1 : 0) + (absolute ? 1 : 0) + (used < 0 ? 0 : 2));
        out.raw(RESTORE, 0, RESTORE.length);
        page.keys().write(out, i);
        if (expiry == 0) {
            out.raw(NEVER, 0, NEVER.length);
        } else {
            out.arg(absolute ? expiry : Math.max(1, expiry - clock.nowMillis()));
        }
        payload(out, page, i);
        if (withReplace) {
            out.raw(REPLACE, 0, REPLACE.length);
        }
        if (absolute) {
            out.raw(ABSTTL, 0, ABSTTL.length);
        }
        if (usage != null && used >= 0) {
            out.arg(usage.kind().name()).arg(used);
        }
    }

    /** The payload in a form that the target's version takes, where there is one. */
    void payload(RespWriter out, PageData page, int i) throws IOException {
        byte[] footer = versions.footer(page, i);
        int length = page.payloadLength(i);
        if (footer == null) {
            out.arg(page.payloads(), page.payloadOffset(i), length);
        } else {
            out.arg(page.payloads(), page.payloadOffset(i), length - footer.length, footer);
        }
    }

    /** The key's expiry on the target's clock, at least 1; 0 if it has none, as RESTORE says it. */
    long targetExpiry(PageData page, int i) {
        return policy.expiry(page, i, clock);
    }

    private @Nullable ErrorReply read(PageSlice slice, int i, ConflictResolver conflicts) throws IOException {
        try {
            return readReply(slice, i, conflicts);
        } catch (ProtocolException e) {
            throw ReplyException.in(slice.isRestoreSent(i) ? "RESTORE" : features.delete(), e);
        }
    }

    private @Nullable ErrorReply readReply(PageSlice slice, int i, ConflictResolver conflicts) throws IOException {
        RespReader in = connection.in();
        long expiry = targetExpiry(slice.page(), i);
        if (asking && in.reply() instanceof ErrorReply error) {
            throw ErrorText.refusal(connection.address(), "ASKING", error);
        }
        boolean deletes = slice.isDeleteSent(i);
        Object deletion = deletes ? in.reply() : null;
        if (deletes && !(deletion instanceof Long) && !(deletion instanceof ErrorReply)) {
            throw new ReplyException(features.delete(), deletion, "a number of keys");
        }
        if (!slice.isRestoreSent(i)) {
            boolean withheld = slice.isWithheld(i);
            if (deletion instanceof ErrorReply error && (error.isTransient() || !withheld)) {
                return refused(slice, i, error, conflicts);
            }
            // where the user may not ask for it, the key counts as there
            boolean wasThere = Long.valueOf(1).equals(deletion) || deletion instanceof ErrorReply;
            slice.noteThere(i, wasThere);
            boolean deleted = wasThere && !withheld && slice.page().isGone(i);
            slice.set(i, deleted ? Outcome.DELETED : Deletions.without(slice.page(), i));
            return null;
        }
        byte type = in.type();
        if (type == '+') {
            String status = in.otherThanOk();
            if (status != null) {
                throw new ReplyException("RESTORE", (Object) status, "OK or an error");
            }
            slice.set(i, expiry > 0 && isPast(expiry) ? Outcome.VANISHED : Outcome.RESTORED);
            return null;
        }
        if (type != '-') {
            throw ReplyException.of("RESTORE", type, in, "OK or an error");
        }
        return refused(slice, i, new ErrorReply(in.line()), conflicts);
    }

    private @Nullable ErrorReply refused(PageSlice slice, int i, ErrorReply error, ConflictResolver conflicts) {
        if (error.code().equals("BUSYKEY") || error.text().contains("Target key name is busy")) {
            conflicts.add(slice, i);
            return null;
        }
        if (error.isTransient()) {
            if (error.isAsk() && policy.replace()) {
                slice.ask(i, error.node());
            }
            return error;
        }
        if (error.deniesCommand()) {
            throw ErrorText.refusal(connection.address(), "RESTORE", error);
        }
        String cause = ErrorText.refusedKey(error) + PayloadRefusal.explanation(slice.page(), i, error);
        if (PayloadRefusal.wantsParts(error, slice.page(), i)) {
            slice.askByParts(i, cause);
        } else {
            slice.refuse(i, cause);
        }
        return null;
    }

    boolean isPast(long expiry) {
        return expiry <= clock.nowMillis();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
