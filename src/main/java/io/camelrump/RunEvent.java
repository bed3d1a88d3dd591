package io.camelrump;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Something that happens in the course of a run, for those who listen: {@code from: rump:source?operation=events}. */
public sealed interface RunEvent {
    /** The events that there are, in the order of a run that converges. */
    enum Kind {
        STARTED,
        FIRST_COPY_COMPLETE,
        VERIFIED,
        GAP,
        REHEARSED,
        CUTOVER_BEGUN,
        AT_THE_BARRIER,
        UNDECIDED,
        CONVERGED,
        NOT_CONVERGED,
        FAILED,
        ENDED;

        /** The event as headers and documents name it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    Kind kind();

    /** The event as one sentence for a person. */
    String text();

    /** Why it happened, as the end of a sentence or as one; null where there is nothing to say. */
    default @Nullable String cause() {
        return null;
    }

    /** A run begins. */
    record Started() implements RunEvent {
        @Override
        public Kind kind() {
            return Kind.STARTED;
        }

        @Override
        public String text() {
            return "The run has started.";
        }
    }

    /** Every key of a live run was copied once; also after a scan that had to begin anew. */
    record FirstCopyComplete() implements RunEvent {
        @Override
        public Kind kind() {
            return Kind.FIRST_COPY_COMPLETE;
        }

        @Override
        public String text() {
            return "The first copy is complete; changes are followed.";
        }
    }

    /**
     * Both sides were compared beside the writers.
     *
     * @param keys that were compared
     * @param differing those of them that differed, and are copied again
     * @param duration of the comparison
     */
    record Verified(long keys, long differing, Duration duration) implements RunEvent {
        @Override
        public Kind kind() {
            return Kind.VERIFIED;
        }

        @Override
        public String text() {
            return String.format(
                    Locale.ROOT,
                    "%,d keys were verified beside the writers%s.",
                    keys,
                    differing == 0 ? "" : String.format(Locale.ROOT, "; %,d differed and are copied again", differing));
        }
    }

    /**
     * Changes may have been missed, and are looked for.
     *
     * @param gaps how often that was so in this run
     */
    record Gap(long gaps, String cause) implements RunEvent {
        @Override
        public Kind kind() {
            return Kind.GAP;
        }

        @Override
        public String text() {
            return "Changes may have been missed, as " + cause + ": they are looked for.";
        }
    }

    /** A cutover was rehearsed. */
    record Rehearsed(Rehearsal rehearsal) implements RunEvent {
        @Override
        public Kind kind() {
            return Kind.REHEARSED;
        }

        @Override
        public String text() {
            return rehearsal.text();
        }
    }

    /**
     * A cutover begins.
     *
     * @param cause as the end of a sentence
     * @param left what no copy carries; null if that is not known
     */
    record CutoverBegun(String cause, @Nullable LeftBehind left) implements RunEvent {
        @Override
        public Kind kind() {
            return Kind.CUTOVER_BEGUN;
        }

        @Override
        public String text() {
            String behind = left == null ? null : left.text();
            return "Cutting over, as " + cause + "." + (behind == null ? "" : " " + behind);
        }
    }

    /**
     * Both sides are equal and nobody writes at the source: the moment to switch the clients. The run waits for the
     * exchange.
     *
     * @param direction in which the clients are led
     * @param asOf when both sides were equal; null where nothing was compared
     * @param left how long the writers of the source are still held up; null where the run does not hold them up
     */
    record AtTheBarrier(
            CutoverDirection direction,
            @Nullable Instant asOf,
            @Nullable Duration left) implements RunEvent {
        @Override
        public Kind kind() {
            return Kind.AT_THE_BARRIER;
        }

        @Override
        public String text() {
            return (asOf == null ? "All changes have arrived" : "Both sides are equal")
                    + (left == null
                            ? ""
                            : String.format(
                                    Locale.ROOT,
                                    ", and writes at %s wait for another %.1f s",
                                    direction.source(),
                                    left.toMillis() / 1e3))
                    + ": clients can be switched to " + direction.target() + " now.";
        }
    }

    /**
     * The switch of the clients failed or took too long, and may be half done: nothing is applied to the target until a
     * person decides.
     *
     * @param cause in one sentence
     */
    record Undecided(String cause) implements RunEvent {
        @Override
        public Kind kind() {
            return Kind.UNDECIDED;
        }

        @Override
        public String text() {
            return cause + ".";
        }
    }

    /** @param asOf when both sides were equal */
    record Converged(Instant asOf) implements RunEvent {
        @Override
        public Kind kind() {
            return Kind.CONVERGED;
        }

        @Override
        public String text() {
            return "Converged as of " + asOf.truncatedTo(ChronoUnit.MILLIS) + ".";
        }
    }

    /** @param cause in one sentence */
    record NotConverged(String cause) implements RunEvent {
        @Override
        public Kind kind() {
            return Kind.NOT_CONVERGED;
        }

        @Override
        public String text() {
            return "Not converged: " + cause + ".";
        }
    }

    /** @param cause in one sentence */
    record Failed(String cause) implements RunEvent {
        @Override
        public Kind kind() {
            return Kind.FAILED;
        }

        @Override
        public String text() {
            return "The run has failed: " + cause;
        }
    }

    /** The last event of every run that ends by itself or is stopped. */
    record Ended(RunEnd end) implements RunEvent {
        public Ended {
            Objects.requireNonNull(end, "end is null");
        }

        @Override
        public Kind kind() {
            return Kind.ENDED;
        }

        @Override
        public String text() {
            return end.toString();
        }

        @Override
        public @Nullable String cause() {
            return end.cause();
        }
    }
}
