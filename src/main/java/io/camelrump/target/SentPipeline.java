package io.camelrump.target;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.run.PageData;
import io.camelrump.run.Receipt;
import io.camelrump.run.RunListener;
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
    private final ReadBack readBack;
    private final List<PageSlice> slices;
    private final OwnWrites own;
    private long ownNumber = OwnWrites.NOT_YET;
    private @Nullable ErrorReply transientError;
    private byte @Nullable [] foreign;
    /** WAIT that is due behind the replies; null if none is. */
    private @Nullable ReplicaWait wait;

    private @Nullable RedisException unreplicated;

    /** Whoever measures the batch: nobody, until it is sent. */
    private RunListener listener = RunListener.NONE;

    private long sentAt;
    private long bytes;

    SentPipeline(
            RedisConnection connection,
            BatchWriter writer,
            @Nullable PartWriter parts,
            ConflictResolver conflicts,
            RelativeExpiries expiries,
            ReadBack readBack,
            List<PageSlice> slices,
            OwnWrites own) {
        this.connection = connection;
        this.writer = writer;
        this.parts = parts;
        this.conflicts = conflicts;
        this.expiries = expiries;
        this.readBack = readBack;
        this.slices = slices;
        this.own = own;
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
        listener = listener();
        sentAt = isMeasured() ? System.nanoTime() : 0;
        ownNumber = own.sending(slices);
        boolean sent = false;
        try {
            long before = connection.bytesSent();
            if (parts == null) {
                writer.send(slices);
            }
            bytes = connection.bytesSent() - before;
            sent = true;
        } finally {
            if (!sent) {
                settled();
            }
        }
    }

    /** Sends the batch with a WAIT behind it: {@link #unreplicated} says what became of that. */
    void send(ReplicaWait behind) throws IOException {
        send();
        readBack.sendBehind(slices);
        behind.send(connection);
        wait = behind;
    }

    /** Reads all replies. While a batch waits for its own, others may be sent, so this needs no other lock. */
    public void readReplies() throws IOException {
        if (parts == null) {
            transientError = writer.readReplies(slices, conflicts);
            if (wait != null) {
                readBack.read();
                unreplicated = wait.read(connection);
            }
        } else {
            long before = connection.bytesSent();
            foreign = parts.write(slices);
            bytes = connection.bytesSent() - before;
            transientError = parts.transientError();
        }
        if (isMeasured()) {
            measure();
        }
    }

    /** The listener of the first page's run: few batches have pages of several. */
    private RunListener listener() {
        Receipt receipt = slices.isEmpty() ? null : slices.get(0).page().receipt();
        return receipt == null ? RunListener.NONE : receipt.run().report().measured();
    }

    private boolean isMeasured() {
        return listener != RunListener.NONE;
    }

    private void measure() {
        long nanos = System.nanoTime() - sentAt;
        int keys = 0;
        for (PageSlice slice : slices) {
            keys += slice.to() - slice.from();
        }
        listener.targetAnswered(connection.address(), nanos, keys, bytes);
    }

    /**
     * Sets expiries that RESTORE could not set exactly, and reads back what was written of changed keys; nothing else
     * may be due on the connection.
     */
    void complete() throws IOException {
        if (parts == null) {
            expiries.set(slices, writer);
            readBack.ask(slices);
        }
    }

    /** Nothing more is written of it. */
    void settled() {
        own.settled(ownNumber);
        ownNumber = OwnWrites.NOT_YET;
    }

    /** Enters which changed keys the target was found to have as they were sent. */
    void enterReadBack(String target) {
        readBack.enter(target, slices);
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

    /** Waits until enough replicas have what was written; nothing else may be due on the connection. */
    void await(ReplicaWait replicas) throws IOException {
        replicas.send(connection);
        RedisException failure = replicas.read(connection);
        if (failure != null) {
            throw failure;
        }
    }

    /** Why too few replicas have what was written; null if enough have, or none has to. */
    @Nullable
    RedisException unreplicated() {
        return unreplicated;
    }

    /** The first reply that says that the target cannot write now; null if there was none. */
    @Nullable
    ErrorReply transientError() {
        return transientError;
    }
}
