package io.camelrump.redis;

import org.jspecify.annotations.Nullable;

/** A server could not be reached, or refused. The message is one sentence for a person and holds no password. */
public class RedisException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private enum Kind {
        PERMANENT,
        LOG_IN_REFUSED,
        TRANSIENT,
        REDIRECTION,
        UNKNOWN_HOST
    }

    private final Kind kind;
    private final @Nullable String refusedBy;

    private RedisException(String message, Kind kind, @Nullable Throwable cause) {
        this(message, kind, cause, null);
    }

    private RedisException(String message, Kind kind, @Nullable Throwable cause, @Nullable String refusedBy) {
        super(message, cause);
        this.kind = kind;
        this.refusedBy = refusedBy;
    }

    /** An error that trying again cannot mend: a wrong password, a missing right, a wrong database. */
    public static RedisException permanentError(String message) {
        return permanentError(message, null);
    }

    /** @param cause what made the error; null if the server reported it */
    static RedisException permanentError(String message, @Nullable Throwable cause) {
        return new RedisException(message, Kind.PERMANENT, cause);
    }

    /** The server wants another password, or one where none was given, or none: trying the same again cannot help. */
    static RedisException logInRefused(ServerAddress address, String message) {
        return new RedisException(message, Kind.LOG_IN_REFUSED, null, address.toString());
    }

    /** An error that may be gone in a while: a cut connection, a server that is loading. */
    public static RedisException transientError(String message, @Nullable Throwable cause) {
        return new RedisException(message, Kind.TRANSIENT, cause);
    }

    /** A node of a cluster named another one for a key: the known owners of slots must be requested again. */
    public static RedisException redirection(String message) {
        return new RedisException(message, Kind.REDIRECTION, null);
    }

    /**
     * No host has that name, or no socket that path. It may have one again in a while, as where a pod restarts; at a
     * start it is a mistake.
     */
    static RedisException unknownHost(String message, Throwable cause) {
        return new RedisException(message, Kind.UNKNOWN_HOST, cause);
    }

    /** Whether no host has the name of the server, or no socket its path. */
    public boolean isUnknownHost() {
        return kind == Kind.UNKNOWN_HOST;
    }

    /** The server that did not take the password, or its absence, as its address is shown; null for other errors. */
    public @Nullable String logInRefusedBy() {
        return refusedBy;
    }

    /** Whether the server did not take the password, or its absence. */
    boolean isLogInRefused() {
        return kind == Kind.LOG_IN_REFUSED;
    }

    /** Whether a node of a cluster named another one for a key. */
    public boolean isRedirection() {
        return kind == Kind.REDIRECTION;
    }

    /** Whether trying again cannot help. */
    public boolean isPermanent() {
        return kind == Kind.PERMANENT || kind == Kind.LOG_IN_REFUSED;
    }

    /** Whether the server is there and reports that it cannot serve now, as while it is loading. */
    public boolean isServerNotReady() {
        return !isPermanent() && getCause() == null;
    }
}
