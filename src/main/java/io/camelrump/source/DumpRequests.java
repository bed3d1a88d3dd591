package io.camelrump.source;

import io.camelrump.keys.ScanPlan;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RespWriter;
import io.camelrump.redis.SourceFeatures;
import io.camelrump.run.RenameCollisions;
import io.camelrump.throttle.RateLimiter;
import io.camelrump.throttle.TurnPacer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Requests of a page reader: SCAN, the filters' queries, and expiry and DUMP of each key, as far as there is room.
 *
 * <p>Below 7.0, where a server reports remaining times only, TIME goes around the keys to date them.
 */
final class DumpRequests {
    /** Below 7.0 TIME is asked for after this many expected bytes, to date the PTTLs between. */
    private static final int BYTES_BETWEEN_TIMES = 256 * 1024;

    private final ScanPlan plan;
    private final KeyScan scan;
    private final PageStages stages;
    private final KeyIntake intake;
    private final PipelineQueue pipeline;
    private final PayloadWindow window;
    private final RateLimiter pace;
    private final TurnPacer turns;
    private final ChangedKeys changed;
    /** Knows why a name is not free; null if each is. */
    private final @Nullable RenameCollisions collisions;

    private long bytesSinceTime;
    /** Whether the scan has the next turn, where keys that changed wait too. */
    private boolean scansNext;

    DumpRequests(
            ScanPlan plan,
            KeyScan scan,
            PageStages stages,
            KeyIntake intake,
            PipelineQueue pipeline,
            PayloadWindow window,
            RateLimiter pace,
            TurnPacer turns,
            ChangedKeys changed,
            @Nullable RenameCollisions collisions) {
        this.plan = plan;
        this.scan = scan;
        this.stages = stages;
        this.intake = intake;
        this.pipeline = pipeline;
        this.window = window;
        this.pace = pace;
        this.turns = turns;
        this.changed = changed;
        this.collisions = collisions;
    }

    /** Sends what there is room for; where the source works for others too, in turns. */
    void ask() throws IOException {
        pace.open();
        turns.answered(pipeline.lastAnswered(), window.payloadsSeen(), window.bytesSeen());
        while (askTurn() && turns.isBounded()) {
            // the next turn, if its time has come
        }
    }

    /** Sends one turn; false if there was nothing to send, or no time for it yet. */
    private boolean askTurn() throws IOException {
        boolean wantsScan = (scan.isReady() || !changed.isEmpty())
                && stages.isRoomAhead()
                && (plan.source().isValues() || pace.isOpen());
        KeyFilterStage filters = stages.filters();
        KeyChunk newest = stages.chunks().peekLast();
        boolean wantsQueries = filters != null && filters.hasUnasked();
        if (!wantsScan && (newest == null || !newest.hasUnasked()) && !wantsQueries) {
            return false;
        }
        RedisConnection connection = stages.session().connection();
        if (!turns.begin(connection.in().hasBuffered())) {
            return false;
        }
        RespWriter out = connection.out();
        boolean asked = false;
        if (wantsScan && askForKeys(out) && turns.isBounded()) {
            turns.scanned(scan.count().last(), pipeline.lastRequest());
            return true;
        }
        if (window.isOpen() && pace.room(2 * pipeline.keys(), window.expected()) > 0) {
            asked = askForPayloads(out);
        }
        if (filters != null) {
            asked |= askFilters(filters, out);
        }
        if (asked) {
            dateKeys(out);
            out.flush();
            turns.sent(pipeline.lastRequest());
        }
        return asked;
    }

    // --- keys ---

    /**
     * Takes turns, so that neither the scan nor a stream of changes waits for the other.
     *
     * @return whether a SCAN was sent
     */
    private boolean askForKeys(RespWriter out) throws IOException {
        if (!changed.isEmpty() && !(scansNext && scan.isReady())) {
            scansNext = true;
            intake.takeChanged(changed, collisions);
            return false;
        }
        scansNext = false;
        if (scan.isGiven()) {
            int database = scan.database();
            intake.take(new KeyChunk(intake.scanned(scan.readGiven()), database, Cursor.START));
            return false;
        }
        select(scan.database(), out);
        long roundTrip = stages.session().clock().roundTripNanos();
        if (scan.count().wantsCost(roundTrip)) {
            out.command(2).arg("INFO").arg("commandstats");
            pipeline.add(PipelineQueue.SCAN_COST);
            scan.count().cost().asked();
        }
        scan.ask(out, roundTrip, pace.scanCount(turns.scanCount()));
        pipeline.add(PipelineQueue.SCAN);
        // it leaves before the DUMPs are spelled: over a distance each page waits for the SCAN of the next one
        out.flush();
        return true;
    }

    private boolean askFilters(KeyFilterStage filters, RespWriter out) throws IOException {
        boolean asked = false;
        for (KeyChunk chunk = filters.unasked(); chunk != null && turns.takesQuery(); chunk = filters.unasked()) {
            if (!asked) {
                dateKeys(out);
            }
            select(chunk.database(), out);
            if (filters.asksForAll(chunk, out)) {
                pipeline.add(PipelineQueue.SIZES);
            } else {
                for (int i = filters.ask(chunk, turns, out); i > 0; i--) {
                    pipeline.add(PipelineQueue.QUERIES);
                }
            }
            asked = true;
        }
        return asked;
    }

    // --- payloads ---

    /** In the order of the keys, as far as there is room. */
    private boolean askForPayloads(RespWriter out) throws IOException {
        int room = pace.room(pipeline.keys(), window.expected());
        boolean asked = false;
        for (KeyChunk chunk : stages.chunks()) {
            while (chunk.hasUnasked()) {
                int size = chunk.sizeOfUnasked();
                if (room == 0 || !window.hasRoom(size) || !turns.takesKey(chunk.expectedOfUnasked(window))) {
                    return asked;
                }
                select(chunk.database(), out);
                askFor(chunk, out);
                asked = true;
                room--;
            }
            dateKeys(out);
        }
        return asked;
    }

    private void askFor(KeyChunk chunk, RespWriter out) throws IOException {
        SourceFeatures features = stages.session().features();
        if (!features.exactExpiry() && (bytesSinceTime >= BYTES_BETWEEN_TIMES || !pipeline.endsWithKey())) {
            askTime(out);
        }
        int size = chunk.sizeOfUnasked();
        int i = chunk.ask();
        window.asked(size);
        pace.asked(1);
        KeyList keys = chunk.keys();
        if (features.usage() != null) {
            SourceFeatures.askUsage(features.usage(), out, keys, i);
        }
        out.raw(features.expiryCommand(), 0, features.expiryCommand().length);
        keys.write(out, i);
        if (chunk.areShortStrings()) {
            ShortStrings.ask(out, keys, i);
        } else {
            if (chunk.isLeftOut(i)) {
                SourceFeatures.writeType(out);
            } else {
                SourceFeatures.writeDump(out);
            }
            keys.write(out, i);
        }
        pipeline.add(PipelineQueue.KEY);
        bytesSinceTime += window.expected(size);
    }

    private void select(int database, RespWriter out) throws IOException {
        RedisConnection connection = stages.session().connection();
        if (database != connection.database()) {
            // a PTTL is dated by the TIME on the same side of it
            dateKeys(out);
            connection.writeSelect(database);
            pipeline.add(PipelineQueue.SELECT);
        }
    }

    /** Asks for the time behind the keys that were requested last, if only their remaining time is reported. */
    private void dateKeys(RespWriter out) throws IOException {
        if (!stages.session().features().exactExpiry() && pipeline.endsWithKey()) {
            askTime(out);
        }
    }

    private void askTime(RespWriter out) throws IOException {
        out.command(1).arg("TIME");
        pipeline.add(PipelineQueue.TIME);
        bytesSinceTime = 0;
    }
}
