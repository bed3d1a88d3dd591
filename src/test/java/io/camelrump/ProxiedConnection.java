package io.camelrump;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One connection through {@link FaultyProxy}: for each direction a thread that reads and one that writes later. */
final class ProxiedConnection {

    /** Chunks on their way: with a delay they are what the wire holds, so that latency does not bound throughput. */
    private static final int CHUNKS_IN_FLIGHT = 1024;

    private static final int CHUNK_BYTES = 64 * 1024;

    private final FaultyProxy proxy;
    private final Socket client;
    private final Socket server;
    private final List<Thread> writers = new CopyOnWriteArrayList<>();

    /** Bytes and when they are due; an empty chunk is the end of what one side says. */
    private record Chunk(byte[] bytes, long dueNanos) {}

    ProxiedConnection(FaultyProxy proxy, Socket client, int serverPort) throws IOException {
        this.proxy = proxy;
        this.client = client;
        try {
            server = new Socket(RedisServer.HOST, serverPort);
            server.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
        } catch (IOException e) {
            reset(client);
            throw e;
        }
    }

    void start(String name) {
        carry(name + "-to-server", FaultyProxy.Direction.TO_SERVER, client, server);
        carry(name + "-to-client", FaultyProxy.Direction.TO_CLIENT, server, client);
    }

    /** Resets both sides: what is on its way is lost. */
    void cut() {
        reset(client);
        reset(server);
        end();
    }

    static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // several threads may end one connection: whichever comes later finds it closed
            if (!socket.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void carry(String name, FaultyProxy.Direction direction, Socket from, Socket to) {
        BlockingQueue<Chunk> wire = new LinkedBlockingQueue<>(CHUNKS_IN_FLIGHT);
        writers.add(proxy.run(name + "-write", () -> write(direction, wire, to)));
        proxy.run(name + "-read", () -> read(from, wire));
    }

    private void read(Socket from, BlockingQueue<Chunk> wire) {
        byte[] buffer = new byte[CHUNK_BYTES];
        try {
            int count;
            do {
                proxy.awaitFlow();
                count = Math.max(0, from.getInputStream().read(buffer));
                // a stall that began while this thread was waiting for bytes holds these back as well
                proxy.awaitFlow();
                long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(proxy.delayMillis());
                wire.put(new Chunk(Arrays.copyOf(buffer, count), due));
            } while (count > 0);
        } catch (IOException | InterruptedException e) {
            cut();
        }
    }

    private void write(FaultyProxy.Direction direction, BlockingQueue<Chunk> wire, Socket to) {
        try {
            while (true) {
                Chunk chunk = wire.take();
                TimeUnit.NANOSECONDS.sleep(chunk.dueNanos() - System.nanoTime());
                int size = chunk.bytes().length;
                if (size == 0) {
                    closeBoth();
                    return;
                }
                proxy.flip(direction, chunk.bytes());
                int granted = proxy.permit(direction, size);
                to.getOutputStream().write(chunk.bytes(), 0, granted);
                if (granted < size) {
                    proxy.cutThrough(this);
                    return;
                }
            }
        } catch (IOException | InterruptedException e) {
            cut();
        }
    }

    /** In order: what was written before still arrives. */
    void closeBoth() throws IOException {
        client.close();
        server.close();
        end();
    }

    private void end() {
        proxy.ended(this);
        writers.stream().filter(writer -> writer != Thread.currentThread()).forEach(Thread::interrupt);
    }
}
