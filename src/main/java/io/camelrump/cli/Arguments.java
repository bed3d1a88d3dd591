package io.camelrump.cli;

import java.util.Set;
import java.util.stream.Stream;

/** The words behind the command's name. */
final class Arguments {
    private Arguments() {}

    /** Every known flag that was written with one dash gets its second one: {@code -from} means {@code --from}. */
    static String[] withTwoDashes(String[] arguments, Set<String> flags) {
        return Stream.of(arguments)
                .map(argument -> flags.contains("-" + name(argument)) ? "-" + argument : argument)
                .toArray(String[]::new);
    }

    /** A message with the addresses among the arguments masked, so that no password shows in it. */
    static String withoutPasswords(String message, String[] arguments) {
        String safe = message;
        for (String argument : arguments) {
            safe = safe.replace(argument, masked(argument));
        }
        return safe;
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
