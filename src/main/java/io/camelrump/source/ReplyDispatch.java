package io.camelrump.source;

import io.camelrump.Refusal;
import io.camelrump.redis.ReplyException;
import io.camelrump.redis.ScanReply;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.RenameCollisions;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Dispatch of the replies that are due to a page reader, in the order of its requests. */
final class ReplyDispatch {
    private final KeyScan scan;
    private final PageStages stages;
    private final KeyIntake intake;
    private final PipelineQueue pipeline;
    private final PayloadWindow window;
    private final PayloadReader payloads;
    private final ChangeLog changes;
    /** Knows why a name is not free; null if each is. */
    private final @Nullable RenameCollisions collisions;

    private long lastTime = -1;

    ReplyDispatch(
            KeyScan scan,
            PageStages stages,
            KeyIntake intake,
            PipelineQueue pipeline,
            PayloadWindow window,
            PayloadReader payloads,
            ChangeLog changes,
            @Nullable RenameCollisions collisions) {
        this.scan = scan;
        this.stages = stages;
        this.intake = intake;
        this.pipeline = pipeline;
        this.window = window;
        this.payloads = payloads;
        this.changes = changes;
        this.collisions = collisions;
    }

    /** Takes the next reply; false if it was that of a SCAN, or of queries, and brought nothing to read. */
    boolean read() throws IOException {
        if (pipeline.isEmpty()) {
            if (scan.isGiven() || changes.isFollowed()) {
                return false;
            }
            throw new IllegalStateException(
                    "no request was in flight, " + stages.chunks().size() + " chunks, cursor " + scan.cursor());
        }
        byte kind = pipeline.remove();
        try {
            return read(kind);
        } catch (ProtocolException e) {
            throw ReplyException.in(commands(kind), e);
        }
    }

    private String commands(byte kind) {
        return switch (kind) {
            case PipelineQueue.SCAN -> "SCAN";
            case PipelineQueue.SCAN_COST, PipelineQueue.SIZES -> "INFO";
            case PipelineQueue.TIME -> "TIME";
            case PipelineQueue.SELECT -> "SELECT";
            case PipelineQueue.QUERIES -> "TYPE, MEMORY USAGE or PTTL";
            default -> stages.session().features().expiryName() + " or DUMP";
        };
    }

    private boolean read(byte kind) throws IOException {
        return switch (kind) {
            case PipelineQueue.SCAN -> readScan();
            case PipelineQueue.TIME -> {
                readTime();
                yield true;
            }
            case PipelineQueue.SELECT -> {
                stages.session().connection().readSelect();
                yield true;
            }
            case PipelineQueue.QUERIES -> readQueryReplies();
            case PipelineQueue.SIZES -> readSizes();
            case PipelineQueue.SCAN_COST -> {
                scan.count().cost().answered(stages.session().connection().readProbe("INFO"));
                yield true;
            }
            default -> {
                readKey();
                yield true;
            }
        };
    }

    /** Dates no key by a time of day from before a lost connection. */
    void forgetTime() {
        lastTime = -1;
        stages.pages().date(-1, -1);
    }

    private boolean readScan() throws IOException {
        ScanReply reply = ScanReply.read(
                stages.session().connection(), scan.cursor(), scan.count().last());
        if (reply.cut()) {
            scan.askFewer();
            return true;
        }
        reply.tooLong().forEach(stages.unread()::refuse);
        KeyChunk chunk = new KeyChunk(intake.scanned(reply.keys()), scan.database(), scan.cursor());
        scan.answered(reply.cursor());
        return intake.take(chunk);
    }

    private boolean readSizes() throws IOException {
        KeyFilterStage filters = Objects.requireNonNull(stages.filters());
        KeyChunk taken = filters.readForAll(stages.session().connection());
        // else its keys are asked about next
        return taken == null || intake.takeForDump(taken);
    }

    private boolean readQueryReplies() throws IOException {
        KeyFilterStage filters = Objects.requireNonNull(stages.filters());
        KeyChunk taken = filters.read(stages.session().connection());
        if (taken == null) {
            return true;
        }
        UnreadKeys unread = stages.unread();
        unread.filter(filters.takeLeftOut());
        for (byte[] key : filters.takeRefused()) {
            unread.refuse(new Refusal(key, Objects.requireNonNull(collisions).cause(key, taken.database())));
        }
        boolean more = unread.postponeBig(scan.sample(filters.takeBig()), taken, changes);
        if (filters.hasFollowed()) {
            KeyChunk followed = taken.onlyIfThere(filters.takeFollowed());
            more |= intake.takeForDump(followed);
            more |= unread.postponeBig(filters.takeFollowedBig(), followed, changes);
        }
        return intake.takeForDump(taken) || more;
    }

    private void readTime() throws IOException {
        SourceSession session = stages.session();
        long now = session.clock().microsOr(session.connection().in().reply());
        stages.pages().date(lastTime, now);
        lastTime = now;
        stages.closeIfFull();
    }

    private void readKey() throws IOException {
        KeyChunk chunk = stages.chunks().element();
        window.answered(chunk.sizeOfNext());
        payloads.read(chunk, stages.session(), scan.scope());
        stages.closeIfFull();
    }
}
