package io.camelrump.options;

import io.camelrump.ServerMode;
import io.camelrump.UsageException;
import io.camelrump.redis.Credential;
import io.camelrump.redis.LogIn;
import io.camelrump.redis.PasswordFile;
import io.camelrump.redis.Sentinels;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.jspecify.annotations.Nullable;

/** Which server an endpoint connects to, as which user, and how long it waits for it. */
@UriParams
public class ServerOptions {

    @UriParam(
            description = "Host name or address of the server, or the path of its Unix socket, which begins with a "
                    + "slash. Required unless sentinels are given.")
    private @Nullable String host;

    @UriParam(defaultValue = "6379", description = "Port of the server.")
    private int port = 6379;

    @UriParam(
            defaultValue = "auto",
            enums = "auto,standalone,cluster",
            description = "Whether the server belongs to a Redis cluster: auto asks the server, standalone and cluster "
                    + "override what it reports.")
    private ServerMode mode = ServerMode.AUTO;

    @UriParam(defaultValue = "0", description = "Number of the database, from 0.")
    private int database;

    @UriParam(label = "security", description = "ACL user to log in as. The default user if not set.")
    private @Nullable String username;

    @UriParam(label = "security", secret = true, description = "Password to log in with. None is sent if not set.")
    private @Nullable String password;

    @UriParam(
            label = "security",
            description = "File that holds the password, instead of password. It is read for each connection, so that"
                    + " the password may change during a run.")
    private @Nullable String passwordFile;

    @UriParam(
            label = "advanced",
            defaultValue = "5s",
            javaType = "java.time.Duration",
            description = "Time limit for connecting and logging in.")
    private Duration connectTimeout = Duration.ofSeconds(5);

    @UriParam(
            label = "advanced",
            defaultValue = "60s",
            javaType = "java.time.Duration",
            description = "Time limit for a reply that is due.")
    private Duration replyTimeout = Duration.ofSeconds(60);

    @UriParam(
            defaultValue = "60s",
            javaType = "java.time.Duration",
            description = "Time to keep retrying while the server is unreachable, loading, out of memory or read-only.")
    private Duration retryFor = Duration.ofSeconds(60);

    /** @throws UsageException if a value is out of range */
    public void check() {
        Limits.range("port", port, 1, ServerAddress.HIGHEST_PORT);
        Limits.range("database", database, 0, Integer.MAX_VALUE);
        Limits.positive("connectTimeout", connectTimeout);
        Limits.positive("replyTimeout", replyTimeout);
    }

    /**
     * The server's address.
     *
     * @param tls null for connections that are not encrypted
     * @param sentinels null where host and port are given
     * @param named what is looked up for each connection, by option
     */
    public ServerAddress address(@Nullable Tls tls, @Nullable Sentinels sentinels, Map<String, Credential> named) {
        return new ServerAddress(
                host == null ? "" : host,
                port,
                new LogIn(
                        named.getOrDefault("username", Credential.of(username)),
                        passwordFile == null
                                ? named.getOrDefault("password", Credential.of(password))
                                : new PasswordFile(Path.of(passwordFile))),
                database,
                connectTimeout,
                replyTimeout,
                tls,
                sentinels);
    }

    public @Nullable String getHost() {
        return host;
    }

    public void setHost(@Nullable String host) {
        this.host = host;
    }

    public int getPort() {
        return port;
    }

    public void setPort(int port) {
        this.port = port;
    }

    public ServerMode getMode() {
        return mode;
    }

    public void setMode(ServerMode mode) {
        this.mode = mode;
    }

    public int getDatabase() {
        return database;
    }

    public void setDatabase(int database) {
        this.database = database;
    }

    public @Nullable String getUsername() {
        return username;
    }

    public void setUsername(@Nullable String username) {
        this.username = username;
    }

    public @Nullable String getPassword() {
        return password;
    }

    public void setPassword(@Nullable String password) {
        this.password = password;
    }

    public @Nullable String getPasswordFile() {
        return passwordFile;
    }

    public void setPasswordFile(@Nullable String passwordFile) {
        this.passwordFile = passwordFile;
    }

    public Duration getConnectTimeout() {
        return connectTimeout;
    }

    public void setConnectTimeout(Duration connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    public Duration getReplyTimeout() {
        return replyTimeout;
    }

    public void setReplyTimeout(Duration replyTimeout) {
        this.replyTimeout = replyTimeout;
    }

    public Duration getRetryFor() {
        return retryFor;
    }

    public void setRetryFor(Duration retryFor) {
        this.retryFor = retryFor;
    }
}
