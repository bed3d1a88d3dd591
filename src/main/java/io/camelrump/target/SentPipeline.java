package io.camelrump.target;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ReplyException;
import io.camelrump.run.PageData;
import io.camelrump.run.Receipt;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One pipeline of RESTOREs: sent, and its replies due on the connection that it was sent on. */
public final class SentPipeline {
    private final RedisConnection connection;
    private final BatchWriter writer;
    /** For pages of parts; null for pages of payloads. */
    private final @Nullable PartWriter parts;

    private final ConflictResolver conflicts;
    private final RelativeExpiries expiries;
    private final List<PageSlice> slices;
    private @Nullable ErrorReply transientError;
    private byte @Nullable [] foreign;

    SentPipeline(
            RedisConnection connection,
            BatchWriter writer,
            @Nullable PartWriter parts,
            ConflictResolver conflicts,
            RelativeExpiries expiries,
            List<PageSlice> slices) {
        this.connection = connection;
        this.writer = writer;
        this.parts = parts;
        this.conflicts = conflicts;
        this.expiries = expiries;
        this.slices = slices;
    }

    RedisConnection connection() {
        return connection;
    }

    BatchWriter writer() {
        return writer;
    }

    List<PageSlice> slices() {
        return slices;
    }

    void send() throws IOException {
        if (parts == null) {
            writer.send(slices);
        }
    }

    /** Reads all replies. While a batch waits for its own, others may be sent, so this needs no other lock. */
    public void readReplies() throws IOException {
        if (parts == null) {
            transientError = writer.readReplies(slices, conflicts);
        } else {
            foreign = parts.write(slices);
            transientError = parts.transientError();
        }
    }

    /** Sets expiries that RESTORE could not set exactly; nothing else may be due on the connection. */
    void setExpiries() throws IOException {
        if (parts == null) {
            expiries.set(slices, writer);
        }
    }

    /** Enters what would become of each key. */
    void sendNothing(DryRun dryRun, boolean replace) throws IOException {
        transientError = dryRun.write(slices, conflicts, writer, replace);
        if (parts != null && transientError == null) {
            foreign = conflicts.resolve(writer);
        }
    }

    /** Whether a page of these would come before one that was sent here already. */
    public boolean isNewerThanAnyOf(List<PageData> pages) {
        for (PageSlice slice : slices) {
            Receipt sent = slice.page().receipt();
            for (PageData page : pages) {
                Receipt receipt = page.receipt();
                if (sent != null
                        && receipt != null
                        && receipt.run() == sent.run()
                        && receipt.sequence() <= sent.sequence()) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Looks at the keys that the target had already; nothing else may be due on the connection.
     *
     * @return the first one that is foreign; null if there was none
     */
    byte @Nullable [] resolveConflicts() throws IOException {
        return parts == null ? conflicts.resolve(writer) : foreign;
    }

    /** Waits until this many replicas have what was written. */
    void awaitReplicas(int replicas, int timeoutMillis) throws IOException {
        Object reply = connection.call("WAIT", Integer.toString(replicas), Integer.toString(timeoutMillis));
        if (reply instanceof ErrorReply error) {
            boolean demoted = error.code().equals("UNBLOCKED") || error.text().contains("replica instances");
            throw demoted
                    ? RedisException.transientError(connection.address() + " said: " + error.text() + ".", null)
                    : ErrorText.refusal(connection.address(), "WAIT", error);
        }
        if (!(reply instanceof Long reached)) {
            throw new ReplyException("WAIT", reply, "a number of replicas");
        }
        if (reached < replicas) {
            throw RedisException.transientError(
                    "Only " + reply + " of " + replicas + " replicas of " + connection.address() + " have the batch.",
                    null);
        }
    }

    /** The first reply that says that the target cannot write now; null if there was none. */
    @Nullable
    ErrorReply transientError() {
        return transientError;
    }
}
