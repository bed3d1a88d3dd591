package io.camelrump;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerClock;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a comparison writes to a target, where that is wanted. */
final class Repairs {
    private final RedisConnection connection;
    private final TargetFeatures features;
    private final boolean keepTtl;
    private final PayloadVersions versions = new PayloadVersions();
    private @Nullable PartsRepair parts;

    Repairs(RedisConnection connection, boolean keepTtl) throws IOException {
        this.connection = connection;
        this.features = TargetFeatures.of(connection, false);
        this.keepTtl = keepTtl;
    }

    /** Restores again what is to be repaired; what no payload can bring, by the commands of its type. */
    void repair(Page page, Receipt receipt, Verdicts verdicts, ServerClock clock, PageServer origin)
            throws IOException {
        int[] indexes = verdicts.toRepair();
        if (indexes.length == 0) {
            return;
        }
        if (page.form() != Page.Form.PAYLOADS) {
            for (int i : indexes) {
                copy(page, i, receipt, verdicts, clock, origin);
            }
            return;
        }
        Page part = page.select(indexes);
        Slice slice = new Slice(part, 0, part.size(), new Outcome[part.size()], null);
        versions.learn(part, connection, connection.info());
        BatchWriter writer = new BatchWriter(connection, features, versions, clock, true, keepTtl, false, false);
        writer.send(List.of(slice));
        ErrorReply passing = writer.readReplies(List.of(slice), new Conflicts(connection, features, ""));
        if (passing != null) {
            throw ErrorText.refusal(connection.address(), "RESTORE", passing);
        }
        for (int n = 0; n < indexes.length; n++) {
            if (slice.isAskedByParts(n)) {
                copy(page, indexes[n], receipt, verdicts, clock, origin);
            } else if (slice.outcome(n) == Outcome.REFUSED) {
                verdicts.notRepaired(indexes[n], slice.cause(n));
            } else {
                verdicts.repaired(indexes[n]);
            }
        }
    }

    private void copy(Page page, int i, Receipt receipt, Verdicts verdicts, ServerClock clock, PageServer origin)
            throws IOException {
        PartsRepair open = parts;
        if (open == null) {
            open = new PartsRepair(connection, features, keepTtl);
            parts = open;
        }
        String failure = open.copy(
                page, i, receipt, origin.of(receipt, receipt.key(page.place(i))), clock, receipt.ledger()::signOfLife);
        if (failure == null) {
            verdicts.repaired(i);
        } else {
            verdicts.notRepaired(i, failure);
        }
    }

    /** Deletes these keys, which only the target has. */
    static void prune(Page page, int[] indexes, Verdicts verdicts, RedisConnection connection) {
        Questions target = new Questions(connection);
        String command = target.knows("UNLINK", connection.nowhere()) ? "UNLINK" : "DEL";
        for (int i : indexes) {
            target.ask(command, page.key(i));
        }
        target.send();
        for (int i : indexes) {
            Object reply = target.answer();
            if (reply instanceof ErrorReply error) {
                verdicts.notDeleted(i, error.text());
            } else if (Long.valueOf(1).equals(reply)) {
                verdicts.deleted(i);
            } else {
                verdicts.gone(i);
            }
        }
    }
}
