package io.camelrump.redis;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a target can hold of a value that is written by commands; asked of the server itself with a key that nobody has,
 * so that nothing is written.
 *
 * @param fieldExpiry whether the fields of a hash can expire (Redis 7.4, Valkey 9)
 * @param streams whether it has streams (Redis 5.0)
 * @param streamCounters whether a stream counts what was added and read (Redis 7.0)
 * @param idleConsumers whether a consumer can be made that nothing is pending for (Redis 6.2)
 * @param producerIds whether a stream knows messages that are sent again (Redis 8.6)
 */
public record ElementFeatures(
        boolean fieldExpiry, boolean streams, boolean streamCounters, boolean idleConsumers, boolean producerIds) {

    /** A dry run sends no command that could write. */
    public static ElementFeatures of(RedisConnection connection, boolean dryRun) throws IOException {
        String nowhere = connection.nowhere();
        List<@Nullable Object> replies = connection.probeAll(List.of(
                List.of("HPEXPIRETIME", nowhere, "FIELDS", "1", "f"),
                List.of("XLEN", nowhere),
                dryRun
                        ? List.of("PING")
                        : List.of("XSETID", nowhere, "1-1", "ENTRIESADDED", "1", "MAXDELETEDID", "0-1"),
                dryRun ? List.of("PING") : List.of("XGROUP", "CREATECONSUMER", nowhere, "g", "c"),
                // it has too few words to do anything
                List.of("XCFGSET")));
        return new ElementFeatures(
                isKnown(replies.get(0)),
                isKnown(replies.get(1)),
                isKnown(replies.get(2)),
                isKnown(replies.get(3)),
                !(replies.get(4) instanceof ErrorReply error) || !error.isUnknownCommand());
    }

    /** That there is no such key is an answer of a server that knows the words. */
    private static boolean isKnown(@Nullable Object reply) {
        if (!(reply instanceof ErrorReply error)) {
            return true;
        }
        String text = error.text();
        // who may not ask learns it when it is written
        return error.code().equals("NOPERM")
                || !text.contains("wrong number of arguments")
                        && !text.contains("syntax error")
                        && !text.toLowerCase(Locale.ROOT).contains("unknown");
    }
}
