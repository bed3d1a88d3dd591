package io.camelrump.redis;

import io.camelrump.UsageException;
import io.camelrump.fixtures.Parser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;

/** Whatever a server says, its reply is read, or is one of the declared errors. */
class ReplyParsersTest {
    private static final ServerAddress ADDRESS =
            new ServerAddress("h", 6379, null, null, 0, Duration.ofSeconds(1), Duration.ofSeconds(1));
    private static final String NODE = "*3\r\n$9\r\n127.0.0.1\r\n:7000\r\n$3\r\nid1\r\n";

    private static final List<Parser> PARSERS = List.of(
            Parser.of(
                    "INFO",
                    ReplyParsersTest::info,
                    List.of(
                            "# Server\r\nredis_version:7.0.15\r\nvalkey_version:8.1.0\r\nrun_id:abc\r\n",
                            "role:slave\r\nmaster_host:h\r\nmaster_port:1\r\nmaster_link_status:up\r\nslave_repl_offset:7\r\n",
                            "used_memory:100\r\nmaxmemory:100\r\nmaxmemory_policy:allkeys-lru\r\nevicted_keys:5\r\nexpired_keys:5\r\n",
                            "cluster_enabled:1\r\nconnected_clients:3\r\ntotal_connections_received:9\r\nmaster_repl_offset:12\r\n"),
                    IOException.class),
            Parser.of(
                    "CLUSTER NODES",
                    input -> ClusterNode.parse(text(input), "asked", input.length % 2 == 0),
                    List.of(
                            "id1 10.0.0.1:7000@17000,name myself,master - 0 0 1 connected 0-3 101 [101->-id2] [300-<-id2]\n",
                            "id3 :7002@17002 slave id1 0 0 1 connected\nid4 [::1]:7003 master,fail? - 0 0 1 connected 9\n"),
                    IOException.class),
            Parser.of(
                    "CLUSTER SLOTS",
                    input -> ClusterTopology.parse(RedisConnection.list(reply(input)), "asked"),
                    List.of(
                            "*1\r\n*3\r\n:0\r\n:16383\r\n" + NODE,
                            "*2\r\n*4\r\n:0\r\n:5\r\n" + NODE + NODE + "*3\r\n:6\r\n:7\r\n*2\r\n$-1\r\n:7001\r\n"),
                    IOException.class),
            Parser.of(
                    "TIME",
                    input -> ServerClock.serverMicros(reply(input)),
                    List.of("*2\r\n$10\r\n1790000000\r\n$6\r\n123456\r\n"),
                    IOException.class),
            Parser.of(
                    "SCAN",
                    input -> ScanReply.read(reader(input), ADDRESS, Cursor.START, 1000),
                    List.of(
                            "*2\r\n$1\r\n0\r\n*2\r\n$3\r\none\r\n$3\r\ntwo\r\n",
                            "*2\r\n$8\r\n_user:12\r\n*0\r\n",
                            "*2\r\n:17\r\n*1\r\n$0\r\n\r\n"),
                    IOException.class,
                    RedisException.class),
            Parser.of(
                    "SENTINEL",
                    input -> {
                        Object place = reply(input);
                        if (place != null) {
                            SentinelMaster.place(place);
                        }
                    },
                    List.of("*2\r\n$9\r\n127.0.0.1\r\n$4\r\n6379\r\n"),
                    IOException.class),
            Parser.of(
                    "FUNCTION LIST",
                    input -> FunctionLibrary.parse(RedisConnection.list(reply(input))),
                    List.of("*1\r\n*6\r\n$12\r\nlibrary_name\r\n$3\r\nlib\r\n$9\r\nfunctions\r\n"
                            + "*1\r\n*2\r\n$4\r\nname\r\n$1\r\nf\r\n$12\r\nlibrary_code\r\n$4\r\ncode\r\n"),
                    IOException.class),
            Parser.of(
                    "redirections",
                    input -> {
                        ErrorReply error = new ErrorReply(text(input));
                        ErrorText.refusal(ADDRESS, "GET", error);
                        ADDRESS.at(error.node());
                    },
                    List.of(
                            "MOVED 5 127.0.0.1:7000",
                            "ASK 16383 [::1]:7000",
                            "EXECABORT because of: OOM x",
                            "NOPERM no"),
                    RedisException.class),
            Parser.of("places of sentinels", input -> Sentinels.nodes(text(input)), List.of("h:1,[::1]:26379,other")),
            Parser.of(
                    "footers of payloads",
                    input -> {
                        PayloadFooter.version(input, 0, input.length);
                        PayloadFooter.withOldest(input);
                    },
                    List.of(new String(PayloadFooter.sample(11), StandardCharsets.ISO_8859_1))),
            Parser.of("cursors", input -> Cursor.decode(Cursor.of(input).encode()), List.of("0", "12", "_user:12")));

    @Property(tries = 3_000, shrinking = ShrinkingMode.OFF)
    void repliesAreReadOrDeclaredErrors(@ForAll long seed) {
        Parser.readAny(PARSERS, seed);
    }

    @Tag("long")
    @Property(tries = 1_000_000, shrinking = ShrinkingMode.OFF)
    void aMillionRepliesAreReadOrDeclaredErrors(@ForAll long seed) {
        Parser.readAny(PARSERS, seed);
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void pemFilesAreReadOrDeclaredErrors(@ForAll long seed) throws IOException {
        readPem(seed);
    }

    @Tag("long")
    @Property(tries = 20_000, shrinking = ShrinkingMode.OFF)
    void manyPemFilesAreReadOrDeclaredErrors(@ForAll long seed) throws IOException {
        readPem(seed);
    }

    private static void readPem(long seed) throws IOException {
        Path file = Files.createTempFile("fuzz", ".pem");
        String block = "-----BEGIN %s-----\nMIIBVAIBADANBgkqhkiG9w0BAQEFAASCAT4wggE6AgEAAkEA\n-----END %s-----\n";
        List<String> samples = List.of(
                block.replace("%s", "PRIVATE KEY"),
                block.replace("%s", "ENCRYPTED PRIVATE KEY"),
                block.replace("%s", "RSA PRIVATE KEY"),
                block.replace("%s", "CERTIFICATE"));
        try {
            Parser.readAny(
                    List.of(Parser.of(
                            "PEM",
                            input -> new TlsFiles(file, Files.write(file, input), null, null, null, false).load(),
                            samples,
                            UsageException.class)),
                    seed);
        } finally {
            Files.delete(file);
        }
    }

    private static void info(byte[] input) throws IOException {
        ServerInfo info = ServerInfo.parse(input);
        info.replicationOffset();
        info.continues(info);
        info.hasTableForEachSlot();
        info.takesNoTouch();
        info.evicts();
        info.evictedKeys();
        info.expiredKeys();
        info.usedMemory();
        info.connectedClients();
        info.receivedConnections();
    }

    private static Object reply(byte[] input) throws IOException {
        return reader(input).reply();
    }

    private static RespReader reader(byte[] input) {
        return new RespReader(new ByteArrayInputStream(input), 64);
    }

    private static String text(byte[] input) {
        return new String(input, StandardCharsets.ISO_8859_1);
    }
}
