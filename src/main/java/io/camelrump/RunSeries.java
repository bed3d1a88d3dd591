package io.camelrump;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a run did over time. A run has at most {@link #MOST_POINTS} of them, however long it takes: the longer it has
 * gone on, the longer is the time that each is about.
 *
 * @param points in the order of time, each about the time since the one before it
 * @param stages the phases of the run, in the order in which it entered them
 */
public record RunSeries(List<Point> points, List<Stage> stages) {
    public static final int MOST_POINTS = 1_000;

    /** The series of a run that has not begun. */
    public static final RunSeries NONE = new RunSeries(List.of(), List.of());

    public RunSeries {
        points = List.copyOf(points);
        stages = List.copyOf(stages);
    }

    /**
     * What was done between the point before and this one. Of times it has the longest.
     *
     * @param seconds since the start of the run
     * @param keysRead per second, like the three that follow
     * @param bytesRead of the payloads
     * @param keysWritten for which a target has answered
     * @param bytesWritten with commands and names
     * @param lagSeconds how long the oldest change had waited; null where no changes are followed
     * @param waiting most keys that waited to be read again; null where no changes are followed
     * @param sourceMillis slowest PING of the latency guard; null if none was answered
     * @param targetMillis slowest batch of a target; null if none was answered
     */
    public record Point(
            double seconds,
            long keysRead,
            long bytesRead,
            long keysWritten,
            long bytesWritten,
            @Nullable Double lagSeconds,
            @Nullable Long waiting,
            @Nullable Double sourceMillis,
            @Nullable Double targetMillis) {}

    /**
     * A phase of the run.
     *
     * @param fromSeconds since the start of the run
     */
    public record Stage(RunPhase phase, double fromSeconds) {}

    /**
     * This as a part of a document for machines: a list for each value, which has as many entries as there are points.
     */
    public Map<String, Object> columns() {
        Map<String, Object> columns = new LinkedHashMap<>();
        columns.put("seconds", column(Point::seconds));
        columns.put("keysReadPerSecond", column(Point::keysRead));
        columns.put("bytesReadPerSecond", column(Point::bytesRead));
        columns.put("keysWrittenPerSecond", column(Point::keysWritten));
        columns.put("bytesWrittenPerSecond", column(Point::bytesWritten));
        columns.put("lagSeconds", column(Point::lagSeconds));
        columns.put("waiting", column(Point::waiting));
        columns.put("sourceMillis", column(Point::sourceMillis));
        columns.put("targetMillis", column(Point::targetMillis));
        List<Map<String, Object>> phases = new ArrayList<>();
        for (Stage stage : stages) {
            Map<String, Object> phase = new LinkedHashMap<>();
            phase.put("phase", stage.phase().word());
            phase.put("fromSeconds", stage.fromSeconds());
            phases.add(phase);
        }
        columns.put("phases", phases);
        return columns;
    }

    private List<@Nullable Object> column(Function<Point, @Nullable Object> value) {
        List<@Nullable Object> column = new ArrayList<>(points.size());
        points.forEach(point -> column.add(value.apply(point)));
        return column;
    }
}
