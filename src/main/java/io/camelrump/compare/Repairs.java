package io.camelrump.compare;

import io.camelrump.ConflictPolicy;
import io.camelrump.Outcome;
import io.camelrump.redis.CommandPipeline;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.TargetFeatures;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.run.Receipt;
import io.camelrump.target.BatchWriter;
import io.camelrump.target.ConflictResolver;
import io.camelrump.target.PageSlice;
import io.camelrump.target.PayloadVersions;
import io.camelrump.target.RelativeExpiries;
import io.camelrump.target.RestorePolicy;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Writes of a comparison to a target, where they are wanted. */
final class Repairs {
    private final RedisConnection connection;
    private final TargetFeatures features;
    private final ComparePlan plan;
    private final PayloadVersions versions = new PayloadVersions();
    private @Nullable PartRepair parts;

    Repairs(RedisConnection connection, ComparePlan plan) throws IOException {
        this.connection = connection;
        this.features = TargetFeatures.of(connection, false);
        this.plan = plan;
    }

    /** Restores keys again; by the commands of their types where no payload will do. */
    void repair(PageData page, Receipt receipt, PageComparison comparison, ServerClock clock, OriginServer origin)
            throws IOException {
        int[] indexes = comparison.toRepair();
        // what has come under the name of a missing key by now is foreign
        boolean replacesAll = plan.target().getOnConflict() == ConflictPolicy.REPLACE;
        for (boolean replace : new boolean[] {false, true}) {
            int[] some = IntStream.of(indexes)
                    .filter(i -> replace == (replacesAll || !comparison.isMissing(i)))
                    .toArray();
            if (some.length > 0) {
                new Repair(page, receipt, comparison, clock, origin, replace).run(some);
            }
        }
    }

    /** One page of keys, each to be written over another one, or none of them. */
    private final class Repair {
        private final PageData page;
        private final Receipt receipt;
        private final PageComparison comparison;
        private final ServerClock clock;
        private final OriginServer origin;
        private final boolean replace;

        Repair(
                PageData page,
                Receipt receipt,
                PageComparison comparison,
                ServerClock clock,
                OriginServer origin,
                boolean replace) {
            this.page = page;
            this.receipt = receipt;
            this.comparison = comparison;
            this.clock = clock;
            this.origin = origin;
            this.replace = replace;
        }

        void run(int[] indexes) throws IOException {
            if (page.form() != PageForm.PAYLOADS) {
                for (int i : indexes) {
                    copy(i);
                }
                return;
            }
            PageData part = page.select(indexes);
            PageSlice slice = new PageSlice(part, 0, part.size(), new Outcome[part.size()], null);
            versions.learn(part, connection, connection.info());
            BatchWriter writer = new BatchWriter(
                    connection, features, versions, clock, RestorePolicy.ofRepair(plan.target(), replace), false);
            writer.send(List.of(slice));
            ErrorReply transientError =
                    writer.readReplies(List.of(slice), new ConflictResolver(connection, features, ""));
            if (transientError != null) {
                throw ErrorText.refusal(connection.address(), "RESTORE", transientError);
            }
            new RelativeExpiries(connection, features, false).set(List.of(slice), writer);
            for (int n = 0; n < indexes.length; n++) {
                if (slice.isAskedByParts(n)) {
                    copy(indexes[n]);
                } else if (slice.outcome(n) == Outcome.REFUSED) {
                    comparison.notRepaired(indexes[n], slice.cause(n));
                } else {
                    // without an outcome: another one has come, and is looked at
                    comparison.repaired(indexes[n]);
                }
            }
        }

        private void copy(int i) throws IOException {
            PartRepair open = parts;
            if (open == null) {
                open = new PartRepair(connection, features, plan);
                parts = open;
            }
            RedisConnection source = origin.of(receipt, receipt.key(page.place(i)));
            String failure = open.copy(
                    page,
                    i,
                    receipt,
                    source,
                    origin.turns(receipt.run(), source),
                    clock,
                    replace,
                    receipt.run().pages()::signOfLife);
            if (failure == null) {
                comparison.repaired(i);
            } else {
                comparison.notRepaired(i, failure);
            }
        }
    }

    /** Deletes these keys, which only the target has. */
    static void prune(PageData page, int[] indexes, PageComparison comparison, RedisConnection connection) {
        CommandPipeline target = new CommandPipeline(connection);
        String command = target.knows("UNLINK", connection.nowhere()) ? "UNLINK" : "DEL";
        for (int i : indexes) {
            target.ask(command, page.key(i));
        }
        target.send();
        for (int i : indexes) {
            Object reply = target.reply();
            if (reply instanceof ErrorReply error) {
                comparison.notDeleted(i, error.text());
            } else if (Long.valueOf(1).equals(reply)) {
                comparison.deleted(i);
            } else {
                comparison.gone(i);
            }
        }
    }
}
