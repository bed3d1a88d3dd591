package io.camelrump;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 4096}, {@code 256kb}, {@code 16mb}, {@code 1gb}; a kb is 1024 bytes. */
public final class ByteSize {
    private static final Pattern FORM = Pattern.compile("(\\d{1,12})\\s*(b|kb|mb|gb)?");

    private ByteSize() {}

    /**
     * Reads a size.
     *
     * @throws IllegalArgumentException if {@code text} is not one, or is 0
     */
    public static long parse(String text) {
        Matcher form = FORM.matcher(text.trim().toLowerCase(Locale.ROOT));
        if (!form.matches() || Long.parseLong(form.group(1)) == 0) {
            throw new IllegalArgumentException("'" + text + "' is not a size: write 4096, 256kb, 16mb or 1gb");
        }
        String unit = form.group(2) == null ? "b" : form.group(2);
        int shift =
                switch (unit) {
                    case "kb" -> 10;
                    case "mb" -> 20;
                    case "gb" -> 30;
                    default -> 0;
                };
        return Long.parseLong(form.group(1)) << shift;
    }
}
