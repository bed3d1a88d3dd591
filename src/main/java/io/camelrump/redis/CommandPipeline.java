package io.camelrump.redis;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Commands that leave together for one server, and its replies in the same order. */
public final class CommandPipeline {
    private final RedisConnection connection;
    private final Queue<String> asked = new ArrayDeque<>();

    public CommandPipeline(RedisConnection connection) {
        this.connection = connection;
    }

    /** Asks by a command and its arguments: byte arrays, or what spells itself. */
    public CommandPipeline ask(String command, Object... arguments) {
        try {
            RespWriter out = connection.out().command(1 + arguments.length).arg(command);
            for (Object argument : arguments) {
                if (argument instanceof byte[] bytes) {
                    out.arg(bytes);
                } else {
                    out.arg(argument.toString());
                }
            }
        } catch (IOException e) {
            throw ErrorText.failure(connection.address(), e);
        }
        asked.add(command);
        return this;
    }

    public void send() {
        try {
            connection.out().flush();
        } catch (IOException e) {
            throw ErrorText.failure(connection.address(), e);
        }
    }

    /**
     * The reply to the oldest command that has none yet.
     *
     * @return an {@link ErrorReply} where only this key is refused; what concerns all keys is thrown
     */
    @Nullable
    public Object reply() {
        String command = asked.remove();
        Object reply = read(command);
        if (reply instanceof ErrorReply error && (error.isTransient() || error.deniesCommand())) {
            throw ErrorText.refusal(connection.address(), command, error);
        }
        return reply;
    }

    /**
     * The same, where another command can answer if this one is refused.
     *
     * @return an {@link ErrorReply} whatever is refused, unless it may be answered later
     */
    @Nullable
    public Object replyOrRefusal() {
        String command = asked.remove();
        Object reply = read(command);
        if (reply instanceof ErrorReply error && error.isTransient()) {
            throw ErrorText.refusal(connection.address(), command, error);
        }
        return reply;
    }

    /** An error for a reply that its command cannot have. */
    public RedisException misread(String command, @Nullable Object reply) {
        return ErrorText.failure(connection.address(), new ReplyException(command, reply));
    }

    /**
     * A scan of this server came to that cursor.
     *
     * @throws RedisException if it was there before
     */
    public void passed(CursorTrail cursors, Cursor next) {
        try {
            cursors.passed(next);
        } catch (ReplyException e) {
            throw ErrorText.failure(connection.address(), e);
        }
    }

    /** The server's time of day in milliseconds: the reply to TIME is due next. */
    public long timeMillis() {
        try {
            return ServerClock.serverMicros(reply()) / 1000;
        } catch (ReplyException e) {
            throw ErrorText.failure(connection.address(), e);
        }
    }

    private @Nullable Object read(String command) {
        try {
            Object reply = connection.in().reply();
            if (reply instanceof ErrorReply error && error.isOversized()) {
                throw RedisException.permanentError(
                        connection.address() + " cannot be asked for all of a key: " + error.text());
            }
            return reply;
        } catch (ProtocolException e) {
            throw ErrorText.failure(connection.address(), ReplyException.in(command, e));
        } catch (IOException e) {
            throw ErrorText.failure(connection.address(), e);
        }
    }

    /** The same, where a node of a cluster may also name another one for the key. */
    @Nullable
    public Object replyOrRedirection() {
        String command = asked.remove();
        Object reply = read(command);
        if (reply instanceof ErrorReply error
                && !error.isRedirection()
                && (error.isTransient() || error.deniesCommand())) {
            throw ErrorText.refusal(connection.address(), command, error);
        }
        return reply;
    }

    /** The reply as a list; an error, a nil and anything else is an empty one. */
    public List<?> listReply() {
        return reply() instanceof List<?> list ? list : List.of();
    }

    /** Sends one command and waits for its reply. */
    @Nullable
    public Object call(String command, Object... arguments) {
        ask(command, arguments).send();
        return reply();
    }

    /**
     * Whether the server knows the command, asked about the empty key, and the user may use it. A node of a cluster
     * that names another one for that key knows it.
     */
    public boolean knows(String command, Object... arguments) {
        ask(command, arguments).send();
        asked.remove();
        if (!(ErrorText.definitive(connection.address(), command, read(command)) instanceof ErrorReply error)) {
            return true;
        }
        return error.isRedirection() || error.code().equals("WRONGTYPE");
    }

    /** A bulk string as text, one character a byte; any other reply as {@link String#valueOf(Object)} gives it. */
    public static String text(@Nullable Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.ISO_8859_1) : String.valueOf(reply);
    }
}
