package io.camelrump.throttle;

import io.camelrump.redis.ServerInfo;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often a server ran each command, and how long that took together.
 *
 * @param calls by the command's name in small letters, with those of its subcommands
 * @param micros the same, time on the server's thread
 * @see <a href="https://redis.io/docs/latest/commands/info/">INFO, section commandstats</a>
 */
record CommandStatistics(Map<String, Long> calls, Map<String, Long> micros) {
    /** Commands of a copy, and of those who watch, replicate or administrate a server. */
    private static final Set<String> OF_COPIES = Set.of(
            "scan",
            "dump",
            "pttl",
            "pexpiretime",
            "type",
            "memory",
            "object",
            "strlen",
            "exists",
            "time",
            "ping",
            "info",
            "select",
            "hello",
            "auth",
            "client",
            "command",
            "cluster",
            "config",
            "readonly",
            "asking",
            "dbsize",
            "randomkey",
            "hscan",
            "sscan",
            "zscan",
            "lrange",
            "getrange",
            "llen",
            "hlen",
            "scard",
            "zcard",
            "xlen",
            "xinfo",
            "xrange",
            "hpttl",
            "hpexpiretime",
            "watch",
            "unwatch",
            "multi",
            "exec",
            "function",
            "role",
            "replconf",
            "psync",
            "sync",
            "wait",
            "quit",
            "acl",
            "module",
            "slowlog",
            "latency",
            "lastsave",
            "vinfo",
            "xpending");

    /** Statistics of a server that reports none. */
    static final CommandStatistics NONE = new CommandStatistics(Map.of(), Map.of());

    private static final Pattern ENTRY = Pattern.compile("calls=(\\d{1,18}),usec=(\\d{1,18}),.*");
    private static final String PREFIX = "cmdstat_";

    static CommandStatistics of(ServerInfo info) {
        Map<String, Long> calls = new HashMap<>();
        Map<String, Long> micros = new HashMap<>();
        info.fields().forEach((field, value) -> {
            Matcher entry = ENTRY.matcher(value);
            if (field.startsWith(PREFIX) && entry.matches()) {
                int end = field.indexOf('|');
                String name = field.substring(PREFIX.length(), end < 0 ? field.length() : end);
                calls.merge(name, Long.parseLong(entry.group(1)), Long::sum);
                micros.merge(name, Long.parseLong(entry.group(2)), Long::sum);
            }
        });
        return new CommandStatistics(Map.copyOf(calls), Map.copyOf(micros));
    }

    boolean isHidden() {
        return calls.isEmpty();
    }

    /** Calls of commands that no copy sends. */
    long foreignCalls() {
        return calls.entrySet().stream()
                .filter(entry -> !OF_COPIES.contains(entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    long allCalls() {
        return sum(calls.values());
    }

    long allMicros() {
        return sum(micros.values());
    }

    private static long sum(Collection<Long> of) {
        return of.stream().mapToLong(Long::longValue).sum();
    }

    long calls(String... names) {
        return sum(calls, names);
    }

    long micros(String... names) {
        return sum(micros, names);
    }

    private static long sum(Map<String, Long> of, String... names) {
        long sum = 0;
        for (String name : names) {
            sum += of.getOrDefault(name, 0L);
        }
        return sum;
    }
}
