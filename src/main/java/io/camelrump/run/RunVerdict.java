package io.camelrump.run;

import io.camelrump.Counts;
import io.camelrump.Difference;
import io.camelrump.RunState;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Final state of a run that has read everything and waits for nothing.
 *
 * @param cause why it is not {@link RunState#COMPLETE}, in one sentence; null if it is
 */
record RunVerdict(RunState state, @Nullable String cause) {

    /** State by the outcomes of the keys alone. */
    static RunVerdict of(Counts counts, Map<Difference.Cause, Long> differing) {
        if (!counts.balanced()) {
            return new RunVerdict(
                    RunState.FAILED, counts.read() + " keys were read and " + counts.settled() + " have an outcome");
        }
        if (!differing.isEmpty()) {
            long keys = differing.values().stream().mapToLong(Long::longValue).sum();
            return new RunVerdict(
                    RunState.DIFFERENT, keys + (keys == 1 ? " key differs: " : " keys differ: ") + byCause(differing));
        }
        if (counts.refused() > 0) {
            return new RunVerdict(
                    RunState.REFUSED,
                    counts.refused() + (counts.refused() == 1 ? " key was" : " keys were")
                            + " refused or could not be read");
        }
        return new RunVerdict(RunState.COMPLETE, null);
    }

    private static String byCause(Map<Difference.Cause, Long> differing) {
        return Stream.of(Difference.Cause.values())
                .filter(differing::containsKey)
                .map(cause -> cause.name().toLowerCase(Locale.ROOT) + " " + differing.get(cause))
                .collect(Collectors.joining(", "));
    }
}
