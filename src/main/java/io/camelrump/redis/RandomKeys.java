package io.camelrump.redis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names of keys, picked at random by the server.
 *
 * <p>A few at first, and no more once one was long: what is asked for is written to the server's memory at once, and a
 * name may have 512 MB.
 */
public final class RandomKeys {
    private static final int LONGEST = 64 * 1024;
    private static final int GROWTH = 10;

    private RandomKeys() {}

    /**
     * Names from the selected database, up to so many, and where the server has no key, or the user may not ask, what
     * it says instead.
     */
    public static List<@Nullable Object> of(RedisConnection connection, int most) throws IOException {
        List<@Nullable Object> keys = new ArrayList<>(most);
        boolean isLong = false;
        for (int next = 1; next > 0 && !isLong; next = Math.min(next * GROWTH, most - keys.size())) {
            for (int i = 0; i < next; i++) {
                connection.out().command(1).arg("RANDOMKEY");
            }
            connection.out().flush();
            for (int i = 0; i < next; i++) {
                Object key = connection.in().replyWithin(LONGEST);
                boolean isTooLong = connection.in().wasCut() || key instanceof ErrorReply error && error.isOversized();
                isLong |= isTooLong;
                keys.add(isTooLong ? null : key);
            }
        }
        keys.forEach(key -> ErrorText.definitive(connection.address(), "RANDOMKEY", key));
        return keys;
    }
}
