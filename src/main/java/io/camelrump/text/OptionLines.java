package io.camelrump.text;

import io.camelrump.UsageException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several values of one option in one text, one a line. A line feed behind a backslash belongs to the value, and two
 * backslashes at the end of a line are one.
 *
 * <p>An empty value is refused: it is what an unset variable looks like, and taken for no value it would let every key
 * pass.
 */
public final class OptionLines {
    private OptionLines() {}

    /**
     * The text that {@link #split} makes the values of again.
     *
     * @throws UsageException if a value is empty; the message names the option
     */
    public static String join(String option, List<String> values) {
        return joined(
                values.stream()
                        .map(value -> joined(List.of(required(option, value).split("\n", -1)), "\\\n"))
                        .toList(),
                "\n");
    }

    /** The parts with a separator between, and each backslash before it twice. */
    private static String joined(List<String> parts, String separator) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            if (i > 0) {
                text.append("\\".repeat(trailingBackslashes(text))).append(separator);
            }
            text.append(parts.get(i));
        }
        return text.toString();
    }

    /**
     * The values of the text; none if it is null.
     *
     * @throws UsageException if one is empty; the message names the option
     */
    public static List<String> split(String option, @Nullable String text) {
        List<String> values = new ArrayList<>();
        if (text == null) {
            return values;
        }
        StringBuilder value = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\n') {
                value.append(c);
                continue;
            }
            int backslashes = trailingBackslashes(value);
            value.setLength(value.length() - (backslashes + 1) / 2);
            if (backslashes % 2 != 0) {
                value.append(c);
            } else {
                values.add(required(option, value.toString()));
                value.setLength(0);
            }
        }
        // a block of lines ends with a line feed
        if (values.isEmpty() || value.length() > 0) {
            values.add(required(option, value.toString()));
        }
        return values;
    }

    public static String required(String option, String value) {
        if (value.isEmpty()) {
            throw new UsageException(
                    option + "=" + value + ": it must be at least one character (is a variable unset?)");
        }
        return value;
    }

    private static int trailingBackslashes(CharSequence text) {
        int count = 0;
        while (count < text.length() && text.charAt(text.length() - 1 - count) == '\\') {
            count++;
        }
        return count;
    }
}
