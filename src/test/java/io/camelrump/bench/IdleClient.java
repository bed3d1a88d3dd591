package io.camelrump.bench;

import io.camelrump.fixtures.RedisServer;
import redis.clients.jedis.Jedis;

/** A connection of somebody who sends nothing. */
final class IdleClient implements Clients {
    private final Jedis jedis;

    IdleClient(RedisServer server) {
        jedis = server.jedis();
        jedis.ping();
    }

    @Override
    public double[] end() {
        jedis.close();
        return new double[0];
    }
}
