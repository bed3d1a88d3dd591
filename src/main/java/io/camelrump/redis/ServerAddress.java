package io.camelrump.redis;

import io.camelrump.UsageException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a server is and as whom to log in.
 *
 * @param host name or address, or the path of a Unix socket, which begins with a slash; empty with sentinels
 * @param port not used with a Unix socket
 * @param logIn user and password
 * @param database number of the database, from 0
 * @param connectTimeout how long to wait for the connection and for each reply of the log-in
 * @param replyTimeout how long to wait for a reply while one is due
 * @param tls null for a connection that is not encrypted
 * @param sentinels that report host and port each time that a connection is opened; null where they stand here
 */
public record ServerAddress(
        String host,
        int port,
        LogIn logIn,
        int database,
        Duration connectTimeout,
        Duration replyTimeout,
        @Nullable Tls tls,
        @Nullable Sentinels sentinels) {
    /** Highest number of a TCP port. */
    public static final int HIGHEST_PORT = 65_535;

    public ServerAddress {
        Objects.requireNonNull(host, "host is null");
        Objects.requireNonNull(logIn, "logIn is null");
        if (tls != null && isSocket(host)) {
            throw new UsageException(host + " is a Unix socket: it has no TLS");
        }
    }

    /** A server that is known without sentinels. */
    public ServerAddress(
            String host,
            int port,
            @Nullable String username,
            @Nullable String password,
            int database,
            Duration connectTimeout,
            Duration replyTimeout,
            @Nullable Tls tls) {
        this(host, port, LogIn.of(username, password), database, connectTimeout, replyTimeout, tls, null);
    }

    /** Without TLS. */
    public ServerAddress(
            String host,
            int port,
            @Nullable String username,
            @Nullable String password,
            int database,
            Duration connectTimeout,
            Duration replyTimeout) {
        this(host, port, username, password, database, connectTimeout, replyTimeout, null);
    }

    /** Whether this is a Unix socket, and not a host. */
    public boolean isSocket() {
        return isSocket(host);
    }

    private static boolean isSocket(String host) {
        return host.startsWith("/");
    }

    /** Another database of the same server. */
    public ServerAddress withDatabase(int number) {
        return new ServerAddress(host, port, logIn, number, connectTimeout, replyTimeout, tls, sentinels);
    }

    /** This server, each answer of which is awaited for no longer than this. */
    public ServerAddress within(Duration most) {
        return new ServerAddress(
                host,
                port,
                logIn,
                database,
                shorter(connectTimeout, most),
                shorter(replyTimeout, most),
                tls,
                sentinels);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** The user for a connection that is opened now; null for the default user. */
    @Nullable
    String currentUsername() {
        return logIn.username().current(toString());
    }

    /** The password for a connection that is opened now; null to log in without one. */
    @Nullable
    String currentPassword() {
        return logIn.password().current(toString());
    }

    /** With sentinels, the master that they name now; without, this one. */
    public ServerAddress located() {
        if (sentinels == null) {
            return this;
        }
        try (RedisConnection connection = RedisConnection.open(this)) {
            return connection.address();
        }
    }

    /** This address with a known host and port: no sentinel is asked. */
    public ServerAddress at(String knownHost, int knownPort) {
        return new ServerAddress(knownHost, knownPort, logIn, database, connectTimeout, replyTimeout, tls, null);
    }

    /**
     * This address at a {@code host:port} that a cluster node names; without a host if it means its own.
     *
     * @throws RedisException if it names something else
     */
    public ServerAddress at(String node) {
        int colon = node.lastIndexOf(':');
        int named = port(node.substring(colon + 1));
        if (colon < 0 || named < 1) {
            throw RedisException.permanentError(this + " names the node '" + ShownText.of(node)
                    + "' for a key, which is no host:port: check that it is a node of a Redis or Valkey cluster.");
        }
        return at(colon == 0 ? host : node.substring(0, colon), named);
    }

    /** The number of a port as text; -1 if it is none. */
    static int port(String digits) {
        int number = digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : -1;
        return number > HIGHEST_PORT ? -1 : number;
    }

    /** Host, port and database, or the sentinels: never a password. */
    @Override
    public String toString() {
        if (sentinels != null) {
            return sentinels + (database == 0 ? "" : "/" + database);
        }
        if (isSocket()) {
            return "unix://" + host + (database == 0 ? "" : "?db=" + database);
        }
        String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return shown + ":" + port + (database == 0 ? "" : "/" + database);
    }
}
