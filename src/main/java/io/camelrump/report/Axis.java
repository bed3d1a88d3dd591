package io.camelrump.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Where values lie on an axis that begins at 0, and the round ones that are written beside it. */
record Axis(double end, double step) {
    private static final double[] ROUND = {1, 2, 5, 10};
    private static final double[] TIMES = {
        0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400
    };
    private static final int MOST_TIMES = 8;
    private static final int MINUTE = 60;
    private static final int HOUR = 3_600;

    /** An axis that ends at a round value, which is not below {@code most}. */
    static Axis upTo(double most, int steps) {
        double least = Math.max(most, 1e-6) / steps;
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        double step = 10 * power;
        for (double round : ROUND) {
            if (round * power >= least * 0.999_999) {
                step = round * power;
                break;
            }
        }
        return new Axis(step * Math.ceil(Math.max(most, 1e-6) / step - 1e-6), step);
    }

    /** An axis of seconds that ends where the run does. */
    static Axis ofTime(double seconds) {
        double end = Math.max(seconds, 1e-3);
        for (double step : TIMES) {
            if (end / step <= MOST_TIMES) {
                return new Axis(end, step);
            }
        }
        double day = TIMES[TIMES.length - 1];
        return new Axis(end, day * Math.ceil(end / day / MOST_TIMES));
    }

    /** The values to write. */
    List<Double> marks() {
        List<Double> marks = new ArrayList<>();
        for (int i = 0; i * step <= end * 1.000_001; i++) {
            marks.add(i * step);
        }
        return marks;
    }

    double share(double value) {
        return Math.min(1, Math.max(0, value / end));
    }

    /** A mark of an axis of time. */
    String time(double seconds) {
        if (end < 2 * MINUTE) {
            return step < 1
                    ? String.format(Locale.ROOT, "%.1f s", seconds)
                    : String.format(Locale.ROOT, "%.0f s", seconds);
        }
        long whole = Math.round(seconds);
        return end < 2 * HOUR
                ? String.format(Locale.ROOT, "%d:%02d", whole / MINUTE, whole % MINUTE)
                : String.format(Locale.ROOT, "%d:%02d h", whole / HOUR, whole % HOUR / MINUTE);
    }
}
