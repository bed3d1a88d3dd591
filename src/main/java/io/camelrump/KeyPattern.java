package io.camelrump;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text of a new name, in which {@code $name} and the like stand for what a key has. */
final class KeyPattern {
    private static final Pattern VARIABLE = Pattern.compile("\\$(\\$|[a-zA-Z]*)");

    private KeyPattern() {}

    /** @throws UsageException if a variable is none of a key's */
    static String fill(String pattern, DumpedKey key) {
        StringBuilder text = new StringBuilder();
        Matcher variable = VARIABLE.matcher(pattern);
        int end = 0;
        while (variable.find()) {
            text.append(pattern, end, variable.start()).append(value(variable.group(1), pattern, key));
            end = variable.end();
        }
        return text.append(pattern, end, pattern.length()).toString();
    }

    private static Object value(String variable, String pattern, DumpedKey key) {
        return switch (variable) {
            case "name" -> key.name();
            case "type" -> key.type();
            case "database" -> key.database();
            case "size" -> key.size();
            case "$" -> "$";
            default ->
                throw new UsageException("$" + variable + " in the pattern " + pattern
                        + " is not known: it may have $name, $type, $database and $size, and $$ for a dollar sign");
        };
    }
}
