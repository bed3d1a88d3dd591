package io.camelrump.cli.process;

import io.camelrump.UsageException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The words behind the command's name. */
public final class Arguments {
    /** Stands for what could not be decoded. */
    private static final char REPLACEMENT = '\uFFFD';

    private Arguments() {}

    /**
     * An objection to the first argument, or variable of this command, that is not the text that was typed; null if
     * there is none. Its value is not shown: it may be a password.
     *
     * @param charset that Java decodes arguments, variables and file names by
     */
    public static @Nullable String undecoded(String[] arguments, Map<String, String> environment, String charset) {
        for (int i = 0; i < arguments.length; i++) {
            if (isUndecoded(arguments[i], charset)) {
                return objection(place(arguments, i), charset);
            }
        }
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            if (variable.getKey().startsWith("RUMP_") && isUndecoded(variable.getValue(), charset)) {
                return objection("the variable " + variable.getKey(), charset);
            }
        }
        return null;
    }

    /** The arguments that were decoded as typed; {@code --} instead of each other one. */
    public static String[] decoded(String[] arguments) {
        String charset = charset();
        return Stream.of(arguments)
                .map(argument -> isUndecoded(argument, charset) ? "--" : argument)
                .toArray(String[]::new);
    }

    /** The charset by which Java decodes arguments, variables and file names. */
    public static String charset() {
        return System.getProperty("sun.jnu.encoding", "UTF-8");
    }

    private static boolean isUndecoded(String text, String charset) {
        return text.indexOf(REPLACEMENT) >= 0
                || !charset.equalsIgnoreCase(StandardCharsets.UTF_8.name())
                        && text.chars().anyMatch(c -> c > 127);
    }

    private static String place(String[] arguments, int i) {
        String name = name(arguments[i]);
        if (name.startsWith("-") && name.length() < arguments[i].length()) {
            return "the value of " + name;
        }
        return i > 0 && arguments[i - 1].startsWith("-") ? "the value of " + arguments[i - 1] : "argument " + (i + 1);
    }

    private static String objection(String what, String charset) {
        return charset.equalsIgnoreCase(StandardCharsets.UTF_8.name())
                ? what + " is not UTF-8, or has U+FFFD in it. In a glob a ? stands for any byte, and a file for"
                        + " --keys-from may spell one as \\xNN"
                : what + " is not ASCII, and Java reads it as " + charset
                        + " here: set LC_ALL to a UTF-8 locale of this machine, one of locale -a";
    }

    /** Every known flag that was written with one dash gets its second one: {@code -from} means {@code --from}. */
    public static String[] withTwoDashes(String[] arguments, Set<String> flags) {
        return Stream.of(arguments)
                .map(argument -> flags.contains("-" + name(argument)) ? "-" + argument : argument)
                .toArray(String[]::new);
    }

    /** A message with the addresses among the arguments masked, so that no password shows in it. */
    public static String withoutPasswords(String message, String[] arguments) {
        String safe = message;
        for (String argument : arguments) {
            safe = safe.replace(argument, masked(argument));
        }
        return safe;
    }

    /**
     * Whether an address was typed: the launcher turns it into a variable, and says so each time that it meets one.
     *
     * @throws UsageException if it was typed twice
     */
    public static boolean isTyped(String flag, Map<String, String> environment) {
        List<String> typed = List.of(environment.getOrDefault("RUMP_TYPED", "").split(" "));
        int times = Collections.frequency(typed, flag.substring(2));
        if (times > 1) {
            throw new UsageException("is given twice");
        }
        return times == 1;
    }

    private static String name(String argument) {
        int equals = argument.indexOf('=');
        return equals < 0 ? argument : argument.substring(0, equals);
    }

    private static String masked(String argument) {
        int at = argument.lastIndexOf('@');
        int start = argument.indexOf("://");
        if (start >= 0) {
            return argument.substring(0, start + 3) + "***" + (at < start ? "" : argument.substring(at));
        }
        return at < 0 ? argument : "***" + argument.substring(at);
    }
}
