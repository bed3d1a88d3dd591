package io.camelrump.options;

import java.time.Duration;

/** Bounds of option values; each message names the option, its value and what is allowed. */
final class Limits {
    /** More than any size that a person means. */
    static final long MOST_BYTES = 1L << 40;

    private Limits() {}

    static void range(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw OptionText.wrong(option, value, "from " + least + " to " + most);
        }
    }

    static void positive(String option, Duration value) {
        if (value.isNegative() || value.isZero() || value.toMillis() > Integer.MAX_VALUE) {
            throw OptionText.wrong(option, value, "a time of more than 0, such as 60s");
        }
    }

    /** The bytes of a size such as {@code 256kb}. */
    static long bytes(String option, String text, long least, long most) {
        long bytes = OptionText.bytes(option, text);
        if (bytes < least || bytes > most) {
            throw OptionText.wrong(option, text, "from " + least / 1_000 + "kb to " + most / 1_000_000 + "mb");
        }
        return bytes;
    }
}
