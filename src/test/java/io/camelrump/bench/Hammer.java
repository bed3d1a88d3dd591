package io.camelrump.bench;

import io.camelrump.fixtures.RedisServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.Jedis;

/** Clients that use a server while it is copied: each does a GET and a SET in turn at a steady rate, and times them. */
final class Hammer implements Clients {
    private static final int CONNECTIONS = 2;
    private static final long BETWEEN_NANOS = TimeUnit.SECONDS.toNanos(CONNECTIONS) / 2_000;
    private static final int MOST = 1_000_000;

    private final List<Client> clients = new ArrayList<>();

    Hammer(RedisServer server) {
        for (int i = 0; i < CONNECTIONS; i++) {
            Client client = new Client(server, "hammer:" + i);
            client.start();
            clients.add(client);
        }
    }

    @Override
    public double[] end() throws InterruptedException {
        clients.forEach(client -> client.ended = true);
        double[] all = new double[0];
        for (Client client : clients) {
            client.join();
            int before = all.length;
            all = Arrays.copyOf(all, before + client.done);
            for (int i = 0; i < client.done; i++) {
                all[before + i] = client.nanos[i] / 1e6;
            }
        }
        Arrays.sort(all);
        return all;
    }

    private static final class Client extends Thread {
        private final RedisServer server;
        private final String key;
        private final long[] nanos = new long[MOST];
        private volatile boolean ended;
        private int done;

        Client(RedisServer server, String key) {
            super(key);
            this.server = server;
            this.key = key;
        }

        @Override
        public void run() {
            try (Jedis jedis = server.jedis()) {
                long due = System.nanoTime();
                while (!ended && done < MOST) {
                    long begin = System.nanoTime();
                    if (done % 2 == 0) {
                        jedis.set(key, key);
                    } else {
                        jedis.get(key);
                    }
                    nanos[done++] = System.nanoTime() - begin;
                    due = Math.max(due + BETWEEN_NANOS, System.nanoTime() - BETWEEN_NANOS);
                    LockSupport.parkNanos(due - System.nanoTime());
                }
            }
        }
    }
}
