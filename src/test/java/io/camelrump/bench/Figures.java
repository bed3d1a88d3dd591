package io.camelrump.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** One figure over all repetitions. */
final class Figures {
    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    double least() {
        return Collections.min(values);
    }

    double median() {
        List<Double> sorted = sorted();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    double most() {
        return Collections.max(values);
    }

    /** The mean of the lower half: what disturbs a run only ever makes it longer. */
    double undisturbed() {
        return sorted().subList(0, (values.size() + 1) / 2).stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(Double.NaN);
    }

    /** As many figures as these, drawn from them. */
    Figures resampled(Random random) {
        Figures drawn = new Figures();
        for (int i = 0; i < values.size(); i++) {
            drawn.add(values.get(random.nextInt(values.size())));
        }
        return drawn;
    }

    private List<Double> sorted() {
        return values.stream().sorted().toList();
    }
}
