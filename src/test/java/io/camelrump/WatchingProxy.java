package io.camelrump;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A proxy whose server can be swapped, with a look at each chunk that goes to the server. */
final class WatchingProxy implements AutoCloseable {
    volatile int port;
    volatile Consumer<String> beforeToServer = text -> {};
    volatile Consumer<String> beforeToClient = text -> {};
    /** What the client gets in the place of what the server sent. */
    volatile UnaryOperator<String> changedToClient = UnaryOperator.identity();

    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    WatchingProxy(int port) throws IOException {
        this.port = port;
        listener = new ServerSocket(0, 128, InetAddress.getByName("127.0.0.1"));
        daemon(() -> {
            while (true) {
                Socket client = listener.accept();
                try {
                    Socket server = new Socket("127.0.0.1", this.port);
                    client.setTcpNoDelay(true);
                    server.setTcpNoDelay(true);
                    sockets.add(client);
                    sockets.add(server);
                    daemon(() -> carry(client, server, true));
                    daemon(() -> carry(server, client, false));
                } catch (IOException e) {
                    client.close();
                }
            }
        });
    }

    interface Work {
        void run() throws Exception;
    }

    static void daemon(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Exception e) {
                // ended
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    int listenPort() {
        return listener.getLocalPort();
    }

    private void carry(Socket from, Socket to, boolean toServer) throws IOException {
        byte[] buffer = new byte[256 * 1024];
        try {
            int n = from.getInputStream().read(buffer);
            while (n > 0) {
                String text = new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
                (toServer ? beforeToServer : beforeToClient).accept(text);
                String sent = toServer ? text : changedToClient.apply(text);
                to.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
                n = from.getInputStream().read(buffer);
            }
        } finally {
            from.close();
            to.close();
        }
    }

    void cut() {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                // closed
            }
        }
        sockets.clear();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
