package io.camelrump;

import java.nio.file.Path;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which keys to take, beyond what SCAN itself can tell apart. Keys left out count as filtered.
 *
 * @param names null if every name is taken
 * @param wanted the same for one name, together with what SCAN tells apart by itself
 * @param types types to ask each key for, as TYPE names them; none if every type is taken, or SCAN tells them apart
 * @param sizes bytes that a key may take; null if any
 * @param ttls milliseconds that a key may have left; null if any
 * @param ttlsAsOf when they count from, in milliseconds since 1970; 0 for the moment of reading
 * @param keysFrom file whose keys are read instead of those that SCAN gives; null for none
 * @param sample the reading ends after so many keys; {@link Long#MAX_VALUE} for all
 */
record KeySelection(
        @Nullable KeyNames names,
        Predicate<byte[]> wanted,
        Set<String> types,
        @Nullable Range sizes,
        @Nullable Range ttls,
        long ttlsAsOf,
        @Nullable Path keysFrom,
        long sample) {

    KeySelection {
        types = Set.copyOf(types);
    }

    KeySelection withTypes(Set<String> asked) {
        return new KeySelection(names, wanted, asked, sizes, ttls, ttlsAsOf, keysFrom, sample);
    }

    /** Whether not all keys that pass the filters are read. */
    boolean isPartial() {
        return keysFrom != null || sample != Long.MAX_VALUE;
    }
}
