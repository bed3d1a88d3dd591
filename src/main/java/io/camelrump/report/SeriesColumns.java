package io.camelrump.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * The course of a run over time, as its document has it.
 *
 * @param copying name of its first phase
 */
record SeriesColumns(JsonNode series, String copying) {
    /** More than the document ever has; a file that a person has edited may have more. */
    private static final int MOST = 10_000;

    /** A phase of the run, in seconds since its start. */
    record Phase(String name, double from, double until) {
        double seconds() {
            return until - from;
        }
    }

    /** The course of a migration. */
    SeriesColumns(JsonNode series) {
        this(series, "copying");
    }

    /** When each point ends; ascending. */
    double[] seconds() {
        double[] seconds = column("seconds");
        for (int i = 0; i < seconds.length; i++) {
            double before = i == 0 ? 0 : seconds[i - 1];
            seconds[i] = Double.isNaN(seconds[i]) ? before : Math.max(before, seconds[i]);
        }
        return seconds;
    }

    /** Values of a column, NaN where there is none. */
    double[] column(String name) {
        JsonNode values = series.path(name);
        double[] column = new double[Math.min(MOST, values.size())];
        for (int i = 0; i < column.length; i++) {
            JsonNode value = values.path(i);
            column[i] = value.isNumber() && value.asDouble() >= 0 ? value.asDouble() : Double.NaN;
        }
        return column;
    }

    boolean has(String name) {
        return DoubleStream.of(column(name)).anyMatch(value -> value > 0);
    }

    double end() {
        double[] seconds = seconds();
        return seconds.length == 0 ? 0 : seconds[seconds.length - 1];
    }

    /** The phases but for the end. */
    List<Phase> phases() {
        JsonNode entered = series.path("phases");
        List<Phase> phases = new ArrayList<>();
        for (int i = 0; i < Math.min(MOST, entered.size()); i++) {
            double from = entered.path(i).path("fromSeconds").asDouble();
            double until = i + 1 < entered.size()
                    ? entered.path(i + 1).path("fromSeconds").asDouble()
                    : Math.max(from, end());
            String name = entered.path(i).path("phase").asText();
            if (name.equals("copying")) {
                name = copying;
            }
            if (!name.equals("ended") && until >= from) {
                phases.add(new Phase(name, from, until));
            }
        }
        return phases;
    }
}
