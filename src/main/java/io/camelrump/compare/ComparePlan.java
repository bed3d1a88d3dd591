package io.camelrump.compare;

import io.camelrump.keys.ReverseMapping;
import io.camelrump.options.AcceptedLosses;
import io.camelrump.options.BigKeyOptions;
import io.camelrump.options.CompareOptions;
import io.camelrump.options.ServerOptions;
import io.camelrump.options.TargetOptions;
import io.camelrump.run.KeptKeyIndex;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How keys are compared.
 *
 * @param name of the server that they are compared with
 * @param lookup whether they are looked up there alone
 * @param types that a key must have there to count as the same; none for any
 * @param origins what a lookup looks for
 * @param keptBefore which keys the target was to keep; null where it was to keep none
 * @param target what the server was written with
 * @param bigKeys which keys are not dumped
 */
public record ComparePlan(
        String name,
        boolean lookup,
        Set<String> types,
        ReverseMapping origins,
        KeptKeyIndex.@Nullable Lookup keptBefore,
        ServerOptions server,
        TargetOptions target,
        CompareOptions comparison,
        BigKeyOptions bigKeys) {

    public ComparePlan {
        types = Set.copyOf(types);
    }

    /** How its answers differ from those of a producer that writes to the same server. */
    String answerer() {
        return "the comparison with " + name;
    }

    AcceptedLosses losses() {
        return AcceptedLosses.of(target);
    }
}
