package io.camelrump;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP proxy on 127.0.0.1 that spoils connections on demand.
 *
 * <p>All settings hold at once and for connections that are open already; {@link #heal} takes them all back.
 */
public final class FaultyProxy implements AutoCloseable {

    /** Which way bytes go. */
    public enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    /** No cut is waiting. */
    private static final long NEVER = Long.MAX_VALUE;

    private final ServerSocket listener;
    private final int serverPort;
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicLong toServer = new AtomicLong();
    private final AtomicLong toClient = new AtomicLong();
    private final AtomicLong leftToServer = new AtomicLong(NEVER);
    private final AtomicLong leftToClient = new AtomicLong(NEVER);
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final AtomicLong flipToServer = new AtomicLong(NEVER);
    private final AtomicLong flipToClient = new AtomicLong(NEVER);
    private volatile long delayMillis;
    private volatile boolean refusing;
    private boolean stalled;
    private boolean closed;

    public FaultyProxy(RedisServer server) {
        this(server.port());
    }

    public FaultyProxy(int serverPort) {
        this.serverPort = serverPort;
        try {
            listener = new ServerSocket(0, 128, InetAddress.getByName(RedisServer.HOST));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run("faulty-proxy-" + port(), this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Each byte arrives that much later, in both directions; the throughput stays. */
    public FaultyProxy delay(long millis) {
        delayMillis = millis;
        return this;
    }

    /** Resets every open connection now; new ones are accepted. */
    public void cut() {
        connections.forEach(ProxiedConnection::cut);
    }

    /** Lets that many more bytes pass in a direction, over all connections, then cuts all once. */
    public void cutAfter(Direction direction, long bytes) {
        left(direction).set(bytes);
    }

    /** Changes one bit of the byte that passes after so many more in a direction, over all connections; once. */
    public void flipAfter(Direction direction, long bytes) {
        flip(direction).set(passed(direction) + bytes);
    }

    /** Reads no more from either side: both see a peer that is silent and takes nothing once buffers are full. */
    public synchronized void stall() {
        stalled = true;
    }

    /** New connections are reset at once; open ones go on. */
    public void refuse() {
        refusing = true;
    }

    /** Takes back the delay, the stall, the refusal and a cut that is still waiting. */
    public synchronized void heal() {
        delayMillis = 0;
        refusing = false;
        leftToServer.set(NEVER);
        leftToClient.set(NEVER);
        stalled = false;
        notifyAll();
    }

    /** How many connections were accepted, refused ones included. */
    public int accepted() {
        return accepted.get();
    }

    /** How many connections are open now. */
    public int open() {
        return connections.size();
    }

    /** How many bytes have passed in a direction so far. */
    public long passed(Direction direction) {
        return counter(direction).get();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            listener.close();
            for (Thread thread : threads) {
                // again for each: the acceptor may have let in one more
                cut();
                thread.join();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Thread run(String name, Runnable work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } finally {
                        threads.remove(Thread.currentThread());
                    }
                },
                name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
        return thread;
    }

    long delayMillis() {
        return delayMillis;
    }

    synchronized void awaitFlow() throws InterruptedException {
        while (stalled && !closed) {
            wait();
        }
    }

    /** All connections end, and the one whose bytes ran out with what it was still granted. */
    void cutThrough(ProxiedConnection last) throws IOException {
        last.closeBoth();
        cut();
    }

    /** Takes the right to pass bytes on: how many may go, all of them unless a cut is due. */
    int permit(Direction direction, int wanted) {
        AtomicLong left = left(direction);
        long before = left.getAndUpdate(rest -> rest == NEVER ? NEVER : rest < wanted ? NEVER : rest - wanted);
        int granted = before < wanted ? (int) before : wanted;
        counter(direction).addAndGet(granted);
        return granted;
    }

    /** Changes the byte that is due to be changed, if it is among these that pass next. */
    void flip(Direction direction, byte[] bytes) {
        AtomicLong flip = flip(direction);
        long at = flip.get() - passed(direction);
        if (at >= 0 && at < bytes.length && flip.getAndSet(NEVER) != NEVER) {
            bytes[(int) at] ^= 1;
        }
    }

    private AtomicLong flip(Direction direction) {
        return direction == Direction.TO_SERVER ? flipToServer : flipToClient;
    }

    void ended(ProxiedConnection connection) {
        connections.remove(connection);
    }

    private AtomicLong left(Direction direction) {
        return direction == Direction.TO_SERVER ? leftToServer : leftToClient;
    }

    private AtomicLong counter(Direction direction) {
        return direction == Direction.TO_SERVER ? toServer : toClient;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                int number = accepted.incrementAndGet();
                if (refusing) {
                    ProxiedConnection.reset(client);
                } else {
                    ProxiedConnection connection = new ProxiedConnection(this, client, serverPort);
                    connections.add(connection);
                    connection.start("faulty-proxy-" + port() + "-" + number);
                }
            } catch (IOException e) {
                // the proxy is closed, which ends the loop, or the server is down, which the client saw as a reset
            }
        }
    }
}
