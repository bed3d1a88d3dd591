package io.camelrump;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the cutover of a live run ended.
 *
 * @param convergedAsOf when both sides were equal; null if that is not known
 * @param missing why it is not, in one sentence; null if they were equal, and where that was not to be found out
 * @param pause how long the writers of the source stood still; null if they did not
 * @param verified keys of the source that were compared beside its writers; null if none were
 * @param compared keys that the last round of the cutover compared
 * @param followsOn whether a person has taken it back, and the run goes on
 * @param leftBehind what no copy carries, as it was found when the cutover began; null if that is not known
 */
public record CutoverResult(
        @Nullable Instant convergedAsOf,
        @Nullable String missing,
        @Nullable PauseTimes pause,
        @Nullable Long verified,
        long compared,
        boolean followsOn,
        @Nullable LeftBehind leftBehind) {
    /** This result with what was found at the source when the cutover began; null if that is not known. */
    public CutoverResult with(@Nullable LeftBehind found) {
        return new CutoverResult(convergedAsOf, missing, pause, verified, compared, followsOn, found);
    }
}
