package io.camelrump.keys;

import io.camelrump.Refusal;
import io.camelrump.UsageException;
import io.camelrump.options.OptionText;
import io.camelrump.redis.RedisException;
import io.camelrump.text.OptionLines;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression for the whole name of a key, matched in a bounded number of steps.
 *
 * <p>Java's expressions know groups and references that a replacement wants, and may take longer than anybody waits:
 * each repetition inside of another one can multiply the steps by the length of the name. One that takes too many is an
 * error, not a name that does not match.
 */
public final class KeyPattern {
    private static final long STEPS = 5_000_000;
    /** A long name may take more steps; a plain search in it takes a few for each character. */
    private static final long STEPS_PER_CHARACTER = 100;

    private static final int SHOWN = 60;

    private final Pattern pattern;

    /** @throws PatternSyntaxException if it is none */
    KeyPattern(String regex, int flags) {
        pattern = Pattern.compile(regex, flags);
    }

    /** @throws UsageException if it is none; the message names the option */
    public static KeyPattern of(String option, String regex, int flags) {
        try {
            return new KeyPattern(OptionLines.required(option, regex), flags);
        } catch (PatternSyntaxException e) {
            throw OptionText.wrong(option, regex, "a regular expression (" + e.getDescription() + ")");
        }
    }

    public boolean matches(String name) {
        return new Bounded(pattern, name).matches();
    }

    /**
     * What the replacement makes of the key's name; null if the name does not match, or is no UTF-8.
     *
     * @param replacement {@code $1} is the first group
     */
    public byte @Nullable [] replace(byte[] key, String replacement) {
        String name = new String(key, StandardCharsets.UTF_8);
        boolean isText = Arrays.equals(name.getBytes(StandardCharsets.UTF_8), key);
        // of a name that matches it takes the same steps once more
        return isText && matches(name)
                ? pattern.matcher(name).replaceFirst(replacement).getBytes(StandardCharsets.UTF_8)
                : null;
    }

    private static final class TooManySteps extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooManySteps() {
            super("too many steps", null, false, false);
        }
    }

    /** One name, which counts how often it is looked at. */
    private static final class Bounded implements CharSequence {
        private final Pattern pattern;
        private final String name;
        private long left;

        Bounded(Pattern pattern, String name) {
            this.pattern = pattern;
            this.name = name;
            this.left = STEPS + STEPS_PER_CHARACTER * name.length();
        }

        boolean matches() {
            try {
                return pattern.matcher(this).matches();
            } catch (TooManySteps | StackOverflowError e) {
                throw RedisException.permanentError(
                        "The regular expression " + pattern + " takes too long on the key " + shown()
                                + ": write it without a repetition inside of a repetition, or leave such keys out by"
                                + " their"
                                + " beginning (excludeKey).");
            }
        }

        private String shown() {
            boolean whole = name.length() <= SHOWN;
            byte[] bytes = name.substring(0, whole ? name.length() : SHOWN).getBytes(StandardCharsets.UTF_8);
            return Refusal.quote(bytes) + (whole ? "" : "... of " + name.length() + " characters");
        }

        @Override
        public int length() {
            return name.length();
        }

        @Override
        public char charAt(int index) {
            if (--left < 0) {
                throw new TooManySteps();
            }
            return name.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return name.subSequence(start, end);
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
