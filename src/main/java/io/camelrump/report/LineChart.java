package io.camelrump.report;

import com.samskivert.mustache.Escapers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;

/**
 * Lines over time as SVG. A value stands for all the time since the one before it, so a line has steps; it is broken
 * where nothing is known.
 */
final class LineChart {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 200;
    private static final int LEFT = 78;
    private static final int RIGHT = 14;
    private static final int TOP = 10;
    private static final int BOTTOM = 24;
    private static final int Y_STEPS = 4;

    /** @param values one for each moment; NaN where it is not known */
    record Line(String name, double[] values) {}

    private final String title;
    private final double[] seconds;
    private final List<Line> lines;
    private final DoubleFunction<String> unit;
    private final Axis time;
    private final Axis height;

    /**
     * @param seconds when each value ends
     * @param unit writes a value with its unit
     */
    LineChart(String title, double[] seconds, List<Line> lines, DoubleFunction<String> unit) {
        this.title = title;
        this.seconds = seconds;
        this.lines = lines;
        this.unit = unit;
        this.time = Axis.ofTime(seconds.length == 0 ? 0 : seconds[seconds.length - 1]);
        this.height = Axis.upTo(most(lines), Y_STEPS);
    }

    private static double most(List<Line> lines) {
        return lines.stream().mapToDouble(line -> most(line.values())).max().orElse(0);
    }

    private static double most(double[] values) {
        return DoubleStream.of(values)
                .filter(value -> !Double.isNaN(value))
                .max()
                .orElse(0);
    }

    Section.Picture picture() {
        List<Section.Name> names = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String most = unit.apply(most(lines.get(i).values()));
            names.add(new Section.Name(i + 1, lines.get(i).name() + ", at most " + most));
        }
        return new Section.Picture(title, svg(names), names);
    }

    private String svg(List<Section.Name> names) {
        StringBuilder svg = new StringBuilder();
        String described = title + ": "
                + String.join("; ", names.stream().map(Section.Name::text).toList());
        svg.append(format(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
                WIDTH, HEIGHT, Escapers.HTML.escape(described)));
        grid(svg);
        for (int i = 0; i < lines.size(); i++) {
            svg.append(format(
                    "<path class=\"line line%d\" d=\"%s\"/>",
                    i + 1, path(lines.get(i).values())));
        }
        return svg.append("</svg>").toString();
    }

    private void grid(StringBuilder svg) {
        for (double mark : height.marks()) {
            String y = y(mark);
            svg.append(format(
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%s\" y2=\"%s\"/>", LEFT, WIDTH - RIGHT, y, y));
            svg.append(format(
                    "<text x=\"%d\" y=\"%s\" dy=\"4\" text-anchor=\"end\">%s</text>",
                    LEFT - 8, y, Escapers.HTML.escape(unit.apply(mark))));
        }
        for (double mark : time.marks()) {
            svg.append(format(
                    "<text x=\"%s\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                    x(mark), HEIGHT - 6, Escapers.HTML.escape(time.time(mark))));
        }
    }

    private String path(double[] values) {
        StringBuilder path = new StringBuilder();
        boolean open = false;
        for (int i = 0; i < Math.min(values.length, seconds.length); i++) {
            if (Double.isNaN(values[i])) {
                open = false;
                continue;
            }
            if (open) {
                path.append('V').append(y(values[i]));
            } else {
                path.append('M')
                        .append(x(i == 0 ? 0 : seconds[i - 1]))
                        .append(' ')
                        .append(y(values[i]));
            }
            path.append('H').append(x(seconds[i]));
            open = true;
        }
        return path.toString();
    }

    private String x(double second) {
        return rounded(LEFT + time.share(second) * (WIDTH - LEFT - RIGHT));
    }

    private String y(double value) {
        return rounded(HEIGHT - BOTTOM - height.share(value) * (HEIGHT - BOTTOM - TOP));
    }

    private static String rounded(double place) {
        return format("%.1f", place);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
