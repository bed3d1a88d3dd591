package io.camelrump.cli.flags;

import io.camelrump.UsageException;
import io.camelrump.shard.Shard;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The flags of a run that copies a share of the keys beside others. */
public final class ShardFlags extends FlagGroup {
    /** Variable by which Kubernetes numbers the pods of an Indexed Job; it says nowhere how many there are. */
    static final String INDEX = "JOB_COMPLETION_INDEX";
    /** Our variable for that. */
    public static final String COUNT = "RUMP_SHARDS";

    private final Flag<String> shard = text(
            "--shard",
            "I/N",
            "Read the share number I, from 0, of N that as many runs read side by side. Default: all keys; in an Indexed "
                    + "Job of Kubernetes its index, of as many as " + COUNT + " says.");

    private final Flag<Span> waitShards = time(
                    "--wait-shards",
                    "Wait up to TIME, as shard 0, for the end of others of which none is alive. Takes --checkpoint"
                            + " target:NAME.")
            .otherwise("10m", new Span(600_000));

    public ShardFlags() {
        super("Shards");
    }

    /** How long others are waited for that nobody has seen alive. */
    public Duration patience() {
        return waitShards.value().duration();
    }

    /** An objection to the share; null if there is none. */
    @Nullable
    public String objection(Map<String, String> environment, Address from) {
        try {
            Shard share = shard(environment);
            boolean isShared = share != null;
            if (share != null && share.count() > 1 && from.isFile()) {
                return "--shard " + share + " is a share of a server: --from " + from
                        + " is a file, which one run reads";
            }
            return waitShards.isGiven() && !isShared ? "--wait-shards is about one run of several: add --shard" : null;
        } catch (UsageException e) {
            return e.getMessage();
        }
    }

    /**
     * The share of this run; null for all keys.
     *
     * @throws UsageException if it is none
     */
    @Nullable
    public Shard shard(Map<String, String> environment) {
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
