package io.camelrump.target;

import io.camelrump.redis.ElementFeatures;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.TargetFeatures;
import io.camelrump.values.ElementWriter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands, payload versions and element commands that a target's server process knows. Guarded by its connection's
 * owner.
 */
final class TargetAbilities {
    private static final Logger LOG = LoggerFactory.getLogger(TargetAbilities.class);

    private final WritePlan plan;
    private TargetFeatures features = new TargetFeatures(true, true, true, true);
    private PayloadVersions versions = new PayloadVersions();
    private @Nullable ElementFeatures elementFeatures;
    /** Whether these are those of the master that sends keys here: a node without slots cannot be probed. */
    private boolean borrowed;
    /** Whether the user may read keys; replies are read by threads of their own. */
    private volatile boolean readsBack = true;

    TargetAbilities(WritePlan plan) {
        this.plan = plan;
    }

    TargetFeatures features() {
        return features;
    }

    PayloadVersions versions() {
        return versions;
    }

    /** Writer of values by commands; what the server can hold is asked when the first value comes. */
    ElementWriter elements(RedisConnection current) throws IOException {
        ElementFeatures known = elementFeatures;
        if (known == null) {
            known = ElementFeatures.of(current, plan.target().isDryRun());
            elementFeatures = known;
        }
        return new ElementWriter(current, known, plan.losses());
    }

    /** Whether changed keys can be read back. Any thread may ask. */
    boolean mayReadBack() {
        return readsBack;
    }

    /** Says once that changed keys cannot be read back. */
    void mayNotReadBack(ServerAddress address, ErrorReply error) {
        if (readsBack) {
            LOG.warn(
                    "Target {} does not let this user read keys ({}), so whether changed keys have arrived is seen by"
                            + " a comparison alone; the ACL rules +dump +pttl +pexpiretime allow it",
                    address,
                    error.text());
        }
        readsBack = false;
    }

    /** Copies features and payload versions of the {@code lender}. */
    void borrow(TargetAbilities lender) {
        features = lender.features;
        versions = lender.versions;
        borrowed = true;
    }

    /** The node can be probed from now on. */
    void ownsSlots() {
        if (borrowed) {
            borrowed = false;
            versions = new PayloadVersions();
        }
    }

    /** Asks a process that is met for the first time; asked again while it is full, its answers would be other ones. */
    void ask(RedisConnection fresh) throws IOException {
        if (!borrowed) {
            features = TargetFeatures.of(fresh, plan.target().isDryRun());
        }
    }

    /** Forgets what another process knew. */
    void clear() {
        versions.clear();
        elementFeatures = null;
    }
}
