package io.camelrump.cutover;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client of a server.
 *
 * @param flags as the server gives them, such as {@code b} of one that waits and {@code P} of one that subscribes
 * @param command that it has sent last, in lower case
 * @see <a href="https://redis.io/docs/latest/commands/client-list/">CLIENT LIST</a>
 */
record ListedClient(long id, String address, String name, long idle, String flags, String command) {
    /**
     * Those of a list.
     *
     * @param reply to CLIENT LIST
     * @param rights what whoever asks takes, as a sentence
     */
    static List<ListedClient> of(RedisConnection connection, @Nullable Object reply, String rights) {
        if (reply instanceof byte[] text) {
            try {
                return new String(text, StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !line.isBlank())
                        .map(ListedClient::of)
                        .toList();
            } catch (NumberFormatException e) {
                throw connection.misread(e);
            }
        }
        throw reply instanceof ErrorReply error
                ? refusal(connection, "CLIENT LIST", error, rights)
                : RedisException.permanentError(connection.address() + " answered CLIENT LIST by no text.");
    }

    /** An error for a command about clients that a server has refused; parameters as of {@link #of}. */
    static RedisException refusal(RedisConnection connection, String command, ErrorReply error, String rights) {
        String text = connection.address() + " refused " + command + ": " + error.text();
        return error.isTransient()
                ? RedisException.transientError(text, null)
                : RedisException.permanentError(text + ". " + rights);
    }

    private static ListedClient of(String line) {
        Map<String, String> fields = new HashMap<>();
        for (String field : line.split(" ")) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                fields.put(field.substring(0, equals), field.substring(equals + 1));
            }
        }
        return new ListedClient(
                Long.parseLong(fields.getOrDefault("id", "")),
                fields.getOrDefault("addr", ""),
                fields.getOrDefault("name", ""),
                Long.parseLong(fields.getOrDefault("idle", "")),
                fields.getOrDefault("flags", ""),
                fields.getOrDefault("cmd", ""));
    }

    /** Whether it waits, for an element of a list or for the end of a pause. */
    boolean isWaiting() {
        return flags.contains("b");
    }

    boolean isSubscriber() {
        return flags.contains("P");
    }

    /** Whether it is a connection of this program's. */
    boolean isOwn() {
        return name.equals(RedisConnection.NAME);
    }

    boolean isNamedSentinel() {
        return name.startsWith("sentinel-");
    }
}
