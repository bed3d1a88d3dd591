package io.camelrump.redis;

import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A connection of Jedis for those who speak with it, on a socket as ours are: by TLS or a Unix socket, counted among
 * our own, and asked by TCP whether its other end is there while nothing comes.
 */
public final class SubscriberConnection extends Jedis {
    private final Sockets sockets;

    private SubscriberConnection(Sockets sockets, JedisClientConfig config) {
        super(sockets, config);
        this.sockets = sockets;
    }

    /**
     * Connects and logs in, at the server that sentinels name now if the address has some.
     *
     * @throws RedisException if it does not come about
     */
    public static SubscriberConnection open(ServerAddress address) {
        ServerAddress server = address.located();
        JedisClientConfig config = ConnectionOpener.config(server)
                .user(server.currentUsername())
                .password(server.currentPassword())
                .build();
        Sockets sockets = new Sockets(server, config);
        boolean ready = false;
        try {
            SubscriberConnection opened = new SubscriberConnection(sockets, config);
            ready = true;
            return opened;
        } catch (JedisException e) {
            throw OpeningErrors.failure(server, e);
        } finally {
            if (!ready) {
                sockets.close();
            }
        }
    }

    @Override
    public void disconnect() {
        super.disconnect();
        sockets.close();
    }

    @Override
    public void close() {
        super.close();
        sockets.close();
    }
}
