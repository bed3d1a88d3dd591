package io.camelrump.cli;

import io.camelrump.UsageException;
import io.camelrump.shard.Shard;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The flags of a run that copies a share of the keys beside others. */
final class ShardFlags extends FlagGroup {
    /** Variable by which Kubernetes numbers the pods of an Indexed Job; it says nowhere how many there are. */
    static final String INDEX = "JOB_COMPLETION_INDEX";
    /** Our variable for that. */
    static final String COUNT = "RUMP_SHARDS";

    private final Flag<String> shard = text(
            "--shard",
            "I/N",
            "Read the share number I, from 0, of N that as many runs read side by side. Default: all keys; in an Indexed "
                    + "Job of Kubernetes its index, of as many as " + COUNT + " says.");

    ShardFlags() {
        super("Shards");
    }

    /**
     * The share of this run; null for all keys.
     *
     * @throws UsageException if it is none
     */
    @Nullable
    Shard shard(Map<String, String> environment) {
        String given = shard.value();
        String index = environment.get(INDEX);
        String count = environment.get(COUNT);
        try {
            if (given != null) {
                return Shard.parse(given);
            }
            if (index == null && count == null) {
                return null;
            }
            if (count == null) {
                throw new UsageException(INDEX + "=" + index + " is set, as in an Indexed Job, but not " + COUNT
                        + ": set it to the completions of the job, or to 1 where this run is to read all keys");
            }
            if (index == null && !count.equals("1")) {
                throw new UsageException(COUNT + "=" + count + " is set, but not which of them this run is: add --shard"
                        + " I/" + count + ", or run it in an Indexed Job");
            }
            return Shard.parse((index == null ? "0" : index) + "/" + count);
        } catch (UsageException e) {
            String origin = given != null ? "--shard " + given + ": " : "";
            throw new UsageException(origin + e.getMessage(), e);
        }
    }
}
