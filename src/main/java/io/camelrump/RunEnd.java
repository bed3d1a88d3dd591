package io.camelrump;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended. Its text is the one line that closes each run in the log.
 *
 * @param migration name of the run
 * @param state one of the final ones
 * @param cause why it is not {@link RunState#COMPLETE}, in one sentence; null if it is
 * @param counts what became of the keys; keys read without an outcome were still in flight
 * @param differing keys that a comparison found to differ, by cause
 * @param duration from its start to its end
 */
public record RunEnd(
        String migration,
        RunState state,
        @Nullable String cause,
        Counts counts,
        Map<Difference.Cause, Long> differing,
        Duration duration) {
    public RunEnd {
        Objects.requireNonNull(migration, "migration is null");
        Objects.requireNonNull(counts, "counts is null");
        Objects.requireNonNull(duration, "duration is null");
        differing = Map.copyOf(differing);
        if (!state.isFinal()) {
            throw new IllegalArgumentException(state + " is no end");
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "Run %s ended %s after %.1f s: read %,d: restored %,d, kept %,d, vanished %,d, filtered %,d, deleted"
                        + " %,d,"
                        + " refused %,d",
                migration,
                state,
                duration.toMillis() / 1000.0,
                counts.read(),
                counts.restored(),
                counts.kept(),
                counts.vanished(),
                counts.filtered(),
                counts.deleted(),
                counts.refused()));
        if (counts.handedOn() > 0) {
            text.append(String.format(Locale.ROOT, ", handed on %,d", counts.handedOn()));
        }
        if (!counts.balanced()) {
            text.append(String.format(Locale.ROOT, ", in flight %,d", counts.read() - counts.settled()));
        }
        return cause == null ? text.toString() : text.append(". ").append(cause).toString();
    }
}
