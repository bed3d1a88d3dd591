package io.camelrump.redis;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What RESTORE can do at a target, asked of the server itself with a payload that none accepts: the syntax is checked
 * first, so the error shows whether the word is known, and nothing is written.
 *
 * @param replace whether it knows REPLACE (Redis 3.0)
 * @param absoluteTtl whether it knows ABSTTL (Redis 5.0)
 * @param unlink whether it knows UNLINK (Redis 4.0)
 * @param exactExpiry whether it knows PEXPIRETIME (Redis 7.0)
 * @see <a href="https://redis.io/docs/latest/commands/restore/">RESTORE</a>
 */
public record TargetFeatures(boolean replace, boolean absoluteTtl, boolean unlink, boolean exactExpiry) {
    /** A dry run does not try UNLINK, and has no use for it. */
    public static TargetFeatures of(RedisConnection connection, boolean dryRun) throws IOException {
        // nobody else has it: UNLINK is asked about it
        String nowhere = connection.nowhere();
        List<@Nullable Object> replies = connection.probeAll(List.of(
                List.of("RESTORE", nowhere, "0", ""),
                List.of("RESTORE", nowhere, "0", "", "REPLACE"),
                List.of("RESTORE", nowhere, "0", "", "REPLACE", "ABSTTL"),
                dryRun ? List.of("PING") : List.of("UNLINK", nowhere),
                List.of("PEXPIRETIME", nowhere)));
        if (replies.get(0) instanceof ErrorReply error && error.deniesCommand()) {
            throw ErrorText.refusal(connection.address(), "RESTORE", error);
        }
        for (Object reply : replies) {
            if (reply instanceof ErrorReply error && error.isRedirection()) {
                // it says nothing of the words behind the command
                throw ErrorText.refusal(connection.address(), "RESTORE", error);
            }
        }
        return new TargetFeatures(
                isKnown(replies.get(1)), isKnown(replies.get(2)), isKnown(replies.get(3)), isKnown(replies.get(4)));
    }

    /** A refused payload means that the words before it were understood. */
    private static boolean isKnown(@Nullable Object reply) {
        return !(reply instanceof ErrorReply error)
                || !error.text().contains("wrong number of arguments")
                        && !error.text().contains("syntax error")
                        && !error.deniesCommand();
    }

    public String delete() {
        return unlink ? "UNLINK" : "DEL";
    }
}
