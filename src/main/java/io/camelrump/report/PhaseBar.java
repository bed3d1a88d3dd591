package io.camelrump.report;

import com.samskivert.mustache.Escapers;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The phases of a run on one bar, as long as each took. */
record PhaseBar(List<SeriesColumns.Phase> phases, double end) {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 34;
    /** A name that is longer than its phase is not written. */
    private static final double COLUMNS_OF_A_CHARACTER = 7.2;

    /** Numbers of their colours. */
    private static final Map<String, Integer> COLOURS = Map.of(
            "copying", 1,
            "comparing", 1,
            "verifying", 2,
            "following", 3,
            "cutting-over", 4,
            "undecided", 5,
            "converged", 6,
            "way-back", 3,
            "going-back", 4);

    private static final int UNKNOWN = 5;
    /** A phase of a moment must be seen too. */
    private static final double LEAST_WIDTH = 1.5;

    Section.Picture picture() {
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg class=\"bar\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Phases: %s\">",
                WIDTH,
                HEIGHT,
                Escapers.HTML.escape(String.join(
                        ", ", phases.stream().map(PhaseBar::described).toList()))));
        for (SeriesColumns.Phase phase : phases) {
            add(phase, svg);
        }
        return new Section.Picture("", svg.append("</svg>").toString(), List.of());
    }

    private void add(SeriesColumns.Phase phase, StringBuilder svg) {
        double scale = WIDTH / Math.max(end, 1e-3);
        double width = Math.max(LEAST_WIDTH, phase.seconds() * scale);
        double x = Math.min(phase.from() * scale, WIDTH - width);
        svg.append(String.format(
                Locale.ROOT,
                "<rect class=\"phase%d\" x=\"%.1f\" y=\"0\" width=\"%.1f\" height=\"%d\"/>",
                COLOURS.getOrDefault(phase.name(), UNKNOWN),
                x,
                width,
                HEIGHT));
        if (phase.name().length() * COLUMNS_OF_A_CHARACTER < width) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<text class=\"in\" x=\"%.1f\" y=\"21\" text-anchor=\"middle\">%s</text>",
                    x + width / 2,
                    Escapers.HTML.escape(phase.name())));
        }
    }

    private static String described(SeriesColumns.Phase phase) {
        return phase.name() + " for " + Texts.seconds(phase.seconds());
    }
}
