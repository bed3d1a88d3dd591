package io.camelrump.keys;

import io.camelrump.options.OptionText;
import io.camelrump.redis.KeyList;
import io.camelrump.text.OptionLines;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
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
public final class RenameRules {
    private interface Rule {
        /** The key's other name; null if the rule is not about it. */
        byte @Nullable [] rename(byte[] key);

        /** The key that this rule would give the name to; null if there is none, or it is not known. */
        byte @Nullable [] origin(byte[] name);

        /** Whether this rule may have made the name of a key that is not known. */
        boolean mayHide(byte[] name);
    }

    private record PrefixRule(byte[] old, byte[] instead) implements Rule {
        @Override
        public byte @Nullable [] rename(byte[] key) {
            return exchange(key, old, instead);
        }

        @Override
        public byte @Nullable [] origin(byte[] name) {
            return exchange(name, instead, old);
        }

        @Override
        public boolean mayHide(byte[] name) {
            return false;
        }

        private static byte @Nullable [] exchange(byte[] key, byte[] prefix, byte[] other) {
            int rest = key.length - prefix.length;
            if (rest < 0 || !Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length)) {
                return null;
            }
            byte[] name = Arrays.copyOf(other, other.length + rest);
            System.arraycopy(key, prefix.length, name, other.length, rest);
            return name;
        }
    }

    /** @param made what all names look like that the replacement makes */
    private record RegexRule(KeyPattern pattern, String replacement, Glob made) implements Rule {
        @Override
        public byte @Nullable [] rename(byte[] key) {
            return pattern.replace(key, replacement);
        }

        @Override
        public byte @Nullable [] origin(byte[] name) {
            return null;
        }

        @Override
        public boolean mayHide(byte[] name) {
            return made.matches(name);
        }
    }

    /** Anything but what means something in a regular expression, and a star at the end. */
    private static final Pattern PLAIN_PREFIX = Pattern.compile("[^\\\\.\\[\\](){}+?|^$*]*\\*", Pattern.DOTALL);

    /** A group, a character behind a backslash, or a character. */
    private static final Pattern REPLACEMENT_PART = Pattern.compile("(\\$(?:\\d+|\\{[^}]*}))|\\\\.|.", Pattern.DOTALL);

    private final List<Rule> rules;
    private final boolean injective;

    private RenameRules(List<Rule> rules, boolean injective) {
        this.rules = rules;
        this.injective = injective;
    }

    /** From the option's text, one rule a line; null if there is none. */
    public static @Nullable RenameRules of(@Nullable String text) {
        List<String> lines = OptionLines.split("rename", text);
        return lines.isEmpty()
                ? null
                : new RenameRules(
                        lines.stream().map(RenameRules::rule).toList(), lines.size() == 1 && isPrefix(lines.get(0)));
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
        return new PrefixRule(from.getBytes(StandardCharsets.UTF_8), to.getBytes(StandardCharsets.UTF_8));
    }

    private static Rule regex(String line, String from, String to) {
        KeyPattern pattern;
        try {
            pattern = new KeyPattern(from, Pattern.DOTALL);
            // reports groups that do not exist, whether or not the expression matches nothing
            Pattern.compile("(?:" + from + ")|").matcher("").replaceFirst(to);
        } catch (PatternSyntaxException e) {
            throw OptionText.wrong("rename", line, "a regular expression before the = (" + e.getDescription() + ")");
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw OptionText.wrong("rename", line, "such that $1 is the first group (" + e.getMessage() + ")");
        }
        return new RegexRule(pattern, to, made(to));
    }

    /** Each group of a replacement may have given anything, or nothing: the empty key is matched by one star alone. */
    private static Glob made(String replacement) {
        StringBuilder glob = new StringBuilder();
        boolean afterStar = false;
        Matcher part = REPLACEMENT_PART.matcher(replacement);
        while (part.find()) {
            String text = part.group();
            boolean escaped = text.length() > 1 && text.startsWith("\\");
            boolean star = part.group(1) != null;
            if (!star) {
                glob.append('\\').append(escaped ? text.substring(1) : text);
            } else if (!afterStar) {
                glob.append('*');
            }
            afterStar = star;
        }
        return new Glob(glob.toString());
    }

    /** Whether no two keys that are renamed can get the same name. */
    public boolean isInjective() {
        return injective;
    }

    /** The name of the key at the target. */
    public byte[] rename(byte[] key) {
        for (Rule rule : rules) {
            byte[] name = rule.rename(key);
            if (name != null) {
                return name;
            }
        }
        return key;
    }

    /** The keys that get this name, as far as that is known: see {@link #mayHide}. */
    List<byte[]> origins(byte[] name) {
        List<byte[]> origins = new ArrayList<>();
        origins.add(name);
        rules.stream().map(rule -> rule.origin(name)).filter(Objects::nonNull).forEach(origins::add);
        List<byte[]> found = new ArrayList<>();
        for (byte[] key : origins) {
            if (Arrays.equals(rename(key), name) && found.stream().noneMatch(other -> Arrays.equals(other, key))) {
                found.add(key);
            }
        }
        return found;
    }

    /** All keys that get this name; null where a regular expression may have made it of one that is not known. */
    public @Nullable List<byte[]> knownOrigins(byte[] name) {
        return mayHide(name) ? null : origins(name);
    }

    /** Whether a regular expression may have made the name of a key that is not known. */
    boolean mayHide(byte[] name) {
        return rules.stream().anyMatch(rule -> rule.mayHide(name));
    }

    public boolean renames(byte[] key) {
        return !Arrays.equals(rename(key), key);
    }

    public KeyList rename(KeyList keys) {
        byte[][] names = new byte[keys.size()][];
        for (int i = 0; i < names.length; i++) {
            names[i] = rename(keys.get(i));
        }
        return KeyList.of(names);
    }
}
