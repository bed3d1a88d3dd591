package io.camelrump.redis;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a server is and as whom to log in.
 *
 * @param username ACL user; null logs in as the default user
 * @param password null logs in without one
 * @param database number of the database, from 0
 * @param connectTimeout how long to wait for the connection and for each reply of the log-in
 * @param replyTimeout how long to wait for a reply while one is due
 */
public record ServerAddress(
        String host,
        int port,
        @Nullable String username,
        @Nullable String password,
        int database,
        Duration connectTimeout,
        Duration replyTimeout) {

    public ServerAddress {
        Objects.requireNonNull(host, "host is null");
    }

    /** Another database of the same server. */
    public ServerAddress withDatabase(int number) {
        return new ServerAddress(host, port, username, password, number, connectTimeout, replyTimeout);
    }

    /** Host, port and database: never the password. */
    @Override
    public String toString() {
        String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return shown + ":" + port + (database == 0 ? "" : "/" + database);
    }
}
