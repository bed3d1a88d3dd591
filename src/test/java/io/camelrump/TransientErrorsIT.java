package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.Reply;
import io.camelrump.fixtures.ScriptedServer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** Servers that cannot answer each command when it comes for the first time, and can when it is sent again. */
class TransientErrorsIT {
    private static final String BUSY =
            "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.";

    @RegisterExtension
    private static final RedisServers SERVERS = new RedisServers();

    private static final RedisServer SOURCE = SERVERS.start();
    private static final RedisServer TARGET = SERVERS.start(RedisServers.version("redis-6.2"));

    @BeforeEach
    void fill() {
        try (Jedis source = SOURCE.jedis();
                Jedis target = TARGET.jedis()) {
            source.flushAll();
            target.flushAll();
            source.set("string", "value");
            for (int i = 0; i < 3_000; i++) {
                source.rpush("list", "an element of many bytes " + i);
            }
            source.pexpire("list", 1_000_000);
        }
    }

    private static final Set<String> OF_SEVERAL = Set.of("CLIENT", "MEMORY", "SCRIPT", "XGROUP", "XINFO");

    /** Each command once. */
    private static ScriptedServer refusingOnce(RedisServer behind, String error) {
        Set<String> refused = ConcurrentHashMap.newKeySet();
        ScriptedServer server = new ScriptedServer(behind);
        server.onCall("*", call -> {
            String asked = OF_SEVERAL.contains(call.name()) ? call.name() + " " + call.argument(0) : call.name();
            return refused.add(asked) ? Reply.error(error) : Reply.PASS;
        });
        return server;
    }

    @ParameterizedTest
    @ValueSource(strings = {BUSY, "LOADING Redis is loading the dataset in memory"})
    void aSourceIsAskedAgainAfterTransientErrors(String error) {
        try (ScriptedServer source = refusingOnce(SOURCE, error);
                Migration run = Migration.from(source.port())
                        .to(TARGET)
                        .with("rump.source.big-key", "64kb")
                        .start()) {
            assertThat(run.awaitComplete().restored()).isEqualTo(2);
            assertThat(source.calls("DUMP"))
                    .extracting(call -> call.argument(0))
                    .doesNotContain("list");
        }
    }

    @Test
    void aTargetIsAskedAgainAfterTransientErrors() {
        try (ScriptedServer target = refusingOnce(TARGET, BUSY);
                Migration run = Migration.from(SOURCE)
                        .to(target.port())
                        .with("rump.source.big-key", "64kb")
                        .start()) {
            assertThat(run.awaitComplete().restored()).isEqualTo(2);
        }
    }

    /** Without tracking another route would listen by Spring, and fail with its traces. */
    @Test
    void aLiveRunAsksAgainWhetherChangesAreReported() {
        AtomicInteger refused = new AtomicInteger();
        try (ScriptedServer source = new ScriptedServer(SOURCE)
                        .onCall(
                                "CLIENT TRACKING",
                                call -> refused.incrementAndGet() < 3 ? Reply.error(BUSY) : Reply.PASS);
                Migration run = Migration.from(source.port())
                        .to(TARGET)
                        .with("rump.source.live", true)
                        .start()) {
            assertThat(run.ledger().changes().status().by()).isEqualTo(ChangeSource.TRACKING);
            assertThat(refused.get()).isGreaterThanOrEqualTo(3);
        }
    }

    /** By its disk: Redis refuses a PING then, as it does writes. */
    @Test
    void aSourceThatCannotSaveIsRead() {
        try (ScriptedServer source =
                        new ScriptedServer(SOURCE).on("PING", Reply.error("MISCONF Errors writing to the AOF file"));
                Migration run = Migration.from(source.port()).to(TARGET).start()) {
            assertThat(run.awaitComplete().restored()).isEqualTo(2);
        }
    }
}
