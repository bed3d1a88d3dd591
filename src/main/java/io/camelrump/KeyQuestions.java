package io.camelrump;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RespWriter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a source is asked about a key to tell whether it is to be taken, before it is dumped.
 *
 * <p>A key that is gone, or of which the server does not tell, is taken: its DUMP says what is to be said about it.
 */
final class KeyQuestions {
    private final KeySelection selection;
    private final boolean type;
    private final boolean size;
    private final boolean ttl;

    private KeyQuestions(KeySelection selection, boolean memoryUsage) {
        this.selection = selection;
        this.type = !selection.types().isEmpty();
        this.size = selection.sizes() != null && memoryUsage;
        this.ttl = selection.ttls() != null;
    }

    /** What is to be asked of this server; null if nothing is. */
    static @Nullable KeyQuestions of(KeySelection selection, RedisConnection connection) throws IOException {
        // the default of five samples; SAMPLES 0 would look at every element of every key
        boolean memoryUsage =
                selection.sizes() != null && !(connection.call("MEMORY", "USAGE", "") instanceof ErrorReply);
        KeyQuestions questions = new KeyQuestions(selection, memoryUsage);
        if (questions.type && connection.call("TYPE", "") instanceof ErrorReply error && !error.deniesKey()) {
            throw ErrorText.refusal(connection.address(), "TYPE", error);
        }
        return questions.type || questions.size || questions.ttl ? questions : null;
    }

    /** Whether the server tells a key's size before its DUMP. */
    boolean tellSize() {
        return size;
    }

    void ask(RespWriter out, KeyList keys, int i) throws IOException {
        if (type) {
            key(out.command(2).arg("TYPE"), keys, i);
        }
        if (size) {
            key(out.command(3).arg("MEMORY").arg("USAGE"), keys, i);
        }
        if (ttl) {
            key(out.command(2).arg("PTTL"), keys, i);
        }
    }

    private static void key(RespWriter out, KeyList keys, int i) throws IOException {
        out.arg(keys.array(), keys.offset(i), keys.length(i));
    }

    /** Reads the answers about one key and tells whether it is taken. */
    boolean read(RedisConnection connection) throws IOException {
        boolean taken = true;
        if (type) {
            taken = !(answer(connection) instanceof String name)
                    || name.equals("none")
                    || selection.types().contains(name);
        }
        if (size) {
            taken &= !(answer(connection) instanceof Long bytes) || includes(selection.sizes(), bytes);
        }
        if (ttl) {
            taken &= !(answer(connection) instanceof Long millis)
                    || millis == SourceFeatures.EXPIRY_OF_MISSING
                    || includes(selection.ttls(), millis < 0 ? Long.MAX_VALUE : millis);
        }
        return taken;
    }

    private static @Nullable Object answer(RedisConnection connection) throws IOException {
        Object reply = connection.in().reply();
        if (reply instanceof ErrorReply error && (error.isPassing() || error.deniesCommand())) {
            throw ErrorText.refusal(connection.address(), "a question about a key", error);
        }
        return reply;
    }

    private static boolean includes(@Nullable Range range, long value) {
        return range == null || range.includes(value);
    }
}
