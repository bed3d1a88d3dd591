package io.camelrump.redis;

import org.jspecify.annotations.Nullable;

/** A server could not be reached, or said no. The message is one sentence for a person and holds no password. */
public class RedisException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Whether trying again may help. */
    private final boolean permanent;

    private final boolean redirection;

    private final boolean unknownHost;

    private final boolean logInRefused;

    RedisException(String message, boolean permanent, @Nullable Throwable cause) {
        this(message, permanent, false, false, false, cause);
    }

    private RedisException(
            String message,
            boolean permanent,
            boolean redirection,
            boolean unknownHost,
            boolean logInRefused,
            @Nullable Throwable cause) {
        super(message, cause);
        this.permanent = permanent;
        this.redirection = redirection;
        this.unknownHost = unknownHost;
        this.logInRefused = logInRefused;
    }

    /** An error that trying again cannot mend: a wrong password, a missing right, a wrong database. */
    public static RedisException permanentError(String message) {
        return new RedisException(message, true, null);
    }

    /** The server wants another password, or one where none was given, or none: trying the same again cannot help. */
    static RedisException logInRefused(String message) {
        return new RedisException(message, true, false, false, true, null);
    }

    /** An error that may be gone in a while: a cut connection, a server that is loading. */
    public static RedisException transientError(String message, @Nullable Throwable cause) {
        return new RedisException(message, false, cause);
    }

    /** A node of a cluster named another one for a key: the known owners of slots must be requested again. */
    public static RedisException redirection(String message) {
        return new RedisException(message, false, true, false, false, null);
    }

    /**
     * No host has that name, or no socket that path. It may have one again in a while, as where a pod restarts; at a
     * start it is a mistake.
     */
    static RedisException unknownHost(String message, Throwable cause) {
        return new RedisException(message, false, false, true, false, cause);
    }

    /** Whether no host has the name of the server, or no socket its path. */
    public boolean isUnknownHost() {
        return unknownHost;
    }

    /** Whether the server did not take the password, or its absence. */
    boolean isLogInRefused() {
        return logInRefused;
    }

    /** Whether a node of a cluster named another one for a key. */
    public boolean isRedirection() {
        return redirection;
    }

    /** Whether trying again cannot help. */
    public boolean isPermanent() {
        return permanent;
    }

    /** Whether the server is there and said that it cannot serve now, as while it is loading. */
    public boolean isServerNotReady() {
        return !permanent && getCause() == null;
    }
}
