package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.Reply;
import io.camelrump.fixtures.ScriptedServer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** Servers that are away, or not ready, when a command starts, and are there a moment later. */
class StartFaultsIT {
    @RegisterExtension
    private static final RedisServers SERVERS = new RedisServers();

    private static final RedisServer SOURCE = SERVERS.start();
    private static final RedisServer TARGET = SERVERS.start();

    @Test
    void serversThatRefuseConnectionsAtTheStartAreWaitedFor() throws Exception {
        RedisServer source = SERVERS.start();
        RedisServer target = SERVERS.start();
        source.kill9();
        target.kill9();
        try (RumpProcess run = RumpProcess.between(source, target, List.of())) {
            run.awaitOutput("Target: Connection refused by 127.0.0.1:" + target.port());
            target.restart(false);
            run.awaitOutput("Source: Connection refused by 127.0.0.1:" + source.port());
            source.restart(false);

            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.err().lines().filter(line -> line.contains("Retrying for up to 60 s")))
                    .hasSize(2);
        }
    }

    @Test
    void anUnknownHostAndASignalEndTheWaitAtOnce() throws Exception {
        RedisServer source = SERVERS.start();
        source.kill9();
        try (RumpProcess unknown =
                        RumpProcess.between(source, "redis://no-such-host.invalid:6379", List.of(), "--retry-for=10m");
                RumpProcess waiting = RumpProcess.between(source, TARGET, List.of(), "--retry-for=10m")) {
            waiting.awaitOutput("Source: Connection refused");
            waiting.signal("INT");

            assertThat(waiting.exitCode(10)).isEqualTo(130);
            assertThat(unknown.exitCode()).isEqualTo(1);
            assertThat(unknown.err()).contains("Unknown host no-such-host.invalid: check the name.");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LOADING Redis is loading the dataset in memory",
                "ERR max number of clients reached",
                "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
            })
    void aTargetThatIsNotReadyAtTheStartIsWaitedFor(String error) throws Exception {
        fill();
        try (ScriptedServer target = new ScriptedServer(TARGET).on("*", Reply.error(error))) {
            CompletableFuture<CommandRun> run = started("-from", uri(SOURCE.port()), "-to", target.uri());
            await().until(() -> target.accepted() > 4);
            target.off("*");

            assertThat(ended(run).out()).contains("COMPLETE: 3 keys");
        }
    }

    @Test
    void theFirstScanIsSentAgainAfterACut() throws Exception {
        fill();
        try (ScriptedServer source =
                new ScriptedServer(SOURCE).onCall("SCAN", call -> call.nth() < 3 ? Reply.CUT : Reply.PASS)) {
            CompletableFuture<CommandRun> run = started("-from", source.uri(), "-to", uri(TARGET.port()));

            assertThat(ended(run).out()).contains("COMPLETE: 3 keys");
        }
    }

    @Test
    void aComparisonWaitsForBothServers() throws Exception {
        fill();
        try (FaultyProxy source = new FaultyProxy(SOURCE);
                FaultyProxy target = new FaultyProxy(SOURCE)) {
            source.refuse();
            target.refuse();
            CompletableFuture<CommandRun> run =
                    started("compare", "-from", uri(source.port()), "-to", uri(target.port()));
            await().until(() -> source.accepted() > 2 || target.accepted() > 2);
            source.heal();
            await().until(() -> target.accepted() > 2);
            target.heal();

            assertThat(ended(run).exitCode()).isZero();
        }
    }

    @Test
    void aVerificationWaitsForTheServers() throws Exception {
        fill();
        try (ScriptedServer behind = new ScriptedServer(TARGET);
                FaultyProxy target = new FaultyProxy(behind.port())) {
            behind.onCall("RESTORE", call -> {
                if (call.argument(0).equals("a")) {
                    target.refuse();
                }
                return Reply.PASS;
            });
            CompletableFuture<CommandRun> run =
                    started("-from", uri(SOURCE.port()), "-to", uri(target.port()), "--verify");
            await().until(() -> behind.calls("RESTORE").stream()
                    .anyMatch(call -> call.argument(0).equals("a")));
            int accepted = target.accepted();
            await().until(() -> target.accepted() > accepted + 2);
            target.heal();

            assertThat(ended(run).out()).contains("EQUAL");
        }
    }

    @Test
    void aCheckWaitsOnlyIfRetryForIsGiven() throws Exception {
        try (FaultyProxy target = new FaultyProxy(TARGET)) {
            target.refuse();
            String[] call = {"check", "-from", uri(SOURCE.port()), "-to", uri(target.port())};
            assertThat(CommandRun.of(call).exitCode()).isEqualTo(1);
            int accepted = target.accepted();

            CompletableFuture<CommandRun> run = started(
                    Stream.concat(Stream.of(call), Stream.of("--retry-for=30s")).toArray(String[]::new));
            await().until(() -> target.accepted() > accepted + 2);
            target.heal();

            assertThat(ended(run).out()).contains("READY");
        }
    }

    /** A server that is held up by a script says nothing of rights, memory or payloads. */
    @ParameterizedTest
    @ValueSource(strings = {"INFO", "MEMORY", "RANDOMKEY", "CLIENT TRACKING", "ACL", "MULTI", "RESTORE", "DBSIZE"})
    void aCheckFindsNothingWhereAServerIsBusy(String command) {
        fill();
        String busy = "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.";
        try (ScriptedServer source = new ScriptedServer(SOURCE).on(command, Reply.error(busy));
                ScriptedServer target = new ScriptedServer(TARGET).on(command, Reply.error(busy))) {
            CommandRun run = CommandRun.of("check", "-from", source.uri(), "-to", target.uri());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("BUSY", "SCRIPT KILL");
            assertThat(run.out()).isEmpty();
        }
    }

    private static void fill() {
        try (Jedis source = SOURCE.jedis();
                Jedis target = TARGET.jedis()) {
            source.flushAll();
            target.flushAll();
            source.mset("a", "1", "b", "2", "c", "3");
        }
    }

    private static CompletableFuture<CommandRun> started(String... arguments) {
        return CompletableFuture.supplyAsync(() -> CommandRun.of(arguments));
    }

    private static CommandRun ended(CompletableFuture<CommandRun> run) throws Exception {
        CommandRun ended = run.get(30, TimeUnit.SECONDS);
        assertThat(ended.err()).doesNotContain("rump: ");
        return ended;
    }

    private static String uri(int port) {
        return "redis://" + RedisServer.HOST + ":" + port;
    }
}
