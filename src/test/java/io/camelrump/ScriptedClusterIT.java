package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.Reply;
import io.camelrump.fixtures.ScriptedServer;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** Clusters whose nodes contradict themselves: a run ends once nothing has come of it for as long as retries last. */
class ScriptedClusterIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @RegisterExtension
    private static final RedisServers SERVERS = new RedisServers();

    private static RedisServer source;
    private static RedisServer target;

    @BeforeAll
    static void start() {
        source = SERVERS.start();
        target = SERVERS.start();
        try (Jedis jedis = source.jedis()) {
            jedis.mset("one", "v", "two", "v", "three", "v");
        }
    }

    @BeforeEach
    void empty() {
        try (Jedis jedis = target.jedis()) {
            jedis.flushAll();
        }
    }

    @Test
    void aSourceThatSendsAKeyBackToItselfIsGivenUp() {
        try (ScriptedServer node = node(source, () -> "id")) {
            node.onCall("DUMP", call -> call.argument(0).equals("two") ? moved(node) : Reply.PASS);
            try (Migration run = read(node)) {
                assertGivenUp(run, "127.0.0.1:" + node.port(), "slot 2127");
                assertThat(run.ledger().counts().restored()).isEqualTo(2);
            }
        }
    }

    @Test
    void aSourceWhoseIdChangesWithEachLookIsGivenUp() {
        int[] looks = new int[1];
        try (ScriptedServer node = node(source, () -> "id" + looks[0]++);
                Migration run = read(node)) {
            assertGivenUp(run, "127.0.0.1:" + node.port(), "slot 0");
        }
    }

    @Test
    void aTargetThatSendsAKeyBackToItselfIsGivenUp() {
        for (String redirection : new String[] {"MOVED", "ASK"}) {
            try (ScriptedServer node = node(target, () -> "id")) {
                node.on("ASKING", Reply.OK)
                        .onCall(
                                "RESTORE",
                                call -> call.argument(0).equals("two")
                                        ? Reply.error(redirection + " 2127 127.0.0.1:" + node.port())
                                        : Reply.PASS);
                try (Migration run = Migration.from(source)
                        .with("rump.target.host", RedisServer.HOST)
                        .with("rump.target.port", node.port())
                        .with("rump.target.mode", "cluster")
                        .with("camel.component.rump.retry-for", "1s")
                        .start()) {
                    assertGivenUp(run, "127.0.0.1:" + node.port(), redirection);
                }
            }
        }
    }

    private static void assertGivenUp(Migration run, String... words) {
        Ledger ledger = run.awaitEnd(SOON);

        assertThat(ledger.state()).isEqualTo(RunState.FAILED);
        assertThat(ledger.failure()).contains("Gave up after 1 s").contains(words);
    }

    private static Migration read(ScriptedServer node) {
        return Migration.from(node.port())
                .to(target)
                .with("rump.source.mode", "cluster")
                .with("camel.component.rump.retry-for", "1s")
                .start();
    }

    private static Reply moved(ScriptedServer node) {
        return Reply.error("MOVED 2127 127.0.0.1:" + node.port());
    }

    /** The only node of a cluster. */
    private static ScriptedServer node(RedisServer behind, Supplier<String> id) {
        ScriptedServer node = new ScriptedServer(behind);
        String place = "127.0.0.1:" + node.port();
        return node.on("READONLY", Reply.OK)
                .onCall(
                        "CLUSTER NODES",
                        call -> Reply.bulk(id.get() + " " + place + "@0 myself,master - 0 0 1 connected 0-16383\n"))
                .onCall(
                        "CLUSTER SLOTS",
                        call -> Reply.array(Reply.array(
                                Reply.number(0),
                                Reply.number(16383),
                                Reply.array(
                                        Reply.bulk(RedisServer.HOST),
                                        Reply.number(node.port()),
                                        Reply.bulk(id.get())))));
    }
}
