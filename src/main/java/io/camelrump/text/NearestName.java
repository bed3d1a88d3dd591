package io.camelrump.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the name that was probably meant by one that is unknown. */
public final class NearestName {
    private static final Pattern DIGITS = Pattern.compile("[\\d_-]");
    private static final int MOST_SLIPS = 2;

    private NearestName() {}

    /** The name with the fewest letters to insert, drop or replace; one of several by the alphabet. */
    public static String of(String unknown, Collection<String> names) {
        String word = unknown.toLowerCase(Locale.ROOT);
        return names.stream()
                .min(Comparator.<String>comparingInt(name -> distance(word, name.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
    }

    /**
     * The name that differs from an unknown one by a slip of the keyboard: in one or two letters, and not in digits,
     * which count servers. Null if none does.
     */
    public static @Nullable String slip(String unknown, Collection<String> names) {
        if (names.isEmpty()) {
            return null;
        }
        String nearest = of(unknown, names);
        String letters = DIGITS.matcher(nearest).replaceAll("");
        int different = distance(DIGITS.matcher(unknown).replaceAll(""), letters);
        return different > 0 && different <= MOST_SLIPS && letters.length() > 2 * MOST_SLIPS ? nearest : null;
    }

    /** The nearest name, where it differs in one or two letters; null if none does. */
    public static @Nullable String like(String unknown, Collection<String> names) {
        String nearest = of(unknown, names);
        return distance(unknown, nearest) <= MOST_SLIPS ? nearest : null;
    }

    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
