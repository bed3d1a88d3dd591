package io.camelrump.source;

import io.camelrump.keys.GivenKeys;
import io.camelrump.keys.ScanPlan;
import io.camelrump.keys.SourceDatabase;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerInfo;
import io.camelrump.run.Functions;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Content of a source when a scan of it begins.
 *
 * @param keys how many in all, -1 where that is unknown
 * @param functions null if they are not copied from this server
 */
record SourceContent(
        List<SourceDatabase> databases, long keys, @Nullable Functions functions) {

    static SourceContent of(RedisConnection connection, ServerInfo info, ScanPlan plan, ReadScope scope)
            throws IOException {
        List<SourceDatabase> found = plan.databases().find(connection, info);
        GivenKeys given = plan.selection().given();
        if (given != null) {
            long keys = given.count();
            found = found.stream()
                    .map(database -> new SourceDatabase(database.number(), keys))
                    .toList();
        }
        boolean known = found.stream().noneMatch(database -> database.keys() < 0);
        long keys = found.stream().mapToLong(SourceDatabase::keys).sum();
        boolean wantsFunctions = plan.source().isFunctions() && scope.readsFunctions();
        return new SourceContent(
                found,
                known ? Math.min(scope.expected(keys), plan.selection().sample()) : -1,
                wantsFunctions ? Functions.of(connection) : null);
    }
}
