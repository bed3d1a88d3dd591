package io.camelrump.redis;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisException;

/** Errors in one sentence or two for a person: which server, its own words, and what to do next. Never a password. */
public final class ErrorText {
    /**
     * As the resolvers of glibc, musl, macOS and Windows say that there is no such name, and Java of a file of hosts.
     */
    private static final Pattern NO_SUCH_HOST = Pattern.compile(
            "not known|No address associated|does not resolve|nodename nor servname|No such host|Unable to resolve host");

    /** A sentence that ends, which a server need not write. */
    private static final Pattern ENDED = Pattern.compile("[.?!]$");

    private ErrorText() {}

    /**
     * Message for a person about an error reply to a command of ours.
     *
     * @param command its name, with that of its subcommand if the ACL is to name that
     */
    public static RedisException refusal(ServerAddress address, String command, ErrorReply error) {
        String said = said(address, error);
        return switch (error.code()) {
            case "NOAUTH" ->
                RedisException.logInRefused(address, said + "Give a password, as in redis://:password@host.");
            case "WRONGPASS" -> wrongPassword(address, error);
            case "NOPERM" ->
                RedisException.permanentError(said + "Add the rule +"
                        + command.toLowerCase(Locale.ROOT).replace(' ', '|') + " to the ACL of this user.");
            case "DENIED" ->
                RedisException.permanentError(said + "Its protected mode requires a password or another bind address.");
            default -> {
                if (error.isRedirection()) {
                    yield RedisException.redirection(said.trim());
                }
                if (error.isTransient()) {
                    yield RedisException.transientError((said + remedy(error)).trim(), null);
                }
                if (command.equals("SELECT")) {
                    yield RedisException.permanentError(
                            said + "There is no database " + address.database() + "; choose a lower number.");
                }
                if (command.equals("AUTH")) {
                    yield RedisException.logInRefused(
                            address, said + "Leave user and password out if the server has none.");
                }
                String next = error.isUnknownCommand() ? ": " + renamed(command) : "";
                yield RedisException.permanentError(said + "The command was " + command + next + ".");
            }
        };
    }

    /**
     * The reply to a command that asks what a server can do, or what holds for all of it.
     *
     * @throws RedisException of a server that cannot answer now (BUSY, LOADING, ...): that says nothing of what it can
     *     do, and is asked again
     */
    public static @Nullable Object definitive(ServerAddress address, String command, @Nullable Object reply) {
        if (reply instanceof ErrorReply error && !error.isDefinitive()) {
            throw error.isTransient()
                    ? refusal(address, command, error)
                    : RedisException.transientError(said(address, error) + "The command was " + command + ".", null);
        }
        return reply;
    }

    /** Remedy for a command that the server does not know. */
    public static String renamed(String command) {
        return "give " + command + " its name back (rename-command) or take a server that knows it";
    }

    /** Remedy for a state in which a server cannot serve, if waiting does not end it. */
    private static String remedy(ErrorReply error) {
        return switch (error.code()) {
            case "OOM" -> "Raise its maxmemory, or make room in it.";
            case "READONLY" -> "It is a replica: name its master, or make it one by REPLICAOF NO ONE.";
            case "LOADING" -> "It is loading its data: allow more time with retryFor (--retry-for).";
            case "MISCONF" -> "It cannot save to disk: see its log for the cause.";
            case "NOREPLICAS" -> "Start its replicas again, or lower its min-replicas-to-write.";
            case "BUSY" -> "A script blocks it: SCRIPT KILL ends the script.";
            case "MASTERDOWN" -> "It is a replica that has lost its master: name the master.";
            case "CLUSTERDOWN" -> "Some slots of its cluster have no owner: see CLUSTER INFO.";
            case "ERR" -> "Raise its maxclients.";
            default -> "";
        };
    }

    /** Message for an error reply that is about one key. */
    public static String refusedKey(ErrorReply error) {
        return error.text() + (error.deniesKey() ? "; a rule such as ~* in the ACL of this user allows it" : "");
    }

    /** The server's words as the first sentence. */
    private static String said(ServerAddress address, ErrorReply error) {
        String text = error.text();
        return address + " said: " + text + (ENDED.matcher(text).find() ? " " : ". ");
    }

    /** Message for an input or output error. */
    public static RedisException failure(ServerAddress address, Exception error) {
        Throwable cause = cause(error);
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof UnknownHostException) {
            return unknownHost(address, message, error);
        }
        if (cause instanceof SilentConnectionException) {
            return RedisException.transientError(message, error);
        }
        if (cause instanceof SocketTimeoutException) {
            return RedisException.transientError(
                    address + " did not answer in time: check host, port and firewall, and that a Redis runs there.",
                    error);
        }
        if (cause instanceof ConnectException) {
            return refusedConnection(address, message, error);
        }
        if (cause instanceof NoRouteToHostException) {
            return RedisException.transientError("No route to " + address + ": check the network.", error);
        }
        if (cause instanceof ReplyException) {
            return RedisException.permanentError(address + " " + message
                    + ": check that a Redis or Valkey runs there, and that no proxy changes what it says.");
        }
        if (cause instanceof ProtocolException || message.startsWith("Unknown reply")) {
            return RedisException.permanentError(address + " does not speak the Redis protocol ("
                    + ShownText.of(message) + "): check host and port.");
        }
        if (message.startsWith("WRONGPASS") || message.contains("invalid password") || message.contains("AUTH")) {
            return refusedLogIn(address, new ErrorReply(message));
        }
        if (cause instanceof SocketException || cause instanceof IOException || message.contains("end of stream")) {
            return RedisException.transientError("The connection to " + address + " was cut.", error);
        }
        return refusedLogIn(address, new ErrorReply(message));
    }

    /** An error that nobody expected: its kind and its place. The words of Java's own are for a stack trace alone. */
    public static String unexpected(Throwable error) {
        StackTraceElement[] trace = error.getStackTrace();
        boolean isJavas = error.getClass().getName().startsWith("java.") && !(error instanceof IOException);
        String words = isJavas || error.getMessage() == null ? "" : ": " + ShownText.of(error.getMessage());
        return error.getClass().getSimpleName() + (trace.length == 0 ? "" : " at " + place(trace)) + words;
    }

    /** The words of an error; of one that nobody expected its kind and place. */
    public static String words(Throwable error) {
        boolean speaks = error.getMessage() != null
                && (error instanceof IOException || !error.getClass().getName().startsWith("java."));
        return speaks ? error.getMessage() : unexpected(error);
    }

    private static String place(StackTraceElement[] trace) {
        StackTraceElement own = trace[0];
        for (StackTraceElement element : trace) {
            if (element.getClassName().startsWith("io.camelrump.")) {
                own = element;
                break;
            }
        }
        return own.getFileName() + ":" + own.getLineNumber();
    }

    /**
     * The resolver's own words decide whether there is no such name, or nobody could be asked; a name alone comes from
     * Java's memory of a failure before.
     */
    private static RedisException unknownHost(ServerAddress address, String message, Exception error) {
        boolean isKnownToBeNone =
                message.equals(address.host()) || NO_SUCH_HOST.matcher(message).find();
        String name = "Unknown host " + address.host() + ": ";
        return isKnownToBeNone
                ? RedisException.unknownHost(name + "check the name.", error)
                : RedisException.transientError(
                        name + "the resolver does not answer now (" + message + "). Check the name too.", error);
    }

    private static Throwable cause(Exception error) {
        Throwable cause = error;
        while (cause.getCause() != null && !(cause instanceof IOException)) {
            cause = cause.getCause();
        }
        return cause instanceof JedisException && cause.getSuppressed().length > 0 ? cause.getSuppressed()[0] : cause;
    }

    private static RedisException refusedConnection(ServerAddress address, String message, Exception error) {
        if (!address.isSocket()) {
            return RedisException.transientError(
                    "Connection refused by " + address + ": check that a Redis runs there.", error);
        }
        String text = address + " cannot be opened (" + message
                + "): check its path and permissions, and that a Redis runs there.";
        if (message.contains("Permission denied")) {
            return RedisException.permanentError(text);
        }
        return message.contains("No such file")
                ? RedisException.unknownHost(text, error)
                : RedisException.transientError(text, error);
    }

    /** Message for an error reply to AUTH; below Redis 6.0 a wrong password has no code of its own. */
    static RedisException refusedLogIn(ServerAddress address, ErrorReply error) {
        return error.text().contains("invalid password")
                ? wrongPassword(address, error)
                : refusal(address, "AUTH", error);
    }

    private static RedisException wrongPassword(ServerAddress address, ErrorReply error) {
        return RedisException.logInRefused(
                address,
                said(address, error) + "Check user and password; in a URI a password"
                        + " is taken as percent-encoded if every % in it starts a %XX, and as it stands otherwise.");
    }
}
