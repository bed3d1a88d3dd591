package io.camelrump.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Values of the document as people read them; empty where one is missing. */
final class Texts {
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final int MINUTE = 60;
    private static final int HOUR = 3_600;

    private Texts() {}

    static String text(JsonNode value) {
        return value.isValueNode() && !value.isNull() ? value.asText() : "";
    }

    static String orUnknown(JsonNode value) {
        String text = text(value);
        return text.isEmpty() ? "unknown" : text;
    }

    static String count(JsonNode value) {
        return value.isNumber() ? count(value.asLong()) : "";
    }

    /** A count that is worth a word: empty for 0. */
    static String positive(JsonNode count) {
        return count.asLong() > 0 ? count(count) : "";
    }

    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    static String bytes(JsonNode value) {
        return value.isNumber() ? bytes(value.asDouble()) : "";
    }

    static String bytes(double bytes) {
        if (bytes < 10_000) {
            return String.format(Locale.ROOT, "%,.0f B", bytes);
        }
        if (bytes < 10_000_000) {
            return String.format(Locale.ROOT, "%,.1f kB", bytes / 1e3);
        }
        return bytes < 10_000_000_000.0
                ? String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6)
                : String.format(Locale.ROOT, "%,.1f GB", bytes / 1e9);
    }

    static String seconds(JsonNode value) {
        return value.isNumber() ? seconds(value.asDouble()) : "";
    }

    /** Seconds that are worth a word: empty for 0. */
    static String positiveSeconds(JsonNode seconds) {
        return seconds.asDouble() > 0 ? seconds(seconds) : "";
    }

    static String seconds(double seconds) {
        if (seconds == 0) {
            return "0 s";
        }
        if (seconds < MINUTE) {
            return String.format(Locale.ROOT, seconds < 1 ? "%.3f s" : "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        return whole < HOUR
                ? String.format(Locale.ROOT, "%d min %d s", whole / MINUTE, whole % MINUTE)
                : String.format(Locale.ROOT, "%,d h %d min", whole / HOUR, whole % HOUR / MINUTE);
    }

    static String millis(JsonNode value) {
        return value.isNumber() ? String.format(Locale.ROOT, "%,.1f ms", value.asDouble()) : "";
    }

    /** A count beside an axis, which may be less than 1. */
    static String wholeOrPart(double count) {
        return count == Math.rint(count)
                ? String.format(Locale.ROOT, "%,.0f", count)
                : String.format(Locale.ROOT, "%.1f", count);
    }

    static String axisSeconds(double seconds) {
        return shortest(seconds) + " s";
    }

    static String axisMillis(double millis) {
        return shortest(millis) + " ms";
    }

    /** Bytes beside an axis. */
    static String axisBytes(double bytes) {
        if (bytes < 1e3) {
            return shortest(bytes) + " B";
        }
        return bytes < 1e6 ? shortest(bytes / 1e3) + " kB" : shortest(bytes / 1e6) + " MB";
    }

    /** With three digits, or as many as a large number has. */
    private static String shortest(double value) {
        String digits = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f";
        String text = String.format(Locale.ROOT, digits, value);
        return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    static String moment(JsonNode value) {
        return moment(value, 0);
    }

    /** @param later seconds after that moment */
    static String moment(JsonNode value, double later) {
        try {
            return MOMENT.format(Instant.parse(text(value)).plus(Duration.ofMillis(Math.round(later * 1_000))));
        } catch (DateTimeException | ArithmeticException e) {
            return text(value);
        }
    }
}
