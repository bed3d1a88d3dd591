package io.camelrump.shard;

import io.camelrump.redis.KeyConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reports of the shards of one migration to each other: each a key of the target beside the shard's checkpoint, which
 * expires after a week. They are neither compared nor pruned, as their names begin like those of temporary keys.
 *
 * <p>Belongs to one thread.
 */
public final class ShardReports implements AutoCloseable {
    private static final String LIFE_MILLIS = String.valueOf(TimeUnit.DAYS.toMillis(7));

    private final KeyConnection target;
    private final String checkpoint;
    private final Shard own;

    /**
     * @param checkpoint name of the key of all checkpoints together, to which each shard adds its number
     * @param own whose run this is
     */
    public ShardReports(ServerAddress target, String checkpoint, Shard own) {
        this.target = new KeyConnection(target);
        this.checkpoint = checkpoint;
        this.own = own;
    }

    /** Name of the checkpoint of one shard, behind the name that all have in common. */
    public static String suffix(Shard shard) {
        return ":" + shard;
    }

    private String key(Shard shard) {
        return checkpoint + suffix(shard) + ":report";
    }

    /** How the shard's run ended; null if it has not, or not under this name. */
    public @Nullable ShardReport of(Shard shard) {
        if (!(target.call("GET", key(shard)) instanceof byte[] text)) {
            return null;
        }
        try {
            return ShardReport.decode(shard, new String(text, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw RedisException.permanentError("The key " + key(shard) + " of the target is " + e.getMessage()
                    + ". Remove it, or name another checkpoint.");
        }
    }

    /** Shards of the migration beside this one. */
    public List<Shard> others() {
        return IntStream.range(0, own.count())
                .filter(i -> i != own.index())
                .mapToObj(i -> new Shard(i, own.count()))
                .toList();
    }

    /** Whether a run of the shard holds the lock of its checkpoint now, or did within the last half a minute. */
    public boolean isAlive(Shard shard) {
        return target.call("GET", checkpoint + suffix(shard) + ":lock") instanceof byte[];
    }

    /** Reports the end of this run. */
    public void write(ShardReport report) {
        target.call("SET", key(own), report.encode(), "PX", LIFE_MILLIS);
        target.learnNodes();
    }

    /** This run begins: it has not ended any more. */
    public void discard() {
        target.call("DEL", key(own));
        target.learnNodes();
    }

    /** The migration is over: nobody asks for the reports any more. */
    public void clear() {
        target.call("DEL", key(own));
        others().forEach(other -> target.call("DEL", key(other)));
    }

    @Override
    public void close() {
        target.close();
    }
}
