package io.camelrump.target;

import io.camelrump.options.TargetOptions;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ReplyException;
import io.camelrump.redis.ServerAddress;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * WAIT behind each batch, where keys count as written only once replicas have them.
 *
 * <p>The server answers no later command of the connection before, so it may be sent in the pipeline of the batch.
 */
final class ReplicaWait {
    private final int replicas;
    private final int timeoutMillis;
    private final WriteCount written;

    ReplicaWait(TargetOptions options, ServerAddress server, WriteCount written) {
        this.replicas = options.getWaitReplicas();
        this.timeoutMillis = (int) server.connectTimeout().toMillis();
        this.written = written;
    }

    boolean isWanted() {
        return replicas > 0;
    }

    void send(RedisConnection connection) throws IOException {
        if (isWanted()) {
            connection.out().command(3).arg("WAIT").arg(replicas).arg(timeoutMillis);
            connection.out().flush();
        }
    }

    /** Reads the reply to {@link #send}: why too few replicas have what was written, or null if enough have. */
    @Nullable
    RedisException read(RedisConnection connection) throws IOException {
        if (!isWanted()) {
            return null;
        }
        Object reply = connection.in().reply();
        if (reply instanceof ErrorReply error) {
            boolean demoted = error.code().equals("UNBLOCKED") || error.text().contains("replica instances");
            return demoted
                    ? RedisException.transientError(connection.address() + " said: " + error.text() + ".", null)
                    : ErrorText.refusal(connection.address(), "WAIT", error);
        }
        if (!(reply instanceof Long reached)) {
            throw new ReplyException("WAIT", reply, "a number of replicas");
        }
        return reached >= replicas
                ? null
                : RedisException.transientError(
                        "Only " + reply + " of " + replicas + " replicas of " + connection.address()
                                + " have the batch.",
                        null);
    }

    /** Keys of a batch that too few replicas are known to have must be written again. */
    void forget(SentPipeline batch) {
        if (isWanted()) {
            written.unreplicated(
                    batch.slices().stream().mapToInt(PageSlice::forgetWritten).sum());
        }
    }
}
