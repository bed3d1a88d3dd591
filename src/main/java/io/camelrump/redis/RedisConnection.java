package io.camelrump.redis;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A connection to one database of one server. Jedis opens the socket and logs in; afterwards all words go through
 * {@link #in()} and {@link #out()}, straight on that socket.
 *
 * <p>Not thread-safe.
 */
public final class RedisConnection implements AutoCloseable {
    private static final int BUFFER_SIZE = 64 * 1024;

    private final ServerAddress address;
    private final Connection jedis;
    private final RespReader in;
    private final RespWriter out;

    private RedisConnection(ServerAddress address, Connection jedis, Socket socket) throws IOException {
        this.address = address;
        this.jedis = jedis;
        this.in = new RespReader(socket.getInputStream(), BUFFER_SIZE);
        this.out = new RespWriter(socket.getOutputStream(), BUFFER_SIZE);
    }

    /** Connects, logs in and selects the database. */
    public static RedisConnection open(ServerAddress address) {
        DefaultJedisClientConfig config = DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis((int) address.connectTimeout().toMillis())
                .socketTimeoutMillis((int) address.connectTimeout().toMillis())
                .user(address.username())
                .password(address.password())
                .clientName("camel-rump")
                .build();
        Socket[] opened = new Socket[1];
        DefaultJedisSocketFactory sockets =
                new DefaultJedisSocketFactory(new HostAndPort(address.host(), address.port()), config);
        try {
            Connection jedis = new Connection(() -> opened[0] = sockets.createSocket(), config);
            Socket socket = opened[0];
            socket.setSoTimeout((int) address.replyTimeout().toMillis());
            RedisConnection connection = new RedisConnection(address, jedis, socket);
            connection.greet();
            return connection;
        } catch (JedisException | IOException e) {
            close(opened[0]);
            throw failure(address, e);
        } catch (RedisException e) {
            close(opened[0]);
            throw e;
        }
    }

    /** Jedis lets a PING tell what a log-in without password can not: NOAUTH, LOADING, or that this is not a Redis. */
    private void greet() throws IOException {
        Object pong = call("PING");
        if (pong instanceof ErrorReply error && !error.code().equals("NOPERM")) {
            throw refusal(address, "PING", error);
        }
        if (address.database() > 0) {
            Object selected = call("SELECT", Integer.toString(address.database()));
            if (selected instanceof ErrorReply error) {
                throw refusal(address, "SELECT", error);
            }
        }
    }

    public ServerAddress address() {
        return address;
    }

    public RespReader in() {
        return in;
    }

    public RespWriter out() {
        return out;
    }

    /** Sends one command and waits for its reply; an error comes back as an {@link ErrorReply}. */
    public @Nullable Object call(String... words) throws IOException {
        out.command(words.length);
        for (String word : words) {
            out.arg(word);
        }
        out.flush();
        return in.reply();
    }

    /** Sends one command about a key and waits for its reply. */
    public @Nullable Object call(String command, byte[] key, String... more) throws IOException {
        out.command(2 + more.length).arg(command).arg(key);
        for (String word : more) {
            out.arg(word);
        }
        out.flush();
        return in.reply();
    }

    /** Number of keys in the database; -1 where the user may not ask. */
    public long databaseSize() throws IOException {
        return call("DBSIZE") instanceof Long keys ? keys : -1;
    }

    public ServerInfo info() throws IOException {
        return call("INFO") instanceof byte[] text ? ServerInfo.parse(text) : ServerInfo.HIDDEN;
    }

    /** Whether the server knows ABSTTL in RESTORE (5.0), told by an error that differs, without writing anything. */
    public boolean knows(String... commandInfo) throws IOException {
        return !(call(commandInfo) instanceof ErrorReply);
    }

    @Override
    public void close() {
        try {
            jedis.disconnect();
        } catch (JedisException e) {
            // the connection was broken already, and is closed now
        }
    }

    /** What to tell a person of an error reply to a command of ours. */
    public static RedisException refusal(ServerAddress address, String command, ErrorReply error) {
        String said = said(address, error);
        return switch (error.code()) {
            case "NOAUTH" -> RedisException.lasting(said + "Give a password, as in redis://:password@host.");
            case "WRONGPASS" -> wrongPassword(address, error);
            case "NOPERM" ->
                RedisException.lasting(said + "Add the rule +" + command.toLowerCase(java.util.Locale.ROOT)
                        + " to the ACL of this user.");
            case "DENIED" ->
                RedisException.lasting(said + "Its protected mode wants a password or another bind address.");
            default -> {
                if (command.equals("SELECT")) {
                    yield RedisException.lasting(
                            said + "There is no database " + address.database() + "; choose a lower number.");
                }
                if (command.equals("AUTH")) {
                    yield RedisException.lasting(said + "Leave user and password out if the server has none.");
                }
                yield error.isPassing()
                        ? RedisException.passing(said.trim(), null)
                        : RedisException.lasting(said + "The command was " + command + ".");
            }
        };
    }

    /** The server's words as the first sentence. */
    private static String said(ServerAddress address, ErrorReply error) {
        String text = error.text().endsWith(".")
                ? error.text().substring(0, error.text().length() - 1)
                : error.text();
        return address + " said: " + text + ". ";
    }

    /** What to tell a person of an input or output error. */
    public static RedisException failure(ServerAddress address, Exception error) {
        Throwable cause = error;
        while (cause.getCause() != null && !(cause instanceof IOException)) {
            cause = cause.getCause();
        }
        if (cause instanceof JedisException && cause.getSuppressed().length > 0) {
            cause = cause.getSuppressed()[0];
        }
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof UnknownHostException) {
            return RedisException.lasting("Unknown host " + address.host() + ": check the name.");
        }
        if (cause instanceof SocketTimeoutException) {
            return RedisException.passing(
                    address + " does not answer in time: check host, port and firewall, and that it is a Redis.",
                    error);
        }
        if (cause instanceof ConnectException) {
            return RedisException.passing(
                    "Connection refused by " + address + ": check that a Redis runs there.", error);
        }
        if (cause instanceof NoRouteToHostException) {
            return RedisException.passing("No route to " + address + ": check the network.", error);
        }
        if (cause instanceof ProtocolException || message.startsWith("Unknown reply")) {
            return RedisException.lasting(address + " does not speak the Redis protocol: check host and port.");
        }
        if (message.startsWith("WRONGPASS") || message.contains("invalid password") || message.contains("AUTH")) {
            return error(address, message);
        }
        if (cause instanceof SocketException || cause instanceof IOException || message.contains("end of stream")) {
            return RedisException.passing("The connection to " + address + " was cut.", error);
        }
        return error(address, message);
    }

    private static RedisException error(ServerAddress address, String message) {
        ErrorReply reply = new ErrorReply(message);
        return message.contains("invalid password") ? wrongPassword(address, reply) : refusal(address, "AUTH", reply);
    }

    private static RedisException wrongPassword(ServerAddress address, ErrorReply error) {
        return RedisException.lasting(said(address, error) + "Check user and password; in a URI a password"
                + " is taken as percent-encoded if every % in it starts a %XX, and as it stands otherwise.");
    }

    private static void close(@Nullable Socket socket) {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // nothing was sent that could be lost
            }
        }
    }

    /** Reads a reply that must be an array. */
    @SuppressWarnings("unchecked")
    public static List<@Nullable Object> list(@Nullable Object reply) throws IOException {
        if (reply instanceof List<?> list) {
            return (List<@Nullable Object>) list;
        }
        throw new ProtocolException("an array was expected, got " + reply);
    }
}
