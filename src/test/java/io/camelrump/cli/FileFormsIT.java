package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.Batch;
import io.camelrump.PageConverter;
import io.camelrump.RunState;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RespReader;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.SetParams;

/** Files in the forms of others: commands for redis-cli --pipe, and what Rump 1.0 wrote. */
class FileFormsIT {
    private static final byte[] SEPARATOR = HexFormat.of().parseHex("e29c9de29c9d");

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    private CommandRun write(String form, RedisServer source, String... flags) {
        return CommandRun.of(Stream.concat(
                        Stream.of("-from", RumpProcess.uri(source), "-to", form + folder.resolve("file")),
                        Stream.of(flags))
                .toArray(String[]::new));
    }

    private byte[] written() throws IOException {
        return Files.readAllBytes(folder.resolve("file"));
    }

    /** Sends all commands at once, as redis-cli --pipe does, and gives the errors among the replies. */
    private static List<String> pipe(byte[] commands, RedisServer server) throws Exception {
        try (Socket socket = new Socket(RedisServer.HOST, server.port())) {
            Thread sender = new Thread(() -> {
                try {
                    socket.getOutputStream().write(commands);
                    socket.getOutputStream().write("*2\r\n$4\r\nECHO\r\n$4\r\nlast\r\n".getBytes());
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            sender.start();
            RespReader in = new RespReader(new BufferedInputStream(socket.getInputStream()), 64 * 1024);
            List<String> errors = new ArrayList<>();
            for (Object reply = in.reply(); !isLast(reply); reply = in.reply()) {
                if (reply instanceof ErrorReply error) {
                    errors.add(error.text());
                }
            }
            sender.join();
            return errors;
        }
    }

    private static boolean isLast(Object reply) {
        return reply instanceof byte[] text && new String(text, StandardCharsets.US_ASCII).equals("last");
    }

    /** Keys, payloads and times to live in turn. */
    private List<byte[]> tokens() throws IOException {
        byte[] bytes = written();
        List<byte[]> tokens = new ArrayList<>();
        int begin = 0;
        for (int at = 0; at + SEPARATOR.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + SEPARATOR.length, SEPARATOR, 0, SEPARATOR.length)) {
                tokens.add(Arrays.copyOfRange(bytes, begin, at));
                begin = at + SEPARATOR.length;
            }
        }
        assertThat(begin).as("ends with a separator").isEqualTo(bytes.length);
        return tokens;
    }

    static Stream<RedisServers.Version> versionsWithAbsoluteExpiry() {
        return RedisServers.versions().stream().filter(version -> version.isLike(5, 0));
    }

    @ParameterizedTest
    @MethodSource("versionsWithAbsoluteExpiry")
    void commandsRestoreEveryTypeToAServerThatIsPipedTo(RedisServers.Version version) throws Exception {
        RedisServer source = servers.start(version);
        RedisServer target = servers.start(version);
        try (Jedis from = source.jedis();
                Jedis to = target.jedis()) {
            SampleData.fill(from, version);
            for (int i = 0; i < 5_000; i++) {
                from.rpush("list in parts", "element " + i);
                from.hset("hash in parts", "field " + i, "value");
            }
            from.expire("hash in parts", 10_000);
            to.set("hash in parts", "an older value");

            CommandRun run = write("resp:", source, "--big-key", "64kb");

            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(pipe(written(), target)).isEmpty();
            assertThat(EqualityProof.compare(from, to, Duration.ofMillis(50)).differences())
                    .isEmpty();
        }
    }

    @Test
    void commandsSelectDatabasesWhereSeveralAreRead() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis from = source.jedis();
                Jedis to = target.jedis()) {
            from.set("a", "0");
            from.select(3);
            from.set("b", "3");

            assertThat(write("resp:", source, "--db", "all").exitCode()).isZero();
            assertThat(pipe(written(), target)).isEmpty();

            assertThat(to.get("a")).isEqualTo("0");
            to.select(3);
            assertThat(to.get("b")).isEqualTo("3");
        }
    }

    @Test
    void commandsLeaveAServersOwnKeysAloneIfAskedTo() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis from = source.jedis();
                Jedis to = target.jedis()) {
            from.mset("a", "new", "b", "new");
            from.rpush("c", Stream.generate(() -> "e".repeat(100)).limit(2_000).toArray(String[]::new));
            to.mset("a", "own", "c", "own");

            assertThat(write("resp:", source, "--on-conflict", "keep", "--big-key", "64kb")
                            .exitCode())
                    .isZero();

            assertThat(pipe(written(), target)).singleElement().asString().startsWith("BUSYKEY");
            assertThat(to.mget("a", "b", "c")).containsExactly("own", "new", "own");
        }
    }

    @Test
    void theFormOfRump1HasKeyPayloadAndTimeToLive() throws Exception {
        RedisServer source = servers.start();
        try (Jedis jedis = source.jedis()) {
            jedis.set("a", "1");
            jedis.set("b", "2", SetParams.setParams().px(100_000));

            CommandRun run = write("rump1:", source);

            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.out()).contains("1 expiry begins to run when the file is restored");
            List<byte[]> tokens = tokens();
            assertThat(tokens).hasSize(6);
            for (int i = 0; i < 6; i += 3) {
                String key = new String(tokens.get(i), StandardCharsets.US_ASCII);
                assertThat(tokens.get(i + 1)).isEqualTo(jedis.dump(key));
                long ttl = Long.parseLong(new String(tokens.get(i + 2), StandardCharsets.US_ASCII));
                assertThat(ttl).isBetween(key.equals("a") ? 0L : 60_000L, key.equals("a") ? 0L : 100_000L);
            }
        }
    }

    @Test
    void theFormOfRump1RefusesKeysThatWouldShiftOthers() throws Exception {
        RedisServer source = servers.start();
        try (Jedis jedis = source.jedis()) {
            ByteArrayOutputStream odd = new ByteArrayOutputStream();
            odd.writeBytes("odd".getBytes(StandardCharsets.US_ASCII));
            odd.writeBytes(SEPARATOR);
            jedis.set(odd.toByteArray(), "1".getBytes(StandardCharsets.US_ASCII));
            jedis.set("value".getBytes(StandardCharsets.US_ASCII), odd.toByteArray());
            jedis.set("good", "1");
            jedis.set("large", new String(SampleData.noise(100_000), StandardCharsets.ISO_8859_1));
            jedis.rpush(
                    "parts", Stream.generate(() -> "e".repeat(100)).limit(2_000).toArray(String[]::new));

            CommandRun run = write("rump1:", source, "--big-key", "300kb");

            assertThat(run.exitCode()).isEqualTo(6);
            assertThat(run.out())
                    .contains("refused 2", "handed on 3")
                    .contains("separator of the form of Rump 1.0")
                    .contains("1 value is larger than 64 KB, which Rump 1.0 writes and cannot read");
            assertThat(tokens()).hasSize(9);

            CommandRun inParts = write("rump1:", source, "--big-key", "64kb", "--overwrite");

            assertThat(inParts.exitCode()).isEqualTo(6);
            assertThat(inParts.out()).contains("was read in parts").contains("--big-key off");
        }
    }

    @Test
    void aServerAndAFileTakeTheKeysOfOneRun() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        Path routes = folder.resolve("two.camel.yaml");
        Files.writeString(routes, """
                - route:
                    from:
                      uri: rump:source
                      parameters: { targets: "2" }
                      steps:
                        - to: rump:target
                        - to: { uri: "rump:copy", parameters: { file: "%s" } }
                """.formatted(folder.resolve("file")));
        try (Jedis jedis = source.jedis()) {
            SampleData.populate(jedis, 3_000, 20);
        }

        CommandRun run = CommandRun.of(
                "-from", RumpProcess.uri(source), "-to", RumpProcess.uri(target), "--routes", routes.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(WrittenFile.of(folder.resolve("file")).keys()).isEqualTo(3_000);
        try (Jedis jedis = target.jedis()) {
            assertThat(jedis.dbSize()).isEqualTo(3_000);
        }
    }

    @Test
    void keysThatNoRunHasReadMakeAFileThatNobodyCallsComplete() throws Exception {
        RedisServer source = servers.start();
        try (Jedis jedis = source.jedis();
                CamelContext context = new DefaultCamelContext()) {
            jedis.set("a", "1");
            assertThat(write("file:", source).exitCode()).isZero();
            Batch batch = PageConverter.toBatch(written());
            context.start();
            try (ProducerTemplate template = context.createProducerTemplate()) {
                template.sendBody("rump:copy?file=" + folder.resolve("copy"), batch);
            }
        }

        assertThat(folder.resolve("copy")).doesNotExist();
        WrittenFile left = WrittenFile.of(folder.resolve("copy.partial"));
        assertThat(left.keys()).isEqualTo(1);
        assertThat(left.end().state()).isEqualTo(RunState.INCOMPLETE);
    }

    @Test
    void theFormOfRump1TakesOneDatabase() throws Exception {
        RedisServer source = servers.start();
        try (Jedis jedis = source.jedis()) {
            jedis.set("a", "0");
            jedis.select(3);
            jedis.set("a", "3");
        }

        CommandRun run = write("rump1:", source, "--db", "all");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("knows no databases");
        assertThat(folder.resolve("file")).doesNotExist();
        assertThat(folder.resolve("file.partial")).exists();
    }
}
