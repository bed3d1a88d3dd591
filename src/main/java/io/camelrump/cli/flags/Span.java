package io.camelrump.cli.flags;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A length of time with its unit: {@code 500ms}, {@code 60s}, {@code 10m}, {@code 1h}. */
public record Span(long millis) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

    static final class Converter implements ITypeConverter<Span> {
        @Override
        public Span convert(String text) {
            return of(text);
        }
    }

    public static Span of(String text) {
        var parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new TypeConversionException("'" + text + "' is not a time such as 500ms, 60s, 10m or 1h");
        }
        long unit =
                switch (parts.group(2)) {
                    case "ms" -> 1;
                    case "s" -> 1_000;
                    case "m" -> 60_000;
                    default -> 3_600_000;
                };
        return new Span(Long.parseLong(parts.group(1)) * unit);
    }

    public Duration duration() {
        return Duration.ofMillis(millis);
    }

    @Override
    public String toString() {
        return millis + "ms";
    }

    /** A time that is not known better, to be read by a person. */
    public static String about(double seconds) {
        return seconds < 100
                ? String.format(Locale.ROOT, "about %d s", Math.max(1, Math.round(seconds)))
                : String.format(Locale.ROOT, "about %d min", Math.round(seconds / 60));
    }

    /** Whole seconds, rounded up. */
    public int seconds() {
        return (int) Math.min(Integer.MAX_VALUE, (millis + 999) / 1_000);
    }
}
