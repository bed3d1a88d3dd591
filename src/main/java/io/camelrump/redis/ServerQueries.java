package io.camelrump.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Queries about a server itself, which it may refuse to answer. */
record ServerQueries(RedisConnection connection) {
    /** Longest text that is taken: it is taken apart in the heap. */
    private static final int LONGEST_TEXT = WholeReply.MAX_BYTES / 16;

    private static final byte[] CLUSTER = "cluster".getBytes(StandardCharsets.US_ASCII);

    /** Number of keys in the database; -1 where the user may not ask. */
    long databaseSize() throws IOException {
        Object reply = connection.probe("DBSIZE");
        if (reply instanceof ErrorReply) {
            return -1;
        }
        if (reply instanceof Long keys && keys >= 0) {
            return keys;
        }
        throw new ReplyException("DBSIZE", reply, "a number of keys");
    }

    ServerInfo info() throws IOException {
        Object reply = ErrorText.definitive(connection.address(), "INFO", text("INFO"));
        if (reply instanceof byte[] text) {
            return ServerInfo.parse(text);
        }
        boolean denied = reply instanceof ErrorReply error && error.deniesCommand();
        return denied && isNodeByGreeting() ? ServerInfo.HIDDEN_NODE : ServerInfo.HIDDEN;
    }

    /** HELLO answers every user, whatever the ACL; below Redis 6.0 it is not known. */
    private boolean isNodeByGreeting() throws IOException {
        return connection.probe("HELLO") instanceof List<?> reported
                && reported.stream().anyMatch(word -> word instanceof byte[] text && Arrays.equals(text, CLUSTER));
    }

    /** Below 7.0 an INFO takes one section. */
    ServerInfo info(String... sections) throws IOException {
        for (String section : sections) {
            write("INFO", section);
        }
        connection.out().flush();
        Map<String, String> fields = new HashMap<>();
        for (String section : sections) {
            if (ErrorText.definitive(connection.address(), "INFO", read("INFO", section)) instanceof byte[] text) {
                fields.putAll(ServerInfo.parse(text).fields());
            }
        }
        return new ServerInfo(fields);
    }

    /** Sends one command that is answered by a text of a few lines, and waits for its reply. */
    @Nullable
    Object text(String... words) throws IOException {
        write(words);
        connection.out().flush();
        return read(words);
    }

    private void write(String... words) throws IOException {
        connection.out().command(words.length);
        for (String word : words) {
            connection.out().arg(word);
        }
    }

    private @Nullable Object read(String... words) throws IOException {
        Object reply = connection.in().replyWithin(LONGEST_TEXT);
        if (connection.in().wasCut() || reply instanceof ErrorReply error && error.isOversized()) {
            throw new ReplyException(
                    String.join(" ", words), "more than " + LONGEST_TEXT + " bytes", "a text of a few lines");
        }
        return reply;
    }
}
