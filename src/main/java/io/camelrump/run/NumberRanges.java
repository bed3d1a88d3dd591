package io.camelrump.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A set of numbers of pages, kept as ranges: it is small where they lie beside each other, however many they are.
 *
 * <p>Not thread-safe.
 */
public final class NumberRanges {
    /** Numbers that lie beside each other. */
    public record Range(long first, long last) {
        /** @throws IllegalArgumentException if there is no number in it, or one below 0 */
        public Range {
            if (first < 0 || last < first) {
                throw new IllegalArgumentException("numbers " + first + " to " + last);
            }
        }

        @Override
        public String toString() {
            return first == last ? String.valueOf(first) : first + "-" + last;
        }
    }

    /** Last number of each range by its first one. */
    private final TreeMap<Long, Long> ranges = new TreeMap<>();

    /** A set of these. */
    public static NumberRanges of(List<Range> some) {
        NumberRanges numbers = new NumberRanges();
        some.forEach(range -> numbers.add(range.first(), range.last()));
        return numbers;
    }

    /** Adds one number. */
    public void add(long number) {
        add(number, number);
    }

    /** Adds all numbers from {@code first} to {@code last}. */
    public void add(long first, long last) {
        long from = first;
        long to = last;
        Map.Entry<Long, Long> before = ranges.floorEntry(first);
        if (before != null && before.getValue() >= first - 1) {
            from = before.getKey();
            to = Math.max(to, before.getValue());
        }
        Map.Entry<Long, Long> next = ranges.higherEntry(from);
        while (next != null && next.getKey() <= to + 1) {
            to = Math.max(to, next.getValue());
            ranges.remove(next.getKey());
            next = ranges.higherEntry(from);
        }
        ranges.put(from, to);
    }

    /** Adds all numbers of another set. */
    public void addAll(NumberRanges others) {
        others.ranges.forEach(this::add);
    }

    public void clear() {
        ranges.clear();
    }

    public boolean contains(long number) {
        Map.Entry<Long, Long> range = ranges.floorEntry(number);
        return range != null && range.getValue() >= number;
    }

    /** The lowest number, from 0, that is not in it. */
    public long firstMissing() {
        Map.Entry<Long, Long> first = ranges.firstEntry();
        return first == null || first.getKey() > 0 ? 0 : first.getValue() + 1;
    }

    /** The numbers from 0 that are below {@code end} and not in it. */
    public List<Range> missing(long end) {
        List<Range> missing = new ArrayList<>();
        long next = 0;
        for (Map.Entry<Long, Long> range : ranges.headMap(end, false).entrySet()) {
            if (range.getKey() > next) {
                missing.add(new Range(next, range.getKey() - 1));
            }
            next = range.getValue() + 1;
        }
        if (next < end) {
            missing.add(new Range(next, end - 1));
        }
        return missing;
    }

    public List<Range> ranges() {
        return ranges.entrySet().stream()
                .map(range -> new Range(range.getKey(), range.getValue()))
                .toList();
    }

    /** Number of ranges, which is what it takes in memory. */
    public int size() {
        return ranges.size();
    }

    /** The first ranges of several, as people write them, and how many more there are. */
    public static String words(List<Range> ranges, int most) {
        String first = ranges.stream().limit(most).map(Range::toString).collect(Collectors.joining(", "));
        return ranges.size() <= most ? first : first + " and " + (ranges.size() - most) + " other ranges";
    }

    @Override
    public String toString() {
        return words(ranges(), 10);
    }
}
