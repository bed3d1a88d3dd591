package io.camelrump.compare;

import io.camelrump.Outcome;
import io.camelrump.Refusal;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.ElementFeatures;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.ServerInfo;
import io.camelrump.redis.SourceFeatures;
import io.camelrump.redis.TargetFeatures;
import io.camelrump.run.PageData;
import io.camelrump.run.Reading;
import io.camelrump.run.Receipt;
import io.camelrump.run.RetryKeys;
import io.camelrump.source.PartReader;
import io.camelrump.target.PageSlice;
import io.camelrump.target.PartWriter;
import io.camelrump.target.RestorePolicy;
import io.camelrump.throttle.TurnPacer;
import io.camelrump.values.CarriedUse;
import io.camelrump.values.ElementWriter;
import io.camelrump.values.TemporaryKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Copies single keys by the commands of their types, from a connection to their source to one to their target. */
final class PartRepair {
    private final RedisConnection target;
    private final TargetFeatures features;
    private final ElementWriter elements;
    private final ComparePlan plan;
    private final TemporaryKeys temporaries = new TemporaryKeys();
    private final CarriedUse use = new CarriedUse();

    PartRepair(RedisConnection target, TargetFeatures features, ComparePlan plan) throws IOException {
        this.target = target;
        this.features = features;
        this.plan = plan;
        this.elements = new ElementWriter(target, ElementFeatures.of(target, false), plan.losses());
    }

    /**
     * Copies one key of a page; what it had at the target goes when the new value is whole.
     *
     * @param turns of the source's connection
     * @param clock of the target
     * @param replace whether what is there under its name may go
     * @param signOfLife called for each part
     * @return why it could not be copied; null if it was
     */
    @Nullable
    String copy(
            PageData page,
            int i,
            Receipt receipt,
            RedisConnection source,
            TurnPacer turns,
            ServerClock clock,
            boolean replace,
            Runnable signOfLife)
            throws IOException {
        int database = receipt.database();
        PartReader reader = new PartReader(DatabaseMapping.of(database, null, null), PartReader.Mode.VALUES, turns);
        List<byte[]> elsewhere = new ArrayList<>();
        reader.onOtherNode(elsewhere::add);
        reader.enqueue(
                RetryKeys.byParts(KeyList.of(receipt.key(page.place(i))), database, Cursor.START, Reading.FIRST));
        ServerInfo info = source.info();
        if (!info.isCluster()) {
            SourceFeatures.leaveUnused(source, info);
        }
        SourceFeatures sourceFeatures = SourceFeatures.ofWatching(source, null);
        ServerClock sourceClock = ServerClock.measure(source);
        String failure = null;
        while (failure == null && !reader.isDone()) {
            PageData part = reader.next(source, sourceFeatures, sourceClock);
            failure = readFailure(reader);
            if (part != null) {
                String written = write(part.withKeys(KeyList.of(page.key(i))), clock, replace);
                failure = failure == null ? written : failure;
            }
            if (!elsewhere.isEmpty()) {
                throw RedisException.redirection(
                        source.address() + " redirects a key whose slot it owned to another node.");
            }
            signOfLife.run();
        }
        discard();
        return failure;
    }

    private static @Nullable String readFailure(PartReader reader) {
        List<Refusal> refused = reader.takeRefused();
        if (!refused.isEmpty()) {
            return refused.get(0).cause();
        }
        return reader.takePostponed().isEmpty() ? null : "it changed while it was read";
    }

    private @Nullable String write(PageData part, ServerClock clock, boolean replace) throws IOException {
        PageSlice slice = new PageSlice(part, 0, 1, new Outcome[1], null);
        RestorePolicy policy = RestorePolicy.ofRepair(plan.target(), replace);
        PartWriter writer = new PartWriter(target, features, elements, clock, policy, temporaries, use);
        writer.write(List.of(slice));
        if (writer.transientError() != null) {
            throw ErrorText.refusal(target.address(), "EXEC", writer.transientError());
        }
        return slice.outcome(0) == Outcome.REFUSED || slice.isReadAgain(0) ? slice.cause(0) : null;
    }

    /** Removes the temporary key of a key that was given up. */
    private void discard() throws IOException {
        for (String name : temporaries.underWay()) {
            target.call(features.delete(), TemporaryKeys.bytes(name));
            temporaries.end(name);
        }
    }
}
