package io.camelrump.source;

import io.camelrump.keys.GivenKeys;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisException;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Given keys in place of a SCAN: they are opened with the first, and closed with the last. */
final class ScannedNames {
    /** Null if keys are scanned. */
    private final @Nullable GivenKeys given;

    private GivenKeys.@Nullable Reading reading;

    ScannedNames(@Nullable GivenKeys given) {
        this.given = given;
    }

    /** Whether some of the keys were read, and others are left. */
    boolean isOpen() {
        return reading != null;
    }

    /** Keys that were read since it was opened. */
    long passed() {
        return reading == null ? 0 : reading.keys();
    }

    KeyList next(int count) {
        try {
            if (reading == null) {
                reading = Objects.requireNonNull(given).open();
            }
            KeyList keys = reading.next(count);
            if (reading.isAtEnd()) {
                close();
            }
            return keys;
        } catch (IOException e) {
            throw RedisException.permanentError(given + " cannot be read: " + ErrorText.words(e));
        }
    }

    void close() {
        GivenKeys.Reading open = reading;
        reading = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // it was only read
            }
        }
    }
}
