package io.camelrump.redis;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Opens the socket that a connection speaks on, and keeps hold of it. Jedis tries every address that a name has. */
final class Sockets implements JedisSocketFactory, AutoCloseable {
    private final ServerAddress address;
    private final JedisSocketFactory plain;
    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable Socket transport;
    private @Nullable Socket opened;

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

    Socket opened() {
        if (opened == null) {
            throw new IllegalStateException("not connected");
        }
        return opened;
    }

    /** Ends the connection below TLS first, whose own end would wait for a write that hangs. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            OwnConnections.to(address).closed();
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
