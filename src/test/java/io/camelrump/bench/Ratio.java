package io.camelrump.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * What one build takes of what another took, both measured in turn.
 *
 * @param value above 1 where the new one takes more
 * @param spread how far from 1 the old build is from itself, in 99 of 100 repetitions of the same measurement: drawn
 *     from its own runs. A difference below it is not resolved.
 */
record Ratio(double value, double spread) {
    /** What is worth a word. */
    static final double TOLERANCE = 0.05;

    private static final int REPETITIONS = 2_000;
    private static final double CONFIDENCE = 0.99;

    /** What a ratio says. */
    enum Verdict {
        SLOWER,
        NOT_RESOLVED,
        FASTER,
        SAME
    }

    static Ratio of(Figures old, Figures recent) {
        return new Ratio(recent.undisturbed() / old.undisturbed(), spread(old));
    }

    private static double spread(Figures old) {
        Random random = new Random(1);
        double[] off = new double[REPETITIONS];
        for (int i = 0; i < REPETITIONS; i++) {
            off[i] = Math.abs(
                    old.resampled(random).undisturbed() / old.resampled(random).undisturbed() - 1);
        }
        Arrays.sort(off);
        return off[(int) (CONFIDENCE * REPETITIONS)];
    }

    Verdict verdict() {
        double off = Math.abs(value - 1);
        if (off <= TOLERANCE) {
            return Verdict.SAME;
        }
        if (off <= spread) {
            return Verdict.NOT_RESOLVED;
        }
        return value > 1 ? Verdict.SLOWER : Verdict.FASTER;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.2f ±%.2f", value, spread);
    }
}
