package io.camelrump;

import io.camelrump.options.ServerOptions;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.RetryWindow;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Waits for servers that are away or not ready before there is a run, as the run itself would. */
public final class ServerWait {
    private ServerWait() {}

    /** Asks servers something. */
    public interface Query<T> {
        T ask() throws IOException, InterruptedException;
    }

    /**
     * Asks until there is an answer.
     *
     * @param address named where it is not known which server failed
     * @param retryFor the option of that name; null for its default
     * @throws io.camelrump.redis.RedisException if no retry can help, or if all were spent
     */
    public static <T> T until(ServerAddress address, @Nullable Duration retryFor, Query<T> query)
            throws InterruptedException {
        Duration most = retryFor == null ? new ServerOptions().getRetryFor() : retryFor;
        return new RetryWindow("Start", most).atStart(address, query::ask);
    }
}
