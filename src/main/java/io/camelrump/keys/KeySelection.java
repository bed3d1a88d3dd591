package io.camelrump.keys;

import io.camelrump.options.MappingOptions;
import io.camelrump.options.SelectionOptions;
import java.time.Duration;
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
 * @param given keys that are read instead of those that SCAN gives; null for none
 * @param sample number of keys after which reading ends; {@link Long#MAX_VALUE} for all
 */
public record KeySelection(
        @Nullable NameFilter names,
        Predicate<byte[]> wanted,
        Set<String> types,
        @Nullable LongRange sizes,
        @Nullable LongRange ttls,
        long ttlsAsOf,
        @Nullable GivenKeys given,
        long sample) {

    public KeySelection {
        types = Set.copyOf(types);
    }

    /** @param live whether changes are read too, which no SCAN has seen */
    static KeySelection of(SelectionOptions options, MappingOptions mapping, boolean live) {
        GivenKeys given = GivenKeys.of(options);
        Duration minTtl = options.getMinTtl();
        Duration maxTtl = options.getMaxTtl();
        NameFilter wanted = names(options, options.getMatch());
        // SCAN knows one type, and the pattern, itself; given keys, and change notifications, do not
        boolean scans = given == null && !live;
        return new KeySelection(
                mapping.readsRenamed() ? null : names(options, scans ? "*" : options.getMatch()),
                name -> wanted == null || wanted.takes(name, 0, name.length),
                scans && options.types().size() == 1 ? Set.of() : options.types(),
                options.limitsSize() ? new LongRange(options.leastBytes(), options.mostBytes()) : null,
                minTtl == null && maxTtl == null
                        ? null
                        : new LongRange(
                                minTtl == null ? 0 : minTtl.toMillis(),
                                maxTtl == null ? Long.MAX_VALUE : maxTtl.toMillis()),
                options.getTtlAsOf(),
                mapping.isReverse() ? null : given,
                given != null && mapping.isReverse()
                        ? 0
                        : options.getSample() == 0 ? Long.MAX_VALUE : options.getSample());
    }

    /** @param match glob that a key must match beside the other filters by name */
    private static @Nullable NameFilter names(SelectionOptions options, String match) {
        return NameFilter.of(
                match,
                options.getIncludeKey(),
                options.getExcludeKey(),
                options.getIncludeRegex(),
                options.getExcludeRegex());
    }

    KeySelection withTypes(Set<String> asked) {
        return new KeySelection(names, wanted, asked, sizes, ttls, ttlsAsOf, given, sample);
    }

    /** Whether not all keys that pass the filters are read. */
    public boolean isPartial() {
        return given != null || sample != Long.MAX_VALUE;
    }
}
