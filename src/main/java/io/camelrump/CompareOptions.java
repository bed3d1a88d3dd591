package io.camelrump;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How keys are to be compared.
 *
 * @param name of the server that they are compared with
 * @param types that a key must have there to count as the same; none for any
 * @param origins what a lookup looks for
 * @param keptBefore which keys the target was to keep; null where it was to keep none
 * @param losses what the target may lack
 * @param bigKeyBytes no key of more is dumped
 */
record CompareOptions(
        String name,
        boolean lookup,
        Set<String> types,
        Origins origins,
        boolean keepTtl,
        ConflictPolicy onConflict,
        KeptNames.@Nullable Lookup keptBefore,
        AcceptedLosses losses,
        Duration ttlTolerance,
        int rounds,
        boolean repair,
        boolean prune,
        boolean allowMassDelete,
        Duration retryFor,
        long bigKeyBytes) {

    CompareOptions {
        types = Set.copyOf(types);
    }

    /** How its answers differ from those of a producer that writes to the same server. */
    String answerer() {
        return "the comparison with " + name;
    }

    static CompareOptions of(RumpEndpoint endpoint) {
        return new CompareOptions(
                endpoint.getName() + " at " + endpoint.address(),
                endpoint.getOperation() == Operation.LOOKUP,
                endpoint.getType().equals("all")
                        ? Set.of()
                        : Set.of(endpoint.getType().split(",")),
                endpoint.origins(),
                endpoint.isTtl(),
                endpoint.getOnConflict(),
                endpoint.getOnConflict() == ConflictPolicy.KEEP
                        ? new KeptBefore(endpoint.getCamelContext().getRegistry())
                        : null,
                endpoint.losses(),
                endpoint.getTtlTolerance(),
                endpoint.getRounds(),
                endpoint.isRepair(),
                endpoint.isPrune(),
                endpoint.isAllowMassDelete(),
                endpoint.getRetryFor(),
                endpoint.bigKeyBytes());
    }
}
