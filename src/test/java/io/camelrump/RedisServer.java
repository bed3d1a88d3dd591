package io.camelrump;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/** A running server of its own on 127.0.0.1; it is ended by {@link #close}, at the latest with the JVM. */
public abstract class RedisServer implements AutoCloseable {

    public static final String HOST = "127.0.0.1";

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int REPLY_TIMEOUT_MILLIS = 60_000;
    private static final int HIGHEST_PORT = 65_535;
    /** The nodes of a cluster talk to each other on a port that is so much higher. */
    private static final int BUS = 10_000;

    private final RedisServers.Version version;
    private final List<String> extra;
    private volatile int port;

    RedisServer(RedisServers.Version version, String... arguments) {
        this.version = version;
        this.extra = List.of(arguments);
        this.port = freePort(extra.contains("--cluster-enabled"));
    }

    public final RedisServers.Version version() {
        return version;
    }

    /** The same port over all restarts, until it {@link #move moves}. */
    public final int port() {
        return port;
    }

    /** The port for TLS; {@link #port} if it has none. */
    public final int tlsPort() {
        int tls = extra.indexOf("--tls-port") + 1;
        return tls > 0 ? Integer.parseInt(extra.get(tls)) : port;
    }

    /** A new connection, with the password when the server was started with one; the caller closes it. */
    public final Jedis jedis() {
        Jedis jedis = new Jedis(HOST, port, REPLY_TIMEOUT_MILLIS);
        int password = extra.indexOf("--requirepass") + 1;
        if (password > 0) {
            jedis.auth(extra.get(password));
        }
        return jedis;
    }

    /** Ends the server at once, as a crash would; what it had not saved is lost. */
    public abstract void kill9();

    /** Ends and starts it again on the same port, with the data it holds now (or had saved when killed) or empty. */
    public final void restart(boolean keepData) {
        if (keepData && isRunning()) {
            try (Jedis jedis = jedis()) {
                jedis.save();
            }
        }
        kill9();
        startAgain(keepData);
        awaitAnswer();
    }

    /** Ends at once, and starts again on another port with what it had saved, such as its name in a cluster. */
    public final void move() {
        kill9();
        port = freePort(extra.contains("--cluster-enabled"));
        startAgain(true);
        awaitAnswer();
    }

    /** Freezes the server: connections stay open, nothing is answered until {@link #resume}. */
    public abstract void pause();

    public abstract void resume();

    @Override
    public abstract void close();

    abstract boolean isRunning();

    abstract void startAgain(boolean keepData);

    /** Its last words, for the message when it does not answer. */
    abstract String log();

    final List<String> commandLine() {
        List<String> line = new ArrayList<>(
                List.of("--bind", HOST, "--port", String.valueOf(port), "--save", "", "--appendonly", "no"));
        // a replica gets its data at once, and not when others may have come
        line.addAll(List.of("--repl-diskless-sync-delay", "0"));
        if (version.isLike(7, 0)) {
            line.addAll(List.of("--enable-debug-command", "local"));
        }
        line.addAll(extra);
        return line;
    }

    final void awaitAnswer() {
        Awaitility.await(version + " on port " + port)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .failFast(this::checkRunning)
                .until(this::answers);
    }

    private void checkRunning() {
        if (!isRunning()) {
            throw new IllegalStateException(version + " ended: " + log());
        }
    }

    private boolean answers() {
        try (Jedis jedis = new Jedis(HOST, port, 1000)) {
            jedis.ping();
            return true;
        } catch (JedisConnectionException e) {
            return false;
        } catch (JedisDataException e) {
            // NOAUTH is an answer too
            return !e.getMessage().startsWith("LOADING");
        }
    }

    /** A port of 127.0.0.1 that nobody listens on. */
    public static int freePort() {
        return freePort(false);
    }

    /** The same for a node of a cluster. */
    static int freePortOfNode() {
        return freePort(true);
    }

    private static int freePort(boolean ofNode) {
        try (ServerSocket socket = listen(0)) {
            // while one is held, the next one is another
            return !ofNode || isFree(socket.getLocalPort() + BUS) ? socket.getLocalPort() : freePort(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isFree(int port) {
        if (port > HIGHEST_PORT) {
            return false;
        }
        try (ServerSocket socket = listen(port)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getByName(HOST));
    }
}
