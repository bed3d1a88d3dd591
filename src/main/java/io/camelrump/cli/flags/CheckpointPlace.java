package io.camelrump.cli.flags;

import io.camelrump.CheckpointFile;
import io.camelrump.CheckpointKey;
import io.camelrump.shard.Shard;
import io.camelrump.shard.ShardReports;
import org.apache.camel.spi.StateRepository;
import org.jspecify.annotations.Nullable;

/**
 * Where a run keeps its checkpoint.
 *
 * @param text as the flag has it
 * @param shard of several that share a migration out, each of which has a key of its own; null for none
 */
public record CheckpointPlace(
        String text, Address to, @Nullable Shard shard) {
    /** Begins the name of a key at the target. */
    public static final String AT_TARGET = "target:";

    /** Name of the key at the target, which several shards have in common; null if it is a file. */
    @Nullable
    public String nameAtTarget() {
        return text.startsWith(AT_TARGET) ? text.substring(AT_TARGET.length()) : null;
    }

    public StateRepository<String, String> repository() {
        String name = nameAtTarget();
        if (name == null) {
            return new CheckpointFile(text);
        }
        return new CheckpointKey(to.redis().address(), shard == null ? name : name + ShardReports.suffix(shard));
    }
}
