package io.camelrump.run;

import io.camelrump.Outcome;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Answers for the keys of one page: the outcome of each key at each target, and how many are due. Guarded by the run.
 */
final class KeyAnswers {
    private static final Outcome[] OUTCOMES = Outcome.values();

    /** Outcome of each key at each target, as ordinal + 1; 0 is unanswered. */
    private final Map<String, byte[]> byTarget = new HashMap<>();

    /** Number of targets that have to answer for each key still. */
    private final byte[] missing;

    private final byte[] worst;

    /** Number of keys that have their final outcome. */
    private int settled;

    KeyAnswers(int keys, int targets) {
        missing = new byte[keys];
        Arrays.fill(missing, (byte) targets);
        worst = new byte[keys];
    }

    /** Answers of this target, by place, for {@link #enter}. */
    byte[] of(String target) {
        return byTarget.computeIfAbsent(target, name -> new byte[missing.length]);
    }

    /** Enters one target's outcome of one key; says whether it is the first one. */
    boolean enter(byte[] ofTarget, int place, Outcome outcome, int[] counted) {
        if (ofTarget[place] != 0 || missing[place] == 0) {
            return false;
        }
        ofTarget[place] = (byte) (outcome.ordinal() + 1);
        Outcome worse = worst[place] == 0 ? outcome : OUTCOMES[worst[place] - 1].worse(outcome);
        worst[place] = (byte) (worse.ordinal() + 1);
        if (--missing[place] == 0) {
            settled++;
            counted[worse.ordinal()]++;
        }
        return true;
    }

    /** Whether some target has to answer for the key still. */
    boolean isDue(int place) {
        return missing[place] != 0;
    }

    boolean isAnswered(String target, int place) {
        byte[] ofTarget = byTarget.get(target);
        return !isDue(place) || ofTarget != null && ofTarget[place] != 0;
    }

    boolean isUntouched(String target) {
        return settled == 0 && !byTarget.containsKey(target);
    }

    /** Takes out of these places those for which the target has answered. */
    void clearAnswered(String target, BitSet places) {
        byte[] ofTarget = byTarget.get(target);
        for (int place = 0; ofTarget != null && place < ofTarget.length; place++) {
            places.clear(place, ofTarget[place] == 0 ? place : place + 1);
        }
    }

    /** Lets the next answer for the key settle it. */
    void expectOne(int place) {
        missing[place] = 1;
    }

    /** Settles a key that no target has to answer for. */
    void settle(int place) {
        missing[place] = 0;
        settled++;
    }

    int settled() {
        return settled;
    }

    /** Places of the keys that are not settled. */
    int[] due() {
        return IntStream.range(0, missing.length).filter(this::isDue).toArray();
    }
}
