package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.Reply;
import io.camelrump.fixtures.ScriptedServer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;

/** A server that says what no Redis says is named, with its command and its reply; what it says is shown harmlessly. */
class HostileServersIT {
    private static final String ESCAPES = "\u001b[31m\u009bred\n\nCOMPLETE: 5 keys read";

    @RegisterExtension
    private static final RedisServers SERVERS = new RedisServers();

    private static RedisServer source;
    private static RedisServer target;

    @BeforeAll
    static void start() {
        source = SERVERS.start();
        target = SERVERS.start();
        try (Jedis jedis = source.jedis()) {
            jedis.set("one", "value");
            jedis.setex("two", 1000, "value");
            jedis.sadd("three", "value");
            jedis.xadd("stream", new StreamEntryID("5-5"), Map.of("field", "value"));
        }
    }

    static Stream<Arguments> repliesOfASource() {
        return Stream.of(
                arguments("INFO", info("redis_version:7.0.15", "redis_version:abc"), "'redis_version:abc'"),
                arguments("TIME", Reply.bulks("0", "0"), "['0', '0']"),
                arguments("TIME", Reply.NIL, "nil"),
                arguments("PEXPIRETIME", Reply.number(-5), "-5"),
                arguments("DUMP", Reply.NIL, "nil of a key for which it answered PEXPIRETIME by"),
                arguments("DUMP", Reply.status("QUEUED"), "'+QUEUED'"),
                arguments("MEMORY USAGE", Reply.number(-7), "-7"),
                arguments("DBSIZE", Reply.number(-7), "-7"),
                arguments("CLUSTER NODES", nodes("127.0.0.1:7000@17000", "0-2147483646"), "'0-2147483646'"),
                arguments("CLUSTER NODES", Reply.OK, "'OK'"));
    }

    @Test
    void bytesThatAreNoReplyAreShownWithItsCommand() {
        for (String command : List.of("DBSIZE", "DUMP", "SCAN")) {
            try (ScriptedServer hostile = new ScriptedServer(source)) {
                hostile.on(command, Reply.raw("$HTTP\u001b\r\n"));
                CommandRun run = run(hostile.uri(), RumpProcess.uri(target));

                assertThat(run.err())
                        .contains("127.0.0.1:" + hostile.port() + " does not speak the Redis protocol (")
                        .contains("near '")
                        .contains("$HTTP\\x1b")
                        .containsPattern("in the reply to [A-Z or]*" + command);
                assertThat(run.exitCode()).isEqualTo(1);
            }
        }
    }

    static Stream<Arguments> repliesOfATarget() {
        return Stream.of(
                arguments("RESTORE", Reply.status("QUEUED"), "'QUEUED'"),
                arguments("CLUSTER SLOTS", slots(0, 2_147_483_646, "h", 7000), "[0, 2147483646, ["),
                arguments("CLUSTER SLOTS", Reply.status("OK"), "'OK'"));
    }

    @ParameterizedTest
    @MethodSource("repliesOfASource")
    void aSourceIsNamedWithItsReply(String command, Reply reply, String shown) {
        try (ScriptedServer hostile = new ScriptedServer(source)) {
            hostile.on(command, reply);
            if (command.startsWith("CLUSTER")) {
                hostile.on("INFO", info("cluster_enabled:0", "cluster_enabled:1"));
            }
            CommandRun run = run(hostile.uri(), RumpProcess.uri(target), "--big-key", "64kb");

            assertThat(run.err()).contains("127.0.0.1:" + hostile.port() + " answered " + command + " by " + shown);
            assertThat(run.exitCode()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("repliesOfATarget")
    void aTargetIsNamedWithItsReply(String command, Reply reply, String shown) {
        try (ScriptedServer hostile = new ScriptedServer(target)) {
            if (command.equals("RESTORE")) {
                // those of shorter form ask what the server knows
                hostile.onCall(
                        command,
                        call -> call.words().size() > 4 && !call.argument(2).isEmpty() ? reply : Reply.PASS);
            } else {
                hostile.on(command, reply).on("INFO", info("cluster_enabled:0", "cluster_enabled:1"));
            }
            CommandRun run = run(RumpProcess.uri(source), hostile.uri(), "--on-conflict", "replace");

            assertThat(run.err()).contains("127.0.0.1:" + hostile.port() + " answered " + command + " by " + shown);
            assertThat(run.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void aSentinelThatNamesNoHostOrNoPortIsNamed() {
        for (Reply reply : List.of(Reply.bulks("", "6379"), Reply.bulks("h", "abc"), Reply.bulks("h", "0"), Reply.OK)) {
            try (ScriptedServer sentinel = new ScriptedServer()) {
                sentinel.on("SENTINEL", reply);
                String uri = "redis-sentinel://127.0.0.1:" + sentinel.port() + "/mymaster";
                CommandRun run = run(uri, RumpProcess.uri(target));

                assertThat(run.err())
                        .contains("127.0.0.1:" + sentinel.port() + " answered SENTINEL get-master-addr-by-name by ");
                assertThat(run.exitCode()).isEqualTo(1);
            }
        }
    }

    @Test
    void aComparisonEndsWithWhatIsNotUnderstood() {
        assertThat(run(RumpProcess.uri(source), RumpProcess.uri(target)).exitCode())
                .isZero();
        try (ScriptedServer hostile = new ScriptedServer(target)) {
            hostile.on("DUMP", Reply.bulk("\u0013other")).on("XINFO GROUPS", Reply.array(Reply.number(5)));
            CommandRun run = CommandRun.of(
                    "compare", "-from", RumpProcess.uri(source), "-to", hostile.uri(), "--include-key", "stream");

            assertThat(run.err())
                    .contains("127.0.0.1:" + hostile.port())
                    .contains("sent what is not understood (ClassCastException at GroupComparer.java:");
            assertThat(run.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void aComparisonEndsWithAScanThatTurnsInACircle() {
        assertThat(run(RumpProcess.uri(source), RumpProcess.uri(target)).exitCode())
                .isZero();
        try (ScriptedServer hostile = new ScriptedServer(source)) {
            hostile.on("DUMP", Reply.bulk("\u0002other"))
                    .onCall("SSCAN", call -> Reply.page(call.nth() % 2 == 0 ? "7" : "9", "value"));
            CommandRun run = CommandRun.of(
                    "compare", "-from", hostile.uri(), "-to", RumpProcess.uri(target), "--include-key", "three");

            assertThat(run.err()).contains("127.0.0.1:" + hostile.port() + " answered SSCAN by the cursor 7 once more");
            assertThat(run.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void manyKeysThatAreGoneAreReported() {
        try (ScriptedServer hostile = new ScriptedServer(source)) {
            hostile.on("SCAN", Reply.page("0", "ghost", "another", "third", "one"));
            CommandRun run = run(hostile.uri(), RumpProcess.uri(target));

            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).contains("3 of 4 keys were gone when they were read");
        }
    }

    static Stream<Arguments> words() {
        return Stream.of(
                arguments("SCAN", Reply.error("ERR " + ESCAPES)),
                arguments("DUMP", Reply.error("ERR " + ESCAPES)),
                arguments("PING", Reply.error("ERR " + ESCAPES)),
                arguments("INFO", info("redis_version:7.0.15", "redis_version:7.0.15" + ESCAPES)),
                arguments("INFO", info("role:master", "role:slave\r\nmaster_host:" + ESCAPES)),
                arguments("CLUSTER NODES", nodes(ESCAPES + ":7000", "0-16383")),
                arguments("MODULE", Reply.array(Reply.bulks("name", ESCAPES, "ver", "1"))));
    }

    @ParameterizedTest
    @MethodSource("words")
    void wordsOfAServerReachNoTerminal(String command, Reply reply) {
        try (ScriptedServer hostile = new ScriptedServer(source)) {
            hostile.on(command, reply);
            if (command.startsWith("CLUSTER")) {
                hostile.on("INFO", info("cluster_enabled:0", "cluster_enabled:1"));
            }
            for (CommandRun run : List.of(
                    run(hostile.uri(), RumpProcess.uri(target), "--type", "string"),
                    CommandRun.of("check", "-from", hostile.uri(), "-to", RumpProcess.uri(target)))) {
                String output = run.out() + run.err();
                assertThat(output).doesNotContain("\u001b", "\u009b").doesNotContainPattern("(?m)^COMPLETE: 5");
            }
        }
    }

    private static CommandRun run(String from, String to, String... more) {
        try (Jedis jedis = target.jedis()) {
            jedis.flushAll();
        }
        CommandRun run = CommandRun.of(Stream.concat(
                        Stream.of("-from", from, "-to", to, "--retry-for", "1s", "--latency-guard=off"),
                        Stream.of(more))
                .toArray(String[]::new));
        assertThat(run.out() + run.err()).doesNotContain("For input string", "Exception", "out of bounds");
        return run;
    }

    /** What the source says of itself, with other words instead of some. */
    private static Reply info(String words, String others) {
        return out -> {
            try (Jedis jedis = source.jedis()) {
                Reply.bulk(jedis.info().replace(words, others)).send(out);
            }
        };
    }

    private static Reply nodes(String place, String slots) {
        return Reply.bulk("id " + place + " myself,master - 0 0 1 connected " + slots + "\n");
    }

    private static Reply slots(long first, long last, String host, int port) {
        return Reply.array(Reply.array(
                Reply.number(first), Reply.number(last), Reply.array(Reply.bulk(host), Reply.number(port))));
    }
}
