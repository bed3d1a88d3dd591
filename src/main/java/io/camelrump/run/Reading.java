package io.camelrump.run;

/**
 * How keys were read, as far as it must be known when they are read again: it travels with them to their page, from
 * there to its receipt, and back to the reader.
 *
 * @param attempt how often their page failed before
 * @param alone whether nothing else may be in flight meanwhile, as the one key is so large
 * @param changed whether they were read because they changed: what a target has of them is in question, even where they
 *     no longer pass the filters
 * @param onlyIfThere whether they are written only where the target has them from this run
 * @param payloadRefused whether a target did not take their payload
 * @param torn how often they changed while they were read in parts
 * @param incomplete how often they were read in parts and did not arrive as a whole at a target
 * @param withoutPayload how often the source had an expiry of them and no payload
 */
public record Reading(
        int attempt,
        boolean alone,
        boolean changed,
        boolean onlyIfThere,
        boolean payloadRefused,
        int torn,
        int incomplete,
        int withoutPayload) {
    private static final int MOST_IN_VAIN = 12;

    /** Keys of a scan. */
    public static final Reading FIRST = new Reading(0, false, false, false, false, 0, 0, 0);

    /** Keys of which a server has reported a change. */
    public static final Reading OF_CHANGED = new Reading(0, false, true, false, false, 0, 0, 0);

    /** The next try after one that failed. */
    Reading again() {
        return new Reading(attempt + 1, alone, changed, onlyIfThere, payloadRefused, torn, incomplete, withoutPayload);
    }

    /** Read in another way, which has not failed yet. */
    public Reading fresh() {
        return new Reading(0, false, changed, onlyIfThere, payloadRefused, torn, incomplete, withoutPayload);
    }

    public Reading onlyThere() {
        return new Reading(attempt, alone, changed, true, payloadRefused, torn, incomplete, withoutPayload);
    }

    /** The payload as a whole, with nothing else in flight. */
    Reading readAlone() {
        return new Reading(attempt, true, changed, onlyIfThere, payloadRefused, torn, incomplete, withoutPayload);
    }

    Reading refused() {
        return new Reading(0, false, changed, onlyIfThere, true, torn, incomplete, withoutPayload);
    }

    public Reading changedMeanwhile() {
        return new Reading(attempt, alone, changed, onlyIfThere, payloadRefused, torn + 1, incomplete, withoutPayload);
    }

    public Reading arrivedIncomplete() {
        return new Reading(attempt, alone, changed, onlyIfThere, payloadRefused, torn, incomplete + 1, withoutPayload);
    }

    /** The source had an expiry of them and no payload. */
    public Reading hadNoPayload() {
        return new Reading(attempt, alone, changed, onlyIfThere, payloadRefused, torn, incomplete, withoutPayload + 1);
    }

    /** Readings in parts that came to nothing. */
    public int inVain() {
        return torn + incomplete;
    }

    /**
     * Whether the keys are not to be read in parts once more.
     *
     * @param live whether a key that changes each time waits for the cutover; one that never arrives as a whole would
     *     not do so then either
     */
    public boolean isSpent(boolean live) {
        return (live ? incomplete : inVain()) > MOST_IN_VAIN;
    }
}
