package io.camelrump.target;

import io.camelrump.ConflictPolicy;
import io.camelrump.options.AcceptedLosses;
import io.camelrump.options.ServerOptions;
import io.camelrump.options.TargetOptions;
import io.camelrump.options.ThrottleOptions;
import io.camelrump.shard.Share;
import java.util.Locale;

/**
 * Options for writing to a target.
 *
 * @param name of the target in answers and messages
 * @param share of the keys that this run writes; others may be written by other runs at the same time
 */
public record WritePlan(
        String name, ServerOptions server, TargetOptions target, ThrottleOptions throttle, Share share) {

    /** Whether what the target holds under a key's name is replaced. */
    boolean replaces(TargetIdentity identity) {
        return target.getOnConflict() == ConflictPolicy.REPLACE || identity.holdsOursAlone();
    }

    AcceptedLosses losses() {
        return AcceptedLosses.of(target);
    }

    /** The conflict policy as the option names it. */
    String policy() {
        return target.getOnConflict().name().toLowerCase(Locale.ROOT);
    }
}
