package io.camelrump.source;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How long the strings of a database are, as {@code INFO keysizes} counts them by powers of two.
 *
 * <p>The counts are believed where they agree with the number of keys in {@code INFO keyspace}: streams and values of
 * modules are not counted, and those of collections are numbers of elements. Redis 8.6.3 counts a string that was empty
 * before SETBIT or BITFIELD as empty for good, so that none may be empty.
 */
final class SizeHistogram {
    private static final Pattern COUNT = Pattern.compile("(\\d{1,4})(|K|M|G|T)=(\\d{1,12})");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,12}");
    private static final List<String> UNITS = List.of("", "K", "M", "G", "T");
    private static final int UNIT_BITS = 10;
    /** Bytes that a reply to DUMP, and to PTTL before it, has beside the string. */
    private static final int BESIDE_STRING = 64;

    /** Number of strings by the largest length that they may have, the longest first. */
    private final TreeMap<Long, Long> keysByLength = new TreeMap<>(Comparator.reverseOrder());

    private SizeHistogram() {}

    /**
     * The strings of a database.
     *
     * @param info sections keyspace and keysizes
     * @return null if it has, or may have, other keys, or if the counts cannot be believed
     */
    static @Nullable SizeHistogram ofStringsAlone(String info, int database) {
        SizeHistogram histogram = new SizeHistogram();
        String ofKeys = "db" + database + ":keys=";
        String ofSizes = "db" + database + "_distrib_";
        String ofStrings = ofSizes + "strings_sizes:";
        long keys = -1;
        for (String line : info.split("\r\n")) {
            if (line.startsWith(ofKeys)) {
                Matcher number = NUMBER.matcher(line);
                keys = number.find(ofKeys.length()) ? Long.parseLong(number.group()) : -1;
            } else if (line.startsWith(ofSizes)
                    && !(line.startsWith(ofStrings) && histogram.add(line.substring(ofStrings.length())))) {
                return null;
            }
        }
        long counted = histogram.keysByLength.values().stream()
                .mapToLong(Long::longValue)
                .sum();
        return counted > 0 && counted == keys ? histogram : null;
    }

    private boolean add(String counts) {
        for (String count : counts.split(",")) {
            Matcher found = COUNT.matcher(count);
            if (!found.matches()) {
                return false;
            }
            long least = Long.parseLong(found.group(1)) << UNIT_BITS * UNITS.indexOf(found.group(2));
            if (Long.bitCount(least) != 1) {
                return false;
            }
            keysByLength.merge(2 * least - 1, Long.parseLong(found.group(3)), Long::sum);
        }
        return true;
    }

    /** No string is longer. */
    long longest() {
        return keysByLength.firstKey();
    }

    /**
     * Bytes to reckon for each reply, so that those which fit a window by it do so also if they are the longest ones.
     *
     * @param leastKeys number of keys that are to fit it
     * @return bytes from 1; 0 if fewer keys fit
     */
    int bytesPerKey(long window, int leastKeys) {
        long keys = 0;
        long bytes = 0;
        for (Map.Entry<Long, Long> strings : keysByLength.entrySet()) {
            long each = strings.getKey() + BESIDE_STRING;
            long fit = Math.min(strings.getValue(), (window - bytes) / each);
            keys += fit;
            bytes += fit * each;
            if (fit < strings.getValue()) {
                return keys < leastKeys ? 0 : Math.toIntExact((window + keys - 1) / keys);
            }
        }
        return Math.toIntExact((bytes + keys - 1) / keys);
    }
}
