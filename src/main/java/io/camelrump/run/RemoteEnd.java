package io.camelrump.run;

import io.camelrump.RunState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended, for another process that gets its end marker.
 *
 * @param state null where that does not say
 * @param cause why it is not complete; null if it is, or where the marker does not say
 * @param voided numbers of pages of its lane that were given up, as their keys were read again: nobody need wait for
 *     them; null if they were too many to be named
 * @param isHere whether this process has read the run, and no transport has carried the page
 */
public record RemoteEnd(
        @Nullable RunState state,
        @Nullable String cause,
        @Nullable List<NumberRanges.Range> voided,
        boolean isHere) {
    /** The end of a run of which no more is known. */
    public static final RemoteEnd UNKNOWN = new RemoteEnd(null, null, List.of(), false);

    public RemoteEnd {
        voided = voided == null ? null : List.copyOf(voided);
    }
}
