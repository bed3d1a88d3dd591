package io.camelrump;

import org.jspecify.annotations.Nullable;

/**
 * How far a live run has verified its copy beside the writers.
 *
 * @param share of both directions that was compared, from 0 to 1
 * @param keys of the source that were compared
 * @param keysPerSecond since it began
 * @param secondsLeft until it is through; null while that is not known
 */
public record SweepStatus(
        double share,
        long keys,
        double keysPerSecond,
        @Nullable Double secondsLeft) {}
