package io.camelrump;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How keys are to be compared.
 *
 * @param name of the server that they are compared with
 * @param type that a key must have there to count as the same; null for any
 */
record CompareOptions(
        String name,
        boolean lookup,
        @Nullable String type,
        boolean keepTtl,
        Duration ttlTolerance,
        int rounds,
        boolean repair,
        boolean prune,
        Duration retryFor) {

    static CompareOptions of(RumpEndpoint endpoint) {
        return new CompareOptions(
                endpoint.getName() + " at " + endpoint.address(),
                endpoint.getOperation() == Operation.LOOKUP,
                endpoint.getType().equals("all") ? null : endpoint.getType(),
                endpoint.isTtl(),
                endpoint.getTtlTolerance(),
                endpoint.getRounds(),
                endpoint.isRepair(),
                endpoint.isPrune(),
                endpoint.getRetryFor());
    }
}
