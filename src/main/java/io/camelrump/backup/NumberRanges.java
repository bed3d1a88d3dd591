package io.camelrump.backup;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A set of numbers from 0 on, as ranges: of pages that come in their order it is one range. */
final class NumberRanges {
    private static final int SHOWN = 5;

    /** First number of each range, with the last one. */
    private final TreeMap<Long, Long> ranges = new TreeMap<>();

    void add(long number) {
        add(number, number);
    }

    private void add(long first, long last) {
        Map.Entry<Long, Long> before = ranges.floorEntry(first);
        if (before != null && before.getValue() >= first) {
            return;
        }
        long from = before != null && before.getValue() == first - 1 ? before.getKey() : first;
        Long next = ranges.get(last + 1);
        if (next == null) {
            ranges.put(from, last);
        } else {
            ranges.remove(last + 1);
            ranges.put(from, next);
        }
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** One above the largest number. */
    long end() {
        return ranges.isEmpty() ? 0 : ranges.lastEntry().getValue() + 1;
    }

    /** The numbers below {@code end} that are not here. */
    NumberRanges gaps(long end) {
        NumberRanges gaps = new NumberRanges();
        long next = 0;
        for (Map.Entry<Long, Long> range : ranges.headMap(end).entrySet()) {
            if (range.getKey() > next) {
                gaps.add(next, range.getKey() - 1);
            }
            next = range.getValue() + 1;
        }
        if (next < end) {
            gaps.add(next, end - 1);
        }
        return gaps;
    }

    /** The first of them, such as {@code 3, 7 to 9}. */
    @Override
    public String toString() {
        String shown = ranges.entrySet().stream()
                .limit(SHOWN)
                .map(range -> range.getKey().equals(range.getValue())
                        ? range.getKey().toString()
                        : range.getKey() + " to " + range.getValue())
                .collect(Collectors.joining(", "));
        return ranges.size() > SHOWN ? shown + " and others" : shown;
    }
}
