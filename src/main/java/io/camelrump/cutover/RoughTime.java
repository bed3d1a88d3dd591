package io.camelrump.cutover;

import java.util.Locale;

/** A time that is not known better, to be read by a person. */
final class RoughTime {
    private RoughTime() {}

    static String of(double seconds) {
        return seconds < 100
                ? String.format(Locale.ROOT, "about %d s", Math.max(1, Math.round(seconds)))
                : String.format(Locale.ROOT, "about %d min", Math.round(seconds / 60));
    }
}
