package io.camelrump.keys;

import io.camelrump.redis.RedisConnection;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells a few keys that were deleted at the source from an address that is wrong, or a source that lost its data. */
public final class MassDeletionGuard {
    private static final long FEW = 100;
    private static final int PERCENT = 10;

    private MassDeletionGuard() {}

    /**
     * Why these keys are not deleted without more words; null if they may be.
     *
     * @param keys that only the target has
     * @param atTarget all keys of the target; -1 where it does not report it
     * @param atSource all keys of the source, estimated in the same way
     */
    public static @Nullable String objection(long keys, long atTarget, long atSource) {
        if (!isSuspicious(keys, atTarget) && atSource != 0) {
            return null;
        }
        return String.format(
                Locale.ROOT,
                "Only the target has %,d of its %s keys%s: that looks like a wrong address, or a source that lost its"
                        + " data, so none of them was deleted. To delete them, set allowMassDelete"
                        + " (--allow-mass-delete).",
                keys,
                atTarget < 0 ? "unknown number of" : String.format(Locale.ROOT, "%,d", atTarget),
                atSource == 0 ? ", and the source has none" : "");
    }

    /** Whether so many of all keys at once are hardly a service's own doing. */
    public static boolean isSuspicious(long keys, long all) {
        return keys > FEW && keys > all * (double) PERCENT / 100;
    }

    /** How many keys these databases hold; -1 where the server does not report it. */
    public static long keys(DatabaseMapping databases, RedisConnection connection) throws IOException {
        List<SourceDatabase> found = databases.find(connection, connection.info());
        return found.stream().anyMatch(database -> database.keys() < 0)
                ? -1
                : found.stream().mapToLong(SourceDatabase::keys).sum();
    }
}
