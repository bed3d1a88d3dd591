package io.camelrump.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What all rounds of a row took. */
final class RowFigures {
    private static final double MICROS = 1e6;
    private static final double MEGABYTE = 1 << 20;

    private final List<Measurement> rounds = new ArrayList<>();

    void add(Measurement measured) {
        rounds.add(measured);
    }

    /** The columns behind the title; ratios are to the base, if there is one. */
    String text(RowFigures base) {
        return String.join(
                " ",
                ratio(base, Measurement::seconds),
                ratio(base, Measurement::sourceCpuPerUnit),
                ratio(base, measured -> measured.wait(0.99)),
                "|",
                number("%8.2f", Measurement::seconds),
                number("%,9.0f", measured -> measured.units() / measured.seconds()),
                number("%8.2f", Measurement::cpu),
                number("%8.1f", measured -> MICROS * measured.cpuPerUnit()),
                number("%8.1f", measured -> MICROS * measured.sourceCpuPerUnit()),
                "|",
                number("%8.2f", measured -> measured.wait(0.99)),
                number("%8.2f", measured -> measured.wait(0.999)),
                "|",
                number("%5.0f", measured -> measured.peakBytes() / MEGABYTE));
    }

    private String ratio(RowFigures base, ToDoubleFunction<Measurement> of) {
        return text("%6.2f", base == null ? Double.NaN : median(of) / base.median(of));
    }

    private String number(String format, ToDoubleFunction<Measurement> of) {
        return text(format, median(of));
    }

    private double median(ToDoubleFunction<Measurement> of) {
        Figures figures = new Figures();
        rounds.forEach(measured -> figures.add(of.applyAsDouble(measured)));
        return figures.median();
    }

    /** As wide as a number, and empty where there is none. */
    private static String text(String format, double value) {
        String text = String.format(Locale.ROOT, format, value);
        return Double.isFinite(value) ? text : " ".repeat(text.length());
    }
}
