package io.camelrump.values;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ReplyException;
import io.camelrump.redis.RespWriter;
import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sends commands about the key that is being read, one after the other, and judges the errors among the replies. */
final class KeyCommands {
    private final RedisConnection source;
    /** The reply that was judged last, and its command. */
    private @Nullable Object judged;

    private String judgedCommand = "";

    KeyCommands(RedisConnection source) {
        this.source = source;
    }

    /** Sends a command of one or two words and what follows them, and waits for its reply, which is no error. */
    @Nullable
    Object ask(String command, byte[]... words) throws IOException, KeyChangedException, KeyUnreadableException {
        write(command, words);
        source.out().flush();
        return judge(command, source.in().reply());
    }

    /** Asks by a command that takes how many elements it is to give: for fewer where they are too large together. */
    @Nullable
    Object askWithin(ElementCount count, String command, Function<byte[], byte[][]> words)
            throws IOException, KeyChangedException, KeyUnreadableException {
        while (true) {
            write(command, words.apply(ReplyForm.number(count.ask())));
            source.out().flush();
            Object reply = source.in().replyWithin(count.mostBytes());
            if (!source.in().wasCut()) {
                return judge(command, reply);
            }
            count.tooMany();
        }
    }

    /** Asks by a command that the server may not know; null if it does not. */
    @Nullable
    Object askIfKnown(String command, byte[]... words) throws IOException, KeyChangedException, KeyUnreadableException {
        write(command, words);
        source.out().flush();
        Object reply = source.in().reply();
        return reply instanceof ErrorReply error && error.code().equals("ERR") && !error.isOfMissing()
                ? null
                : judge(command, reply);
    }

    /** Sends a command, and does not flush. */
    void write(String command, byte[]... words) throws IOException {
        String[] names = command.split(" ");
        RespWriter out = source.out().command(names.length + words.length);
        for (String name : names) {
            out.arg(name);
        }
        for (byte[] word : words) {
            out.arg(word);
        }
    }

    /** The reply, if it is no error. */
    @Nullable
    Object judge(String command, @Nullable Object reply) throws KeyChangedException, KeyUnreadableException {
        judged = reply;
        judgedCommand = command;
        if (reply instanceof ErrorReply error) {
            if (error.code().equals("WRONGTYPE") || error.isOfMissing()) {
                throw new KeyChangedException();
            }
            ElementReader.throwIfRefused(source, command, error);
        }
        return reply;
    }

    /** The reply that was judged last. */
    @Nullable
    Object judged() {
        return judged;
    }

    /** The command of the reply that was judged last. */
    String judgedCommand() {
        return judgedCommand;
    }

    /** Reads replies that {@link #judge} has passed. */
    interface Reading<T extends @Nullable Object> {
        T read() throws IOException, KeyChangedException, KeyUnreadableException;
    }

    /** Does so; one of a form that its command does not have is an error by the command's name. */
    <T extends @Nullable Object> T understood(Reading<T> reading)
            throws IOException, KeyChangedException, KeyUnreadableException {
        try {
            return reading.read();
        } catch (MisreadException e) {
            throw new ReplyException(judgedCommand, judged);
        }
    }
}
