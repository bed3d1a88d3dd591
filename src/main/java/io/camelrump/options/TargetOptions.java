package io.camelrump.options;

import io.camelrump.ConflictPolicy;
import io.camelrump.RefusalPolicy;
import io.camelrump.UsageException;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.jspecify.annotations.Nullable;

/** How a server is written, and what a comparison with it expects there. */
@UriParams
public class TargetOptions {

    @UriParam(label = "producer", defaultValue = "true", description = "Keeps the expiry of keys.")
    private boolean ttl = true;

    @UriParam(
            label = "producer",
            defaultValue = "replace",
            enums = "replace,keep,fail",
            description = "What to do if the target has another value under a key's name: replace it, keep it, or fail "
                    + "the run. If the target's database was empty at the start, all that it holds comes from the "
                    + "run, and is replaced.")
    private @Nullable ConflictPolicy onConflict;

    @UriParam(
            label = "producer",
            defaultValue = "count",
            enums = "count,fail",
            description = "What to do if the target refuses a key: count it, or fail the run.")
    private RefusalPolicy onRefused = RefusalPolicy.COUNT;

    @UriParam(
            label = "producer",
            defaultValue = "0",
            description = "Number of replicas of the target that must have a batch before its keys count as restored, "
                    + "as for WAIT, from 0 to 1000.")
    private int waitReplicas;

    @UriParam(
            label = "producer",
            defaultValue = "false",
            description = "Counts what would become of each key, and writes nothing to the target.")
    private boolean dryRun;

    @UriParam(
            label = "producer",
            defaultValue = "false",
            description = "Copies hashes with expiring fields to a target that has none, as fields that do not expire. "
                    + "Otherwise such a hash is refused.")
    private boolean dropFieldTtl;

    @UriParam(
            label = "producer",
            defaultValue = "false",
            description =
                    "Copies streams without their producers' message ids (IDMP, Redis 8.6), if neither the payload nor "
                            + "the target can hold them. Otherwise such a stream is refused.")
    private boolean dropIdmp;

    @UriParam(
            label = "producer,compare",
            defaultValue = "false",
            description =
                    "Deletes keys that only the target has: a comparison deletes them at this server, a lookup at "
                            + "the server whose keys are looked up. With live, deletes keys that are gone at the"
                            + " source "
                            + "even if the target held keys of their names at the start.")
    private boolean prune;

    @UriParam(
            label = "live",
            defaultValue = "false",
            description =
                    "Lets prune and live delete even if the source is empty, or if more than 100 keys and 10 % of "
                            + "the target's would be deleted. Otherwise the run fails then, and deletes nothing.")
    private boolean allowMassDelete;

    /** @throws UsageException if a value is out of range */
    public void check() {
        Limits.range("waitReplicas", waitReplicas, 0, 1_000);
    }

    public boolean isTtl() {
        return ttl;
    }

    public void setTtl(boolean ttl) {
        this.ttl = ttl;
    }

    public ConflictPolicy getOnConflict() {
        return onConflict == null ? ConflictPolicy.REPLACE : onConflict;
    }

    /** Whether a policy was given, also if it is that of a run without one. */
    public boolean namesConflictPolicy() {
        return onConflict != null;
    }

    public void setOnConflict(ConflictPolicy onConflict) {
        this.onConflict = onConflict;
    }

    public RefusalPolicy getOnRefused() {
        return onRefused;
    }

    public void setOnRefused(RefusalPolicy onRefused) {
        this.onRefused = onRefused;
    }

    public int getWaitReplicas() {
        return waitReplicas;
    }

    public void setWaitReplicas(int waitReplicas) {
        this.waitReplicas = waitReplicas;
    }

    public boolean isDryRun() {
        return dryRun;
    }

    public void setDryRun(boolean dryRun) {
        this.dryRun = dryRun;
    }

    public boolean isDropFieldTtl() {
        return dropFieldTtl;
    }

    public void setDropFieldTtl(boolean dropFieldTtl) {
        this.dropFieldTtl = dropFieldTtl;
    }

    public boolean isDropIdmp() {
        return dropIdmp;
    }

    public void setDropIdmp(boolean dropIdmp) {
        this.dropIdmp = dropIdmp;
    }

    public boolean isPrune() {
        return prune;
    }

    public void setPrune(boolean prune) {
        this.prune = prune;
    }

    public boolean isAllowMassDelete() {
        return allowMassDelete;
    }

    public void setAllowMassDelete(boolean allowMassDelete) {
        this.allowMassDelete = allowMassDelete;
    }
}
