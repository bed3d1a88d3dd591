package io.camelrump.reading;

import io.camelrump.UsageException;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import java.io.IOException;

/** Why a source is read no further, in words for the end of its run. */
public final class SourceFailure {
    private SourceFailure() {}

    /**
     * The cause in words.
     *
     * @param place of the source as it is shown
     */
    public static String text(ServerAddress source, String place, Throwable cause) {
        if (cause instanceof RedisException) {
            return "Source: " + cause.getMessage();
        }
        if (cause instanceof IOException lost) {
            return "Source: " + ErrorText.failure(source, lost).getMessage();
        }
        return cause instanceof UsageException
                ? String.valueOf(cause.getMessage())
                : "Source: " + place + " cannot be read to its end: " + ErrorText.unexpected(cause) + ".";
    }
}
