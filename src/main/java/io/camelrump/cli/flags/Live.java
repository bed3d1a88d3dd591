package io.camelrump.cli.flags;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a live run does to the clients of its source.
 *
 * @param pauseWrites how long its writes are paused for the cutover; null if they are not
 * @param failsWaiting whether writes that wait in it are made to fail once the run has converged
 * @param onCutover command that switches them at the cutover; null if none does
 * @param wayBack whether the source follows the target after the cutover
 */
public record Live(
        @Nullable Duration pauseWrites,
        boolean failsWaiting,
        @Nullable String onCutover,
        boolean wayBack) {}
