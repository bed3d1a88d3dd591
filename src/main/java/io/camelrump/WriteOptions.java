package io.camelrump;

import java.time.Duration;

/** How a target is to be written. */
record WriteOptions(
        String name,
        boolean keepTtl,
        ConflictPolicy onConflict,
        RefusalPolicy onRefused,
        int waitReplicas,
        int maxKeysPerSecond,
        AcceptedLosses losses,
        boolean dryRun,
        boolean prune,
        Duration retryFor) {

    /** Whether what the target holds under a key's name is replaced. */
    boolean replaces(TargetIdentity target) {
        return onConflict == ConflictPolicy.REPLACE || target.holdsOursAlone();
    }

    static WriteOptions of(RumpEndpoint endpoint) {
        return new WriteOptions(
                endpoint.getName() + " at " + endpoint.address(),
                endpoint.isTtl(),
                endpoint.getOnConflict(),
                endpoint.getOnRefused(),
                endpoint.getWaitReplicas(),
                endpoint.getMaxKeysPerSecond(),
                endpoint.losses(),
                endpoint.isDryRun(),
                endpoint.isPrune(),
                endpoint.getRetryFor());
    }
}
