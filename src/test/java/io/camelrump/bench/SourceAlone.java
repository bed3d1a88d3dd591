package io.camelrump.bench;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.redis.RespWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * What the source does at most: commands encoded beforehand, sent in bulk while the replies are drained unread. These
 * are PTTL and DUMP of every key, or all that a run asks: SCAN and MEMORY USAGE, too.
 */
final class SourceAlone implements Way {
    private static final int KEYS_AT_ONCE = 1_000;
    private static final byte[] END = "end-of-commands".getBytes(StandardCharsets.US_ASCII);

    private final boolean asAsked;
    private final List<byte[]> commands = new ArrayList<>();

    /** @param asAsked with all that a run asks */
    SourceAlone(boolean asAsked) {
        this.asAsked = asAsked;
    }

    @Override
    public Measurement measure(TestBed bed) throws Exception {
        if (commands.isEmpty()) {
            encode(bed.source());
        }
        double before = bed.sourceCpu();
        return Measurement.of(seconds(bed.source()), bed.sourceCpu() - before, bed.keys());
    }

    private void encode(RedisServer source) throws IOException {
        try (Jedis jedis = source.jedis()) {
            byte[] cursor = ScanParams.SCAN_POINTER_START_BINARY;
            do {
                ScanResult<byte[]> page = jedis.scan(cursor, new ScanParams().count(KEYS_AT_ONCE));
                commands.add(page(cursor, page.getResult()));
                cursor = page.getCursorAsBytes();
            } while (cursor.length > 1 || cursor[0] != '0');
        }
    }

    private byte[] page(byte[] cursor, List<byte[]> keys) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        RespWriter out = new RespWriter(bytes, 64 * 1024);
        if (asAsked) {
            out.command(4).arg("SCAN").arg(cursor).arg("COUNT").arg(KEYS_AT_ONCE);
            for (byte[] key : keys) {
                out.command(3).arg("MEMORY").arg("USAGE").arg(key);
            }
        }
        for (byte[] key : keys) {
            out.command(2).arg("PTTL").arg(key);
            out.command(2).arg("DUMP").arg(key);
        }
        out.flush();
        return bytes.toByteArray();
    }

    private double seconds(RedisServer server) throws IOException {
        try (Socket socket = new Socket(RedisServer.HOST, server.port())) {
            OutputStream out = socket.getOutputStream();
            long begin = System.nanoTime();
            CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> send(out));
            drain(socket.getInputStream());
            double seconds = (System.nanoTime() - begin) / 1e9;
            sender.join();
            return seconds;
        }
    }

    private void send(OutputStream out) {
        try {
            for (byte[] page : commands) {
                out.write(page);
            }
            new RespWriter(out, 1024).command(2).arg("ECHO").arg(END).flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nothing follows the last reply, so that the stream's last bytes tell it. */
    private static void drain(InputStream in) throws IOException {
        byte[] last = new byte[END.length + 2];
        byte[] buffer = new byte[256 * 1024];
        do {
            int n = in.read(buffer);
            if (n < 0) {
                throw new IOException("the server closed the connection");
            }
            int kept = Math.max(0, last.length - n);
            System.arraycopy(last, last.length - kept, last, 0, kept);
            System.arraycopy(buffer, Math.max(0, n - last.length), last, kept, last.length - kept);
        } while (!Arrays.equals(last, 0, END.length, END, 0, END.length));
    }
}
