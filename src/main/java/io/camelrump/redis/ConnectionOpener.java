package io.camelrump.redis;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.exceptions.JedisException;

/** Opens a connection to one server, with TLS, log-in and database; what fails is reported in a sentence. */
final class ConnectionOpener {
    private ConnectionOpener() {}

    /** Connects to the server at this address, whoever sentinels may name. */
    static RedisConnection openAt(ServerAddress address) {
        DefaultJedisClientConfig config = config(address).build();
        Sockets sockets = new Sockets(address, config);
        boolean ready = false;
        try {
            Connection jedis = new Connection(sockets, config);
            RedisConnection connection = new RedisConnection(address, jedis, sockets);
            greet(connection);
            // PING belongs to the log-in, which is waited for as long as for a connection
            sockets.opened().setSoTimeout((int) address.replyTimeout().toMillis());
            OwnConnections.to(address).loggedIn();
            ready = true;
            return connection;
        } catch (JedisException | IOException e) {
            throw passing(address, OpeningErrors.failure(address, e));
        } catch (RedisException e) {
            throw passing(address, e);
        } finally {
            if (!ready) {
                sockets.close();
            }
        }
    }

    /** For a connection of Jedis that sends nothing of its own accord. */
    static DefaultJedisClientConfig.Builder config(ServerAddress address) {
        return DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis((int) address.connectTimeout().toMillis())
                .socketTimeoutMillis((int) address.connectTimeout().toMillis())
                // each takes a right of its own, and leaves a denial in ACL LOG without it: see greet
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED);
    }

    /** Where a password is rotated, the server and a file or vault do not change at one moment. */
    private static RedisException passing(ServerAddress address, RedisException failure) {
        boolean mayChange =
                address.logIn().mayChange() && OwnConnections.to(address).haveLoggedIn() && failure.isLogInRefused();
        return mayChange ? RedisException.transientError(String.valueOf(failure.getMessage()), null) : failure;
    }

    /**
     * Logs in, and lets a PING show what no log-in does: NOAUTH, LOADING, or that this is not a Redis. HELLO, which
     * takes no right, gives the connection its name in CLIENT LIST; below Redis 6.0, where there are no rights, CLIENT
     * does. All of it costs one round trip.
     */
    private static void greet(RedisConnection connection) throws IOException {
        ServerAddress address = connection.address();
        RespWriter out = connection.out();
        boolean logsIn = logIn(address, out);
        boolean selects = address.database() != connection.database();
        out.command(1).arg("PING");
        out.command(4).arg("HELLO").arg("2").arg("SETNAME").arg(RedisConnection.NAME);
        if (selects) {
            connection.writeSelect(address.database());
        }
        out.flush();
        if (logsIn) {
            checkLogIn(address, connection.readProbe("AUTH"));
        }
        Object pong = connection.in().reply();
        // one that takes no writes (MISCONF) refuses a PING too, and can be read
        if (pong instanceof ErrorReply error && !error.code().equals("NOPERM") && !error.refusesWrites()) {
            // it may have closed the connection, so that nothing else would come
            ErrorText.definitive(address, "PING", error);
            throw ErrorText.refusal(address, "PING", error);
        }
        Object hello = connection.in().reply();
        if (selects) {
            connection.readSelect();
        }
        if (hello instanceof ErrorReply error && error.isUnknownCommand()) {
            connection.call("CLIENT", "SETNAME", RedisConnection.NAME);
        }
    }

    /** False if the address has no password, so that nothing is sent. */
    private static boolean logIn(ServerAddress address, RespWriter out) throws IOException {
        String password = address.currentPassword();
        if (password == null) {
            return false;
        }
        String user = address.currentUsername();
        out.command(user == null ? 2 : 3).arg("AUTH");
        if (user != null) {
            out.arg(user);
        }
        out.arg(password);
        return true;
    }

    private static void checkLogIn(ServerAddress address, @Nullable Object reply) throws ReplyException {
        if (reply instanceof ErrorReply error) {
            throw ErrorText.refusedLogIn(address, error);
        }
        if (!"OK".equals(reply)) {
            throw new ReplyException("AUTH", reply, "OK");
        }
    }
}
