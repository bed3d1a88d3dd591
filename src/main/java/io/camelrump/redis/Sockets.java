package io.camelrump.redis;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Opens the socket that a connection speaks on, and keeps hold of it. Jedis tries every address that a name has. */
final class Sockets implements JedisSocketFactory, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);
    private static final int IDLE_SECONDS = 15;
    private static final int BETWEEN_SECONDS = 5;
    private static final int UNANSWERED = 3;

    private final ServerAddress address;
    private final JedisSocketFactory plain;
    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable Socket transport;
    private @Nullable Socket opened;
    private volatile @Nullable SilenceWatch silence;

    Sockets(ServerAddress address, JedisClientConfig config) {
        this.address = address;
        this.plain = plain(address, config);
        OwnConnections.to(address).opened();
    }

    /** A factory of sockets without TLS, whatever the address says. */
    static JedisSocketFactory plain(ServerAddress address, JedisClientConfig config) {
        return address.isSocket()
                ? () -> UnixSocket.connect(address.host())
                : new DefaultJedisSocketFactory(new HostAndPort(address.host(), address.port()), config);
    }

    @Override
    public Socket createSocket() {
        Socket socket = plain.createSocket();
        transport = socket;
        if (!address.isSocket()) {
            keepAlive(socket);
        }
        Tls tls = address.tls();
        try {
            socket = tls == null ? socket : tls.secure(socket, address.host(), address.port());
            socket.setSoTimeout((int) address.connectTimeout().toMillis());
        } catch (IOException e) {
            throw new JedisConnectionException(e);
        }
        opened = socket;
        return socket;
    }

    /** An idle connection is asked each few seconds whether its other end is there, and not after two hours. */
    private static void keepAlive(Socket socket) {
        try {
            socket.setKeepAlive(true);
            if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
                socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, IDLE_SECONDS);
                socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, BETWEEN_SECONDS);
                socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, UNANSWERED);
            }
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("no TCP keepalive of {}", socket, e);
        }
    }

    Socket opened() {
        if (opened == null) {
            throw new IllegalStateException("not connected");
        }
        return opened;
    }

    /** Watches over the connection from here on, until it is closed. */
    SilenceWatch watch() {
        SilenceWatch begun = new SilenceWatch(address, this::close);
        silence = begun;
        return begun;
    }

    /** Ends the connection below TLS first, whose own end would wait for a write that hangs. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            OwnConnections.to(address).closed();
        }
        SilenceWatch watch = silence;
        if (watch != null) {
            watch.close();
        }
        if (transport != null) {
            try {
                transport.close();
            } catch (IOException e) {
                // it was broken already, and is closed now
            }
        }
    }
}
