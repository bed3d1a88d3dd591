package io.camelrump;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * What keys are called at the target: the first rule that a name matches gives it another one.
 *
 * <p>A rule is a pair of prefixes such as {@code user:*=u:*}, or a regular expression for the whole name and its
 * replacement, such as {@code (.*):old=$1}. Regular expressions leave names alone that are no UTF-8.
 */
final class Renaming {
    private interface Rule {
        byte @Nullable [] rename(byte[] key);
    }

    /** Anything but what means something in a regular expression, and a star at the end. */
    private static final Pattern PLAIN_PREFIX = Pattern.compile("[^\\\\.\\[\\](){}+?|^$*]*\\*", Pattern.DOTALL);

    private final List<Rule> rules;
    private final boolean injective;

    private Renaming(List<Rule> rules, boolean injective) {
        this.rules = rules;
        this.injective = injective;
    }

    /** From the option's text, one rule a line; null if there is none. */
    static @Nullable Renaming of(@Nullable String text) {
        List<String> lines = OptionText.lines(text).toList();
        return lines.isEmpty()
                ? null
                : new Renaming(
                        lines.stream().map(Renaming::rule).toList(), lines.size() == 1 && isPrefix(lines.get(0)));
    }

    private static boolean isPrefix(String line) {
        int equals = line.indexOf('=');
        return equals > 0 && line.endsWith("*") && line.charAt(equals - 1) == '*' && equals < line.length() - 1;
    }

    private static Rule rule(String line) {
        int equals = line.indexOf('=');
        if (equals < 1) {
            throw OptionText.wrong("rename", line, "FROM=TO, such as user:*=u:* or (.*):old=$1");
        }
        String from = line.substring(0, equals);
        String to = line.substring(equals + 1);
        if (isPrefix(line)) {
            return prefix(from.substring(0, from.length() - 1), to.substring(0, to.length() - 1));
        }
        if (PLAIN_PREFIX.matcher(from).matches()) {
            throw OptionText.wrong("rename", line, "with a * at the end of both sides, if it is a prefix");
        }
        return regex(line, from, to);
    }

    private static Rule prefix(String from, String to) {
        byte[] old = from.getBytes(StandardCharsets.UTF_8);
        byte[] instead = to.getBytes(StandardCharsets.UTF_8);
        return key -> {
            int rest = key.length - old.length;
            if (rest < 0 || !Arrays.equals(key, 0, old.length, old, 0, old.length)) {
                return null;
            }
            byte[] name = Arrays.copyOf(instead, instead.length + rest);
            System.arraycopy(key, old.length, name, instead.length, rest);
            return name;
        };
    }

    private static Rule regex(String line, String from, String to) {
        Pattern pattern;
        try {
            pattern = Pattern.compile(from, Pattern.DOTALL);
            // tells of groups that there are not, whether or not the expression matches nothing
            Pattern.compile("(?:" + from + ")|").matcher("").replaceFirst(to);
        } catch (PatternSyntaxException e) {
            throw OptionText.wrong("rename", line, "a regular expression before the = (" + e.getDescription() + ")");
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw OptionText.wrong("rename", line, "such that $1 is the first group (" + e.getMessage() + ")");
        }
        return key -> {
            String text = new String(key, StandardCharsets.UTF_8);
            Matcher matcher = pattern.matcher(text);
            boolean isText = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), key);
            return isText && matcher.matches() ? matcher.replaceFirst(to).getBytes(StandardCharsets.UTF_8) : null;
        };
    }

    /** Whether no two keys that are renamed can get the same name. */
    boolean isInjective() {
        return injective;
    }

    /** The name of the key at the target. */
    byte[] rename(byte[] key) {
        for (Rule rule : rules) {
            byte[] name = rule.rename(key);
            if (name != null) {
                return name;
            }
        }
        return key;
    }

    boolean renames(byte[] key) {
        return !Arrays.equals(rename(key), key);
    }

    KeyList rename(KeyList keys) {
        byte[][] names = new byte[keys.size()][];
        for (int i = 0; i < names.length; i++) {
            names[i] = rename(keys.get(i));
        }
        return KeyList.of(names);
    }
}
