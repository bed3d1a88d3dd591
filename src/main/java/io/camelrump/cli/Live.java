package io.camelrump.cli;

import io.camelrump.ChangeStatus;
import io.camelrump.Changes;
import io.camelrump.Ledger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When and how a live run is to cut over.
 *
 * @param untilLag when no change waits longer than this
 * @param untilAfter this long after the start
 * @param cutoverFile when this file is there
 * @param timeout how long the cutover may take
 * @param pauseWrites how long a pause of the source's writes lasts that is not renewed
 * @param failsWaiting whether writes that wait in it are made to fail once the run has converged
 * @param finalCompare what the cutover compares
 */
record Live(
        @Nullable Span untilLag,
        @Nullable Span untilAfter,
        @Nullable Path cutoverFile,
        Span timeout,
        @Nullable Span pauseWrites,
        boolean failsWaiting,
        FinalCompare finalCompare) {
    static final Span TIMEOUT = new Span(300_000);

    /** Why the run is to cut over now; null if it is to go on. */
    @Nullable
    String reason(Ledger ledger, Changes changes, Instant startedAt) {
        if (cutoverFile != null && Files.exists(cutoverFile)) {
            return "the file " + cutoverFile + " is there";
        }
        if (untilAfter != null && Duration.between(startedAt, Instant.now()).toMillis() >= untilAfter.millis()) {
            return "it has run for " + untilAfter.seconds() + " s";
        }
        if (untilLag != null && ledger.progress() == 1) {
            ChangeStatus status = changes.status();
            if (status.lag().toMillis() <= untilLag.millis()) {
                return "no change waits longer than " + untilLag.millis() + " ms";
            }
        }
        return null;
    }
}
