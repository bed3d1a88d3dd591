package io.camelrump.target;

import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerInfo;
import io.camelrump.run.SourceIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Finds out whether source and target hold the same data, so that a copy would run in a circle. */
final class CircularCopyCheck {
    private CircularCopyCheck() {}

    /** Why this source must not be copied to this target; null if it may. */
    static @Nullable String check(SourceIdentity source, RedisConnection target, ServerInfo info, boolean dryRun)
            throws IOException {
        boolean sameDatabase = source.databases().meet(target.address().database());
        String from = source.info().runId();
        String to = info.runId();
        String pair = "Source " + source.address() + " and target " + target.address();
        if (from != null && to != null) {
            if (from.equals(to)) {
                return sameDatabase ? pair + " are the same database of one server: name two different ones." : null;
            }
            String replication = source.info().replicationId();
            return replication != null && replication.equals(info.replicationId())
                    ? pair + " are master and replica of one another: replication copies already."
                    : null;
        }
        // a dry run sets no key to look for
        return !dryRun && sameDatabase && seesAKeyOf(source, target)
                ? pair + " hold the same data: a key set at the one was found at the other."
                : null;
    }

    /** Where a server hides who it is: a key that lives for a second at the target is looked up at the source. */
    private static boolean seesAKeyOf(SourceIdentity source, RedisConnection target) throws IOException {
        byte[] key = target.nowhere().getBytes(StandardCharsets.US_ASCII);
        target.probe("SET", key, "", "PX", "1000");
        try {
            return source.probe().holds(key, target.address().database());
        } finally {
            target.call("DEL", key);
        }
    }
}
