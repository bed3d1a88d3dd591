package io.camelrump;

import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which keys to take, beyond what SCAN itself can tell apart. Keys left out count as filtered.
 *
 * @param names null if every name is taken
 * @param types types to ask each key for, as TYPE names them; none if every type is taken, or SCAN tells them apart
 * @param sizes bytes that a key may take; null if any
 * @param ttls milliseconds that a key may have left; null if any
 * @param keysFrom file whose keys are read instead of those that SCAN gives; null for none
 * @param sample the reading ends after so many keys; {@link Long#MAX_VALUE} for all
 */
record KeySelection(
        @Nullable KeyNames names,
        Set<String> types,
        @Nullable Range sizes,
        @Nullable Range ttls,
        @Nullable Path keysFrom,
        long sample) {

    KeySelection {
        types = Set.copyOf(types);
    }
}
