package io.camelrump;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerClock;
import java.io.IOException;
import java.util.List;
import java.util.UUID;

/** What a comparison writes to a target, where that is wanted. */
final class Repairs {
    private final RedisConnection connection;
    private final TargetFeatures features;
    private final boolean keepTtl;
    private final PayloadVersions versions = new PayloadVersions();

    Repairs(RedisConnection connection, boolean keepTtl) throws IOException {
        this.connection = connection;
        this.features = TargetFeatures.of(connection, false);
        this.keepTtl = keepTtl;
    }

    /** Restores again what is to be repaired. */
    void repair(Page page, Verdicts verdicts, ServerClock clock) throws IOException {
        int[] indexes = verdicts.toRepair();
        if (indexes.length == 0) {
            return;
        }
        Page part = page.select(indexes);
        Slice slice = new Slice(part, 0, part.size(), new Outcome[part.size()], null);
        versions.learn(part, connection, connection.info());
        BatchWriter writer = new BatchWriter(connection, features, versions, clock, true, keepTtl, false);
        writer.send(List.of(slice));
        ErrorReply passing = writer.readReplies(List.of(slice), new Conflicts(connection, features, ""));
        if (passing != null) {
            throw ErrorText.refusal(connection.address(), "RESTORE", passing);
        }
        for (int n = 0; n < indexes.length; n++) {
            if (slice.outcome(n) == Outcome.REFUSED || slice.isAskedByParts(n)) {
                verdicts.notRepaired(indexes[n], slice.cause(n));
            } else {
                verdicts.repaired(indexes[n]);
            }
        }
    }

    /** Deletes these keys, which only the target has. */
    static void prune(Page page, int[] indexes, Verdicts verdicts, RedisConnection connection) {
        Questions target = new Questions(connection);
        String command = target.knows("UNLINK", "rump:tmp:" + UUID.randomUUID()) ? "UNLINK" : "DEL";
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
