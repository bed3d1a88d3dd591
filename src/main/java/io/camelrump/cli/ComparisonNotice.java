package io.camelrump.cli;

import io.camelrump.cli.flags.Span;
import io.camelrump.redis.OpenServers;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.TrackingConnection;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says before the first key of a live run that its cutover must compare all keys, and how long that may take. */
final class ComparisonNotice {
    /** Speed of a comparison of small keys by servers that are near. */
    private static final int KEYS_PER_SECOND = 100_000;

    private ComparisonNotice() {}

    /** Null if the run is not live, or if the source reports its changes; a source that is away is met by the run. */
    static @Nullable String of(RunPlan plan, BothSides sides) {
        if (plan.live() == null) {
            return null;
        }
        try {
            OpenServers source = sides.sourceOrNamed();
            return reportsChanges(source) ? null : text(source);
        } catch (IOException | RedisException e) {
            return null;
        }
    }

    private static boolean reportsChanges(OpenServers source) throws IOException {
        for (ServerAddress server : source.addresses()) {
            try (TrackingConnection tracking = TrackingConnection.open(server)) {
                if (tracking == null) {
                    return false;
                }
            }
        }
        return true;
    }

    private static String text(OpenServers source) throws IOException {
        long keys = 0;
        for (RedisConnection server : source.connections()) {
            keys += Math.max(0, server.databaseSize());
        }
        return String.format(
                Locale.ROOT,
                "The source does not report every change, so the cutover will compare all keys while the writers stand"
                        + " still: %,d are there now, which takes %s at %,d keys per second.",
                keys,
                Span.about((double) keys / KEYS_PER_SECOND),
                KEYS_PER_SECOND);
    }
}
