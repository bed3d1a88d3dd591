package io.camelrump.text;

import io.camelrump.UsageException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes as people write them: {@code 4096}, {@code 256kb}, {@code 16mb}, {@code 1gb}; a kb is 1000 bytes as in all
 * output, a kib 1024.
 */
public final class ByteSize {
    private static final Pattern FORM = Pattern.compile("(\\d{1,12})\\s*(b|[kmg]i?b)?");

    private ByteSize() {}

    /**
     * Reads a size.
     *
     * @throws UsageException if {@code text} is not one, or is 0
     */
    public static long parse(String text) {
        Matcher form = FORM.matcher(text.trim().toLowerCase(Locale.ROOT));
        if (!form.matches() || Long.parseLong(form.group(1)) == 0) {
            throw new UsageException("'" + text + "' is not a size: write 4096, 256kb, 16mb or 1gb");
        }
        String unit = form.group(2) == null ? "b" : form.group(2);
        long bytes =
                switch (unit) {
                    case "kb" -> 1_000;
                    case "mb" -> 1_000_000;
                    case "gb" -> 1_000_000_000;
                    case "kib" -> 1L << 10;
                    case "mib" -> 1L << 20;
                    case "gib" -> 1L << 30;
                    default -> 1;
                };
        long count = Long.parseLong(form.group(1));
        return count > Long.MAX_VALUE / bytes ? Long.MAX_VALUE : count * bytes;
    }
}
