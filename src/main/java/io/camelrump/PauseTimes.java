package io.camelrump;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the writers of a source stood still for a cutover.
 *
 * @param converged from the begin of the pause until both sides were known to be equal; null if they were not
 * @param whole until writes go on
 * @param waiting clients that wait for the end of the pause at the moment of convergence; null if that is not known
 * @param closed connections that were closed because their writes waited; null if none was to be
 */
public record PauseTimes(
        @Nullable Duration converged,
        Duration whole,
        @Nullable Long waiting,
        @Nullable Long closed) {}
