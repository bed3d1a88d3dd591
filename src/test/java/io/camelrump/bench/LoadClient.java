package io.camelrump.bench;

import io.camelrump.fixtures.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.Jedis;

/**
 * Clients that use a server while it is copied, in a process of their own: each does a GET and a SET in turn at a
 * steady rate, and times them. {@link Hammer} starts it.
 */
final class LoadClient extends Thread {
    /** Said once times are taken. */
    static final String READY = "ready";

    private static final int CONNECTIONS = 2;
    private static final long BETWEEN_NANOS = TimeUnit.SECONDS.toNanos(CONNECTIONS) / 2_000;
    private static final int MOST = 1_000_000;
    /** Until its code is compiled. */
    private static final int WARM_UP = 1_000;

    private final int port;
    private final String key;
    private final long[] nanos = new long[MOST];
    private volatile int done;
    private volatile boolean ended;

    private LoadClient(int port, String key) {
        super(key);
        this.port = port;
        this.key = key;
    }

    /** Uses the server at this port until its input ends, then prints each wait in nanoseconds. */
    public static void main(String[] port) throws Exception {
        List<LoadClient> clients = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            LoadClient client = new LoadClient(Integer.parseInt(port[0]), "hammer:" + i);
            client.start();
            clients.add(client);
        }
        for (LoadClient client : clients) {
            while (client.done < WARM_UP && client.isAlive()) {
                LockSupport.parkNanos(BETWEEN_NANOS);
            }
        }
        System.out.println(READY);
        System.in.read();
        StringBuilder text = new StringBuilder();
        for (LoadClient client : clients) {
            client.ended = true;
            client.join();
            for (int i = WARM_UP; i < client.done; i++) {
                text.append(client.nanos[i]).append('\n');
            }
        }
        System.out.print(text);
    }

    @Override
    public void run() {
        try (Jedis jedis = new Jedis(RedisServer.HOST, port, (int) TimeUnit.MINUTES.toMillis(1))) {
            long due = System.nanoTime();
            for (int n = 0; !ended && n < MOST; n++) {
                long begin = System.nanoTime();
                if (n % 2 == 0) {
                    jedis.set(key, key);
                } else {
                    jedis.get(key);
                }
                nanos[n] = System.nanoTime() - begin;
                done = n + 1;
                due = Math.max(due + BETWEEN_NANOS, System.nanoTime() - BETWEEN_NANOS);
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
    }
}
