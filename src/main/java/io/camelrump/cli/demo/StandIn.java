package io.camelrump.cli.demo;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A server on a port of this machine that seems to be a Redis, for a {@link Rehearsal} where there is none: it holds
 * the same strings whatever is written to it.
 */
public final class StandIn implements AutoCloseable {
    private static final String OK = "+OK\r\n";
    /** A string in the form of Redis 7.0, with a checksum that nobody here looks at. */
    private static final byte[] PAYLOAD = HexFormat.of().parseHex("000576616c75650a000000000000000000");

    private final ServerSocket listener;
    private final int keys;
    private final boolean seemsEmpty;

    /**
     * @param keys that a scan finds
     * @param seemsEmpty whether it counts none of them, as a target of a copy does not
     */
    public StandIn(int keys, boolean seemsEmpty) throws IOException {
        this.keys = keys;
        this.seemsEmpty = seemsEmpty;
        listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        start("stand-in", this::accept);
    }

    public String uri() {
        return "redis://127.0.0.1:" + listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                start("stand-in-client", () -> serve(client));
            } catch (IOException e) {
                // closed, which ends the loop
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(client.getInputStream());
            OutputStream out = new BufferedOutputStream(client.getOutputStream());
            while (true) {
                if (in.available() == 0) {
                    out.flush();
                }
                answer(command(in), out);
            }
        } catch (IOException e) {
            // the client has gone
        }
    }

    /** The words of the next command. */
    private static List<String> command(InputStream in) throws IOException {
        int words = number(in);
        List<String> command = new ArrayList<>(words);
        for (int i = 0; i < words; i++) {
            byte[] word = in.readNBytes(number(in));
            in.skipNBytes(2);
            command.add(new String(word, StandardCharsets.ISO_8859_1));
        }
        return command;
    }

    /** The number of a line such as {@code *3}. */
    private static int number(InputStream in) throws IOException {
        int number = 0;
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            number = Character.isDigit(next) ? 10 * number + next - '0' : number;
        }
        return number;
    }

    private void answer(List<String> command, OutputStream out) throws IOException {
        switch (command.get(0).toUpperCase(Locale.ROOT)) {
            case "PING" -> write(out, "+PONG\r\n");
            case "AUTH", "SELECT", "CLIENT", "RESTORE" -> write(out, OK);
            case "INFO" -> bulk(out, info().getBytes(StandardCharsets.US_ASCII));
            case "DBSIZE" -> write(out, ":" + (seemsEmpty ? 0 : keys) + "\r\n");
            case "TIME" -> time(out);
            case "SCAN" -> scan(command, out);
            case "PTTL", "PEXPIRETIME" -> write(out, ":-1\r\n");
            case "MEMORY" -> write(out, ":64\r\n");
            case "EXISTS" -> write(out, ":1\r\n");
            case "STRLEN" -> write(out, ":5\r\n");
            case "LLEN", "SCARD", "ZCARD", "HLEN", "XLEN", "UNLINK", "DEL" -> write(out, ":0\r\n");
            case "TYPE" -> write(out, "+string\r\n");
            case "DUMP" -> bulk(out, PAYLOAD);
            case "ACL", "HELLO" -> write(out, "-ERR unknown command\r\n");
            // known, as far as it is asked whether it is
            default -> write(out, "-ERR wrong number of arguments\r\n");
        }
    }

    private String info() {
        String id = String.format(Locale.ROOT, "%040x", listener.getLocalPort());
        return "redis_version:7.0.15\r\nredis_mode:standalone\r\nrun_id:" + id + "\r\nrole:master\r\nmaster_replid:"
                + id
                + "\r\nmaxmemory:0\r\nused_memory:1000000\r\nevicted_keys:0\r\nexpired_keys:0\r\nconnected_clients:1\r\n"
                + "total_connections_received:1\r\ncluster_enabled:0\r\n"
                + (seemsEmpty ? "" : "db0:keys=" + keys + ",expires=0,avg_ttl=0\r\n");
    }

    private static void time(OutputStream out) throws IOException {
        long now = System.currentTimeMillis();
        write(out, "*2\r\n");
        bulk(out, Long.toString(now / 1000).getBytes(StandardCharsets.US_ASCII));
        bulk(out, Long.toString(now % 1000 * 1000).getBytes(StandardCharsets.US_ASCII));
    }

    private void scan(List<String> command, OutputStream out) throws IOException {
        int from = Integer.parseInt(command.get(1));
        int count = command.indexOf("COUNT");
        int to = Math.min(keys, from + (count < 0 ? 10 : Integer.parseInt(command.get(count + 1))));
        write(out, "*2\r\n");
        bulk(out, Integer.toString(to == keys ? 0 : to).getBytes(StandardCharsets.US_ASCII));
        write(
                out,
                IntStream.range(from, to)
                        .mapToObj(number -> "key:" + number)
                        .map(key -> "$" + key.length() + "\r\n" + key + "\r\n")
                        .collect(Collectors.joining("", "*" + (to - from) + "\r\n", "")));
    }

    private static void bulk(OutputStream out, byte[] bytes) throws IOException {
        write(out, "$" + bytes.length + "\r\n");
        out.write(bytes);
        write(out, "\r\n");
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
