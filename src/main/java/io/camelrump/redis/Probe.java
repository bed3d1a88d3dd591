package io.camelrump.redis;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/** Finds out, where a connection did not come about, whether the server expects TLS. Nothing secret is sent. */
final class Probe {
    private static final int MILLIS = 2_000;
    private static final int TRIES = 5;

    private Probe() {}

    /** Whether a server that expects TLS may have failed like this: it answers, and not as a Redis does. */
    static boolean mayBe(List<Throwable> chain) {
        return chain.stream()
                .noneMatch(cause -> cause instanceof SocketTimeoutException
                        || cause instanceof ConnectException
                        || cause instanceof UnknownHostException
                        || cause instanceof JedisDataException);
    }

    static boolean speaksTls(ServerAddress address) {
        if (address.isSocket()) {
            return false;
        }
        Tls any = new TlsFiles(null, null, null, null, null, true).load();
        try (Socket plain = connect(address);
                Socket secured = any.secure(plain, address.host(), address.port())) {
            return secured.isConnected();
        } catch (SSLException e) {
            return String.valueOf(e.getMessage()).contains("fatal alert");
        } catch (IOException e) {
            return false;
        }
    }

    /** The server's refusal after it has seen the client's certificate, or that there is none; null if it accepts. */
    static @Nullable SSLException lateRefusal(ServerAddress address) {
        Tls tls = address.tls();
        for (int i = 0; tls != null && i < TRIES; i++) {
            try (Socket plain = connect(address)) {
                // in one piece: to a piece that it has no use for the server answers by a reset, which hides its words
                plain.setTcpNoDelay(false);
                try (Socket secured = tls.secure(plain, address.host(), address.port())) {
                    secured.getInputStream().read();
                    return null;
                }
            } catch (SSLException e) {
                return e;
            } catch (SocketException e) {
                // such a reset
            } catch (IOException e) {
                return null;
            }
        }
        return null;
    }

    static boolean speaksPlain(ServerAddress address) {
        try (Socket plain = connect(address)) {
            plain.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            int first = plain.getInputStream().read();
            return first == '+' || first == '-';
        } catch (IOException e) {
            return false;
        }
    }

    private static Socket connect(ServerAddress address) throws IOException {
        DefaultJedisClientConfig patience = DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis(MILLIS)
                .socketTimeoutMillis(MILLIS)
                .build();
        try {
            return Sockets.plain(address, patience).createSocket();
        } catch (JedisConnectionException e) {
            throw new IOException(e);
        }
    }
}
