package io.camelrump.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * A connection to a Unix socket as a {@link Socket}, which Java itself gives as a channel alone. As with any other
 * socket one thread may read while another one writes, and {@link #close} ends both.
 */
final class UnixSocket extends Socket {
    private final SocketChannel channel;
    private final Selector readable;
    private final Selector writable;
    private volatile int timeoutMillis;

    private UnixSocket(SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.configureBlocking(false);
        this.readable = Selector.open();
        this.writable = Selector.open();
        channel.register(readable, SelectionKey.OP_READ);
        channel.register(writable, SelectionKey.OP_WRITE);
    }

    static UnixSocket connect(String path) {
        try {
            return new UnixSocket(SocketChannel.open(UnixDomainSocketAddress.of(path)));
        } catch (IOException e) {
            ConnectException refused = new ConnectException(e.getMessage());
            refused.initCause(e);
            throw new JedisConnectionException(refused);
        }
    }

    @Override
    public InputStream getInputStream() {
        return new In();
    }

    @Override
    public OutputStream getOutputStream() {
        return new Out();
    }

    @Override
    public void setSoTimeout(int millis) {
        timeoutMillis = millis;
    }

    @Override
    public int getSoTimeout() {
        return timeoutMillis;
    }

    @Override
    public boolean isConnected() {
        return channel.isConnected();
    }

    @Override
    public boolean isBound() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        readable.close();
        writable.close();
    }

    private void await(Selector selector, long millis) throws IOException {
        try {
            selector.select(millis);
            selector.selectedKeys().clear();
        } catch (ClosedSelectorException e) {
            throw closed(e);
        }
        if (Thread.currentThread().isInterrupted()) {
            // it would make each wait return at once
            throw new SocketException("interrupted");
        }
    }

    private static SocketException closed(RuntimeException cause) {
        SocketException closed = new SocketException("Socket closed");
        closed.initCause(cause);
        return closed;
    }

    private final class In extends InputStream {

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
            long until = System.nanoTime() + timeoutMillis * 1_000_000L;
            int read = channel.read(buffer);
            while (read == 0 && length > 0) {
                long left = (until - System.nanoTime()) / 1_000_000L;
                if (timeoutMillis > 0 && left <= 0) {
                    throw new SocketTimeoutException("Read timed out");
                }
                await(readable, timeoutMillis > 0 ? left : 0);
                read = channel.read(buffer);
            }
            return read;
        }

        @Override
        public void close() throws IOException {
            UnixSocket.this.close();
        }
    }

    private final class Out extends OutputStream {

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
            channel.write(buffer);
            while (buffer.hasRemaining()) {
                await(writable, 0);
                channel.write(buffer);
            }
        }

        @Override
        public void close() throws IOException {
            UnixSocket.this.close();
        }
    }
}
