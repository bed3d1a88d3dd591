package io.camelrump.redis;

import java.io.IOException;
import java.net.ProtocolException;
import org.jspecify.annotations.Nullable;

/** A reply that a command cannot have: whoever answers is no Redis, or a broken one. */
public final class ReplyException extends ProtocolException {
    private static final long serialVersionUID = 1;

    /**
     * @param command that was answered
     * @param reply as {@link RespReader#reply()} gave it; its beginning is shown
     * @param expected what the reply should be, as {@code a cursor and keys}
     */
    public ReplyException(String command, @Nullable Object reply, String expected) {
        this(command, ShownText.beginning(reply), expected);
    }

    /** For a reply in which something is wrong or missing. */
    public ReplyException(String command, @Nullable Object reply) {
        super("answered " + command + " by " + ShownText.beginning(reply) + ", which is no reply to that");
    }

    /** @param shown of the reply, or of what it is */
    public ReplyException(String command, String shown, String expected) {
        super("answered " + command + " by " + shown + ", where " + expected + " was expected");
    }

    /** An error of the protocol in the reply to a command. */
    public static ProtocolException in(String command, ProtocolException error) {
        return error instanceof ReplyException
                ? error
                : new ProtocolException(error.getMessage() + ", in the reply to " + command);
    }

    /** For a reply of which the first byte was read. */
    public static ReplyException of(String command, byte type, RespReader in, String expected) throws IOException {
        return new ReplyException(command, in.rest(type), expected);
    }
}
