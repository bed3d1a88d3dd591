package io.camelrump.run;

import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who answers for the keys of one page: for each key as many producers or transports as there are targets, and no
 * other. Guarded by the run.
 */
final class Claims {
    private final int targets;
    private final Map<String, BitSet> byName = new TreeMap<>();

    Claims(int targets) {
        this.targets = targets;
    }

    /**
     * Claims the keys at these places of the page.
     *
     * @return the others that answer for one of these keys already, where there is no room for one more; null if all is
     *     well
     */
    @Nullable
    String claim(String name, BitSet places) {
        BitSet own = byName.computeIfAbsent(name, none -> new BitSet());
        if (byName.size() > targets) {
            for (int place = places.nextSetBit(0); place >= 0; place = places.nextSetBit(place + 1)) {
                String others = own.get(place) ? null : others(place);
                if (others != null) {
                    return others;
                }
            }
        }
        own.or(places);
        return null;
    }

    private @Nullable String others(int place) {
        int number = 0;
        for (BitSet other : byName.values()) {
            number += other.get(place) ? 1 : 0;
        }
        return number < targets ? null : names(place);
    }

    private String names(int place) {
        return byName.entrySet().stream()
                .filter(other -> other.getValue().get(place))
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(" and "));
    }

    /** Gives back these keys, for which no answer came: another one may be asked. */
    void release(String name, BitSet places) {
        BitSet own = byName.get(name);
        if (own != null) {
            own.andNot(places);
        }
    }
}
