package io.camelrump;

import static io.camelrump.fixtures.FaultRun.assertEqual;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.Reply;
import io.camelrump.fixtures.ScriptedServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/** What a source says that no Redis does: a run goes on where that means something, and else ends with the cause. */
class ScriptedSourceIT {
    private static final int KEYS = 300;
    private static final Duration SOON = Duration.ofSeconds(20);

    @RegisterExtension
    private static final RedisServers SERVERS = new RedisServers();

    private static RedisServer real;
    private static RedisServer target;

    @BeforeAll
    static void start() {
        real = SERVERS.start();
        target = SERVERS.start();
        try (Jedis jedis = real.jedis()) {
            for (int i = 0; i < KEYS; i++) {
                jedis.set("user:" + i, "value");
            }
            jedis.hset("hash", Map.of("field", "value"));
            jedis.sadd("set", "member");
            jedis.zadd("zset", 1, "member");
            jedis.xadd("stream", new StreamEntryID("5-5"), Map.of("field", "value"));
        }
    }

    @BeforeEach
    void empty() {
        try (Jedis jedis = target.jedis()) {
            jedis.flushAll();
        }
    }

    /** As Kvrocks does it, whose cursors are the names of keys. */
    private static Reply scanByNames(ScriptedServer.Call call) {
        try (Jedis jedis = real.jedis()) {
            String cursor =
                    call.argument(0).equals("0") ? "0" : call.argument(0).substring("_user:\n".length());
            ScanResult<String> page = jedis.scan(cursor, new ScanParams().count(20));
            String next = page.getCursor().equals("0") ? "0" : "_user:\n" + page.getCursor();
            return Reply.page(next, page.getResult().toArray(String[]::new));
        }
    }

    @Test
    void cursorsMayBeAnyText(@TempDir Path folder) {
        try (ScriptedServer source = new ScriptedServer(real)) {
            source.onCall("SCAN", ScriptedSourceIT::scanByNames);
            Path checkpoint = folder.resolve("checkpoint");
            try (Migration run = Migration.from(source.port())
                    .to(target)
                    .bind("checkpoint", new CheckpointFile(checkpoint.toString()))
                    .with("rump.source.checkpoint", "#bean:checkpoint")
                    .with("rump.source.scan-count", 20)
                    .with("rump.source.max-keys-per-second", 200)
                    .start()) {
                run.awaitRead(KEYS / 2);
                Awaitility.await().until(() -> checkpoint.toFile().exists());
            }
            int scansBefore = source.count("SCAN");
            try (Migration run = Migration.from(source.port())
                    .to(target)
                    .bind("checkpoint", new CheckpointFile(checkpoint.toString()))
                    .with("rump.source.checkpoint", "#bean:checkpoint")
                    .with("rump.source.resume", true)
                    .with("rump.source.scan-count", 20)
                    .start()) {
                run.awaitComplete();
            }
            assertThat(source.calls("SCAN").stream().skip(scansBefore).filter(call -> call.words()
                            .contains("20")))
                    .noneMatch(call -> call.argument(0).equals("0"));
        }
        assertEqual(real, target);
    }

    @Test
    void cursorsWithinAKeyMayBeAnyText() {
        try (ScriptedServer source = new ScriptedServer(real)) {
            source.on("MEMORY USAGE", Reply.number(1 << 20))
                    .onCall(
                            "HSCAN",
                            call -> call.argument(1).equals("0")
                                    ? Reply.page("_fie\nld", "field", "value")
                                    : call.argument(1).equals("_fie\nld") ? Reply.page("0") : Reply.error("ERR cursor"))
                    .onCall(
                            "SSCAN",
                            call -> call.argument(1).equals("0")
                                    ? Reply.page("member", "member")
                                    : call.argument(1).equals("member") ? Reply.page("0") : Reply.error("ERR cursor"));
            try (Migration run = inParts(source, "set\nhash").start()) {
                assertThat(run.awaitComplete().restored()).isEqualTo(2);
            }
        }
    }

    @Test
    void aScanThatTurnsInACircleEnds() {
        try (ScriptedServer source = new ScriptedServer(real)) {
            source.onCall("SCAN", call -> Reply.page(String.valueOf(1 + call.nth() % 5), "key"));
            try (Migration run = Migration.from(source.port()).to(target).start()) {
                Ledger ledger = run.awaitEnd(SOON);

                assertThat(ledger.state()).isEqualTo(RunState.FAILED);
                assertThat(ledger.failure()).contains("answered SCAN by the cursor ", " once more");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"hash, HSCAN", "set, SSCAN", "zset, ZSCAN"})
    void aScanWithinAKeyThatTurnsInACircleEnds(String key, String command) {
        try (ScriptedServer source = new ScriptedServer(real)) {
            source.on("MEMORY USAGE", Reply.number(1 << 20))
                    .onCall(command, call -> Reply.page(call.nth() % 2 == 0 ? "7" : "9", "1", "1"));
            try (Migration run = inParts(source, key).start()) {
                Ledger ledger = run.awaitEnd(SOON);

                assertThat(ledger.state()).isEqualTo(RunState.FAILED);
                assertThat(ledger.failure()).contains("answered " + command + " by the cursor ", " once more");
                assertThat(source.count(command)).isLessThan(10);
            }
        }
    }

    private static Reply entry(String id) {
        return Reply.array(Reply.bulk(id), Reply.bulks("f", "v"));
    }

    private static Migration inParts(ScriptedServer source, String keys) {
        return Migration.from(source.port())
                .to(target)
                .with("rump.source.include-key", keys)
                .with("rump.source.big-key", "64kb");
    }

    static Stream<Arguments> misreadings() {
        return Stream.of(
                arguments(
                        "stream",
                        "XRANGE",
                        Reply.array(Reply.array(Reply.bulk("abc"), Reply.bulks("f", "v"))),
                        "[['abc', ['f', 'v']]]"),
                arguments("stream", "XRANGE", Reply.array(entry("5-5"), entry("5-5")), "[['5-5', ['f', 'v']], ['5-5'"),
                arguments("stream", "XRANGE", Reply.array(Reply.array(Reply.bulk("5-5"))), "[['5-5']]"),
                arguments(
                        "stream", "XINFO STREAM", Reply.array(Reply.bulk("length"), Reply.number(1)), "['length', 1]"),
                arguments("hash", "HSCAN", Reply.page("0", "one", "two", "odd"), "['0', ['one', 'two', 'odd']]"),
                arguments("hash", "HSCAN", Reply.bulks("0"), "['0']"),
                arguments("set", "SSCAN", Reply.status("OK"), "'OK'"),
                arguments("set", "SCAN", Reply.array(Reply.bulk("0"), Reply.NIL), "'$-1'"),
                arguments("set", "SCAN", Reply.array(Reply.bulk("0"), Reply.raw("*-1\r\n")), "nil"),
                arguments("set", "SCAN", Reply.array(), "an array of 0"),
                arguments("set", "SCAN", Reply.status("QUEUED"), "'+QUEUED'"),
                arguments("set", "SCAN", Reply.page("5", "key"), "the cursor 5 once more"),
                arguments("hash", "HSCAN", Reply.page("7", "f", "v"), "the cursor 7 once more"),
                arguments("set", "SSCAN", Reply.page("7", "m"), "the cursor 7 once more"),
                arguments("user:1", "STRLEN", Reply.error("WRONGTYPE Operation against"), "'WRONGTYPE"),
                arguments("user:1", "STRLEN", Reply.number(7), "7, which is no reply to that"),
                arguments("user:1", "GETRANGE", Reply.error("WRONGTYPE Operation against"), "'WRONGTYPE"),
                arguments("user:1", "GETRANGE", Reply.bulk("x".repeat(3 << 20)), "'xxxxx"),
                arguments("user:1", "GETRANGE", Reply.bulk("x".repeat(60 << 20)), "'"));
    }

    @ParameterizedTest
    @MethodSource("misreadings")
    void aReplyThatCannotBeEndsTheRunByItsName(String key, String command, Reply reply, String shown) {
        try (ScriptedServer source = new ScriptedServer(real)) {
            source.on("MEMORY USAGE", Reply.number(1 << 20)).on(command, reply);
            if (!command.equals("SCAN")) {
                source.on("SCAN", Reply.page("0", key));
            }
            try (Migration run = inParts(source, key).start()) {
                Ledger ledger = run.awaitEnd(SOON);

                assertThat(ledger.state()).isEqualTo(RunState.FAILED);
                assertThat(ledger.failure())
                        .contains("127.0.0.1:" + source.port() + " answered " + command + " by " + shown);
            }
        }
    }
}
