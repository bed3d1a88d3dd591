package io.camelrump.bench;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.redis.RespReader;
import io.camelrump.redis.RespWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * What one server does at most: commands encoded beforehand, sent in bulk while the replies are drained unread.
 *
 * <p>The source's limit is PTTL and DUMP of every key, without any SCAN; the target's is RESTORE of every key. With all
 * that a run asks of the source, SCAN and MEMORY USAGE too, it can be measured as well.
 */
final class RawLimit {
    private static final int KEYS_AT_ONCE = 1_000;

    private final List<byte[]> scans = new ArrayList<>();
    private final List<byte[]> sizes = new ArrayList<>();
    private final List<byte[]> dumps = new ArrayList<>();
    private final List<byte[]> restores = new ArrayList<>();

    RawLimit(RedisServer source) throws IOException {
        try (Jedis jedis = source.jedis();
                Socket socket = new Socket(RedisServer.HOST, source.port())) {
            RespReader in = new RespReader(socket.getInputStream(), 64 * 1024);
            byte[] cursor = ScanParams.SCAN_POINTER_START_BINARY;
            do {
                ScanResult<byte[]> page = jedis.scan(cursor, new ScanParams().count(KEYS_AT_ONCE));
                scans.add(scan(cursor));
                sizes.add(sizes(page.getResult()));
                byte[] commands = dumps(page.getResult());
                socket.getOutputStream().write(commands);
                dumps.add(commands);
                restores.add(restores(page.getResult(), in));
                cursor = page.getCursorAsBytes();
            } while (!"0".equals(new String(cursor, java.nio.charset.StandardCharsets.US_ASCII)));
        }
    }

    private static byte[] scan(byte[] cursor) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new RespWriter(bytes, 1024)
                .command(4)
                .arg("SCAN")
                .arg(cursor)
                .arg("COUNT")
                .arg(KEYS_AT_ONCE)
                .flush();
        return bytes.toByteArray();
    }

    private static byte[] sizes(List<byte[]> keys) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        RespWriter out = new RespWriter(bytes, 64 * 1024);
        for (byte[] key : keys) {
            out.command(3).arg("MEMORY").arg("USAGE").arg(key);
        }
        out.flush();
        return bytes.toByteArray();
    }

    private static byte[] dumps(List<byte[]> keys) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        RespWriter out = new RespWriter(bytes, 64 * 1024);
        for (byte[] key : keys) {
            out.command(2).arg("PTTL").arg(key);
            out.command(2).arg("DUMP").arg(key);
        }
        out.flush();
        return bytes.toByteArray();
    }

    private static byte[] restores(List<byte[]> keys, RespReader in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        RespWriter out = new RespWriter(bytes, 64 * 1024);
        for (byte[] key : keys) {
            long ttl = Math.max(0, (Long) in.reply());
            out.command(5)
                    .arg("RESTORE")
                    .arg(key)
                    .arg(ttl)
                    .arg((byte[]) in.reply())
                    .arg("REPLACE");
        }
        out.flush();
        return bytes.toByteArray();
    }

    /** Seconds for reading every key. */
    double source(RedisServer source) throws IOException {
        return seconds(source, dumps);
    }

    /** Seconds for all that a run asks: SCAN, where it is to be so the size of each key, and then PTTL and DUMP. */
    double sourceAsAsked(RedisServer source, boolean withSizes) throws IOException {
        List<byte[]> commands = new ArrayList<>();
        for (int page = 0; page < dumps.size(); page++) {
            commands.add(scans.get(page));
            if (withSizes) {
                commands.add(sizes.get(page));
            }
            commands.add(dumps.get(page));
        }
        return seconds(source, commands);
    }

    /** Seconds for writing every key. */
    double target(RedisServer target) throws IOException {
        return seconds(target, restores);
    }

    private static double seconds(RedisServer server, List<byte[]> commands) throws IOException {
        try (Socket socket = new Socket(RedisServer.HOST, server.port())) {
            byte[] end = "end-of-commands".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            OutputStream out = socket.getOutputStream();
            long begin = System.nanoTime();
            CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
                try {
                    for (byte[] some : commands) {
                        out.write(some);
                    }
                    new RespWriter(out, 1024).command(2).arg("ECHO").arg(end).flush();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            drainTo(socket.getInputStream(), end);
            double seconds = (System.nanoTime() - begin) / 1e9;
            sender.join();
            return seconds;
        }
    }

    /** Nothing follows the last reply, so that the stream's last bytes tell it. */
    private static void drainTo(InputStream in, byte[] end) throws IOException {
        byte[] last = new byte[end.length + 2];
        byte[] buffer = new byte[256 * 1024];
        do {
            int n = in.read(buffer);
            if (n < 0) {
                throw new IOException("the server closed the connection");
            }
            int kept = Math.max(0, last.length - n);
            System.arraycopy(last, last.length - kept, last, 0, kept);
            System.arraycopy(buffer, Math.max(0, n - last.length), last, kept, last.length - kept);
        } while (!java.util.Arrays.equals(last, 0, end.length, end, 0, end.length));
    }
}
