package io.camelrump.run;

import java.util.EnumSet;
import java.util.Set;

/**
 * How keys were read, as far as it must be known when they are read again: it travels with them to their page, from
 * there to its receipt, and back to the reader.
 *
 * @param attempt how often their page failed before
 * @param torn how often they changed while they were read in parts
 * @param incomplete how often they were read in parts and did not arrive as a whole at a target
 * @param withoutPayload how often the source had an expiry of them and no payload
 * @param number of this reading in {@link Verification}; 0 if it has none
 */
public record Reading(int attempt, Set<Trait> traits, int torn, int incomplete, int withoutPayload, long number) {
    private static final int MOST_FAILED = 12;

    /** Keys of a scan. */
    public static final Reading FIRST = new Reading(0, Set.of(), 0, 0, 0, 0);

    /** Why keys are read, and in which way. */
    public enum Trait {
        /** Nothing else may be in flight meanwhile, as the one key is so large. */
        ALONE,
        /**
         * They were read because they changed: what a target has of them is in question, even where they no longer pass
         * the filters.
         */
        CHANGED,
        /** They are written only where the target has them from this run. */
        ONLY_IF_THERE,
        /** A target did not take their payload. */
        PAYLOAD_REFUSED
    }

    public Reading {
        traits = Set.copyOf(traits);
    }

    /** Keys of which a server has reported a change. */
    public static Reading ofChanged(long number) {
        return new Reading(0, Set.of(Trait.CHANGED), 0, 0, 0, number);
    }

    /** Keys that may have changed, unreported. */
    public static Reading ofSuspects(long number) {
        return new Reading(0, Set.of(), 0, 0, 0, number);
    }

    /** Whether the targets are asked what they have of these keys after they were written. */
    public boolean isReadBack() {
        return number > 0;
    }

    /** Whether nothing else may be in flight meanwhile. */
    public boolean alone() {
        return traits.contains(Trait.ALONE);
    }

    /** Whether they were read because they changed. */
    public boolean changed() {
        return traits.contains(Trait.CHANGED);
    }

    /** Whether they are written only where the target has them from this run. */
    public boolean onlyIfThere() {
        return traits.contains(Trait.ONLY_IF_THERE);
    }

    /** Whether a target did not take their payload. */
    public boolean payloadRefused() {
        return traits.contains(Trait.PAYLOAD_REFUSED);
    }

    /** The next try after one that failed. */
    Reading again() {
        return new Reading(attempt + 1, traits, torn, incomplete, withoutPayload, number);
    }

    /** Read in another way, which has not failed yet. */
    public Reading fresh() {
        Set<Trait> others = copyOfTraits();
        others.remove(Trait.ALONE);
        return new Reading(0, others, torn, incomplete, withoutPayload, number);
    }

    public Reading onlyThere() {
        return with(Trait.ONLY_IF_THERE);
    }

    /** The payload as a whole, with nothing else in flight. */
    Reading readAlone() {
        return with(Trait.ALONE);
    }

    Reading refused() {
        return fresh().with(Trait.PAYLOAD_REFUSED);
    }

    public Reading changedMeanwhile() {
        return new Reading(attempt, traits, torn + 1, incomplete, withoutPayload, number);
    }

    public Reading arrivedIncomplete() {
        return new Reading(attempt, traits, torn, incomplete + 1, withoutPayload, number);
    }

    /** The source had an expiry of them and no payload. */
    public Reading hadNoPayload() {
        return new Reading(attempt, traits, torn, incomplete, withoutPayload + 1, number);
    }

    private Reading with(Trait trait) {
        Set<Trait> more = copyOfTraits();
        more.add(trait);
        return new Reading(attempt, more, torn, incomplete, withoutPayload, number);
    }

    private Set<Trait> copyOfTraits() {
        Set<Trait> copy = EnumSet.noneOf(Trait.class);
        copy.addAll(traits);
        return copy;
    }

    /** Readings in parts that failed. */
    public int failedReadings() {
        return torn + incomplete;
    }

    /**
     * Whether the keys are not to be read in parts once more.
     *
     * @param live whether a key that changes each time waits for the cutover; one that never arrives as a whole would
     *     not do so then either
     */
    public boolean isSpent(boolean live) {
        return (live ? incomplete : failedReadings()) > MOST_FAILED;
    }
}
