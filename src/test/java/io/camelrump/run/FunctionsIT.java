package io.camelrump.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.camelrump.Changes;
import io.camelrump.CheckpointFile;
import io.camelrump.Difference;
import io.camelrump.Ledger;
import io.camelrump.RunState;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.resps.LibraryInfo;

/** A server's functions go before its keys. */
class FunctionsIT {
    private static final String ONE = "#!lua name=one\nredis.register_function('f', function() return 'one' end)";
    private static final String TWO = "#!lua name=two\nredis.register_function('g', function() return 'two' end)";
    private static final String THEIRS =
            "#!lua name=theirs\nredis.register_function('t', function() return 'theirs' end)";
    private static final String OTHER = "#!lua name=one\nredis.register_function('f', function() return 'other' end)";

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    private RedisServer source;
    private RedisServer target;

    @BeforeEach
    void startServers() {
        source = servers.start(RedisServers.version("redis-7.0"));
        target = servers.start(RedisServers.version("redis-7.0"));
        try (Jedis jedis = source.jedis()) {
            jedis.set("key", "v");
            jedis.functionLoad(ONE);
            jedis.functionLoad(TWO);
        }
    }

    @Test
    void areCopiedAndReplaceThoseOfTheTarget() {
        try (Jedis jedis = target.jedis()) {
            jedis.functionLoad(OTHER);
            migrate("replace");

            assertThat(call(jedis, "f")).isEqualTo("one");
            assertThat(call(jedis, "g")).isEqualTo("two");
            assertThat(jedis.get("key")).isEqualTo("v");
        }
    }

    @Test
    void keepLeavesALibraryOfTheTargetAsItIs() {
        try (Jedis jedis = target.jedis()) {
            jedis.functionLoad(OTHER);
            migrate("keep");

            assertThat(call(jedis, "f")).isEqualTo("other");
            assertThat(call(jedis, "g")).isEqualTo("two");
        }
    }

    @Test
    void failEndsTheRunBeforeAnythingIsWritten() {
        try (Jedis jedis = target.jedis()) {
            jedis.functionLoad(OTHER);
            try (Migration run = start("fail")) {
                Ledger ledger = run.awaitEnd();

                assertThat(ledger.state()).isEqualTo(RunState.FAILED);
                assertThat(ledger.failure()).contains("another function library of the name one", "onConflict=fail");
            }
            assertThat(jedis.dbSize()).isZero();
            assertThat(jedis.functionList()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"replace", "fail"})
    void aFunctionThatAnotherLibraryHasEndsTheRunBeforeAnythingIsLoaded(String onConflict) {
        try (Jedis jedis = target.jedis()) {
            jedis.functionLoad(ONE.replace("name=one", "name=theirs"));
            try (Migration run = start(onConflict)) {
                assertThat(run.awaitEnd().failure())
                        .contains("has the function f in its library theirs, and the source in its library one")
                        .contains("FUNCTION DELETE theirs", "no function and no key was written before")
                        .doesNotContain("from Redis 7.0 on");
            }
            assertThat(jedis.functionList()).hasSize(1);
            assertThat(jedis.dbSize()).isZero();
        }
    }

    @Test
    void keepLeavesAFunctionOfAnotherLibraryAsItIs() {
        try (Jedis jedis = target.jedis()) {
            jedis.functionLoad(OTHER.replace("name=one", "name=theirs"));
            migrate("keep");

            assertThat(call(jedis, "f")).isEqualTo("other");
            assertThat(call(jedis, "g")).isEqualTo("two");
        }
    }

    @Test
    void aLibraryThatChangesDuringALiveRunArrives() {
        try (Jedis jedis = source.jedis();
                Jedis arrived = target.jedis();
                Migration run =
                        migration("replace").with("rump.source.live", true).start()) {
            await().atMost(Duration.ofSeconds(20)).until(() -> arrived.exists("key"));
            jedis.functionLoadReplace(OTHER);
            jedis.functionLoad(ONE.replace("name=one", "name=three").replace("'f'", "'h'"));
            jedis.functionDelete("two");
            Objects.requireNonNull(run.ledger().changes()).cutOver();
            run.awaitComplete();

            assertThat(call(arrived, "f")).isEqualTo("other");
            assertThat(call(arrived, "h")).isEqualTo("one");
            assertThat(arrived.functionList()).hasSize(2);
        }
    }

    @Test
    void aLibraryThatIsGoneWhenARunIsResumedIsDeleted() {
        try (Jedis jedis = source.jedis();
                Jedis arrived = target.jedis()) {
            arrived.functionLoad(THEIRS);
            stopWhenTheKeyIsThere(live("replace"));
            jedis.functionDelete("two");
            try (Migration run =
                    live("replace").with("rump.source.resume", true).start()) {
                Objects.requireNonNull(run.ledger().changes()).cutOver();
                run.awaitComplete();
            }
            assertThat(libraries(arrived)).containsExactlyInAnyOrder("one", "theirs");
        }
    }

    @Test
    void aLibraryThatIsGoneWhenTheTargetComesBackIsDeleted() {
        try (Jedis jedis = source.jedis();
                Jedis before = target.jedis();
                Migration run = live("replace").start()) {
            await().atMost(Duration.ofSeconds(20)).until(() -> before.exists("key"));
            before.save();
            target.kill9();
            jedis.functionDelete("two");
            long dumps = functionDumps(jedis);
            await().atMost(Duration.ofSeconds(20)).until(() -> functionDumps(jedis) > dumps);
            target.restart(true);
            jedis.set("another", "v");
            try (Jedis arrived = target.jedis()) {
                await().atMost(Duration.ofSeconds(20)).until(() -> arrived.exists("another"));
                Objects.requireNonNull(run.ledger().changes()).cutOver();
                run.awaitComplete();

                assertThat(libraries(arrived)).containsExactly("one");
            }
        }
    }

    @Test
    void aLibraryLoadedEarlierIsNotForeignToAResumedRun() {
        try (Jedis jedis = source.jedis();
                Jedis arrived = target.jedis()) {
            stopWhenTheKeyIsThere(live("fail"));
            jedis.functionLoadReplace(OTHER);
            try (Migration run = live("fail").with("rump.source.resume", true).start()) {
                Objects.requireNonNull(run.ledger().changes()).cutOver();
                run.awaitComplete();
            }
            assertThat(call(arrived, "f")).isEqualTo("other");
        }
    }

    @Test
    void aLibraryThatTheTargetKeptIsNotDeletedWithTheSources() {
        try (Jedis jedis = source.jedis();
                Jedis arrived = withOther(target);
                Migration run = live("keep").start()) {
            await().atMost(Duration.ofSeconds(20)).until(() -> arrived.exists("key"));
            jedis.functionDelete("one");
            Changes changes = Objects.requireNonNull(run.ledger().changes());
            assertThat(changes.leaves(onlyAtTarget("one"))).isTrue();
            assertThat(changes.leaves(onlyAtTarget("two"))).isFalse();
            changes.cutOver();
            run.awaitComplete();

            assertThat(libraries(arrived)).containsExactlyInAnyOrder("one", "two");
        }
    }

    @Test
    void aRefusalSaysNothingOfThePayload() {
        RedisServer older = servers.start(RedisServers.version("redis-6.2"));
        target = older;
        try (Migration run = start("replace")) {
            assertThat(run.awaitEnd().failure())
                    .contains("Functions are there from Redis 7.0 on")
                    .doesNotContain("args beginning", "LIST', 'WITHCODE");
        }
    }

    @Test
    void failTakesALibraryThatIsTheSame() {
        try (Jedis jedis = target.jedis()) {
            jedis.functionLoad(ONE);
            migrate("fail");

            assertThat(call(jedis, "g")).isEqualTo("two");
        }
    }

    @Test
    void stayWhereTheyAreUnlessAskedFor() {
        try (Jedis jedis = target.jedis();
                Migration run = Migration.from(source).to(target).start()) {
            run.awaitComplete();

            assertThat(jedis.functionList()).isEmpty();
        }
    }

    @Test
    void aServerBelow70IsNamedInOneLine() {
        RedisServer older = servers.start(RedisServers.version("redis-6.2"));
        try (Jedis jedis = older.jedis()) {
            jedis.set("key", "v");
        }
        try (Migration run = Migration.from(older).to(target).with("rump.source.functions", true)) {
            assertThat(catchThrowable(run::start))
                    .hasStackTraceContaining("FUNCTION DUMP")
                    .hasStackTraceContaining("Functions are there from Redis 7.0 on");
        }
        target = older;
        try (Migration run = start("replace")) {
            Ledger ledger = run.awaitEnd();
            assertThat(ledger.state()).isEqualTo(RunState.FAILED);
            assertThat(ledger.failure()).contains("Functions are there from Redis 7.0 on");
        }
    }

    @Test
    void areCopiedFromASourceWithoutKeys() {
        try (Jedis jedis = source.jedis()) {
            jedis.flushAll();
        }
        try (Jedis jedis = target.jedis()) {
            migrate("replace");

            assertThat(call(jedis, "f")).isEqualTo("one");
            assertThat(call(jedis, "g")).isEqualTo("two");
            assertThat(jedis.dbSize()).isZero();
        }
    }

    @Test
    void areCopiedWhereTheFiltersLeaveNoKey() {
        try (Jedis jedis = target.jedis();
                Migration run = migration("replace")
                        .with("rump.source.db", "all")
                        .with("rump.source.match", "nothing:*")
                        .start()) {
            run.awaitComplete();

            assertThat(call(jedis, "g")).isEqualTo("two");
            assertThat(jedis.dbSize()).isZero();
        }
    }

    @Test
    void aSourceWithoutKeysIsRefusedByALibraryOfTheTargetAsOneWithKeysIs() {
        try (Jedis jedis = source.jedis()) {
            jedis.flushAll();
        }
        try (Jedis jedis = target.jedis()) {
            jedis.functionLoad(OTHER);
            try (Migration run = start("fail")) {
                assertThat(run.awaitEnd().failure()).contains("another function library of the name one");
            }
            assertThat(call(jedis, "f")).isEqualTo("other");
        }
    }

    private Migration live(String onConflict) {
        return migration(onConflict)
                .with("rump.source.live", true)
                .bind(
                        "checkpoint",
                        new CheckpointFile(folder.resolve("checkpoint").toString()))
                .with("rump.source.checkpoint", "#bean:checkpoint");
    }

    private void stopWhenTheKeyIsThere(Migration started) {
        try (Migration run = started.start();
                Jedis jedis = target.jedis()) {
            await().atMost(Duration.ofSeconds(20)).until(() -> jedis.exists("key"));
        }
    }

    private static Difference onlyAtTarget(String library) {
        return new Difference(
                library.getBytes(StandardCharsets.UTF_8), Difference.OF_SERVER, Difference.Cause.EXTRA, "extra");
    }

    private static Jedis withOther(RedisServer server) {
        Jedis jedis = server.jedis();
        jedis.functionLoad(OTHER);
        return jedis;
    }

    private static long functionDumps(Jedis jedis) {
        return Long.parseLong(
                jedis.info("commandstats").replaceAll("(?s).*cmdstat_function\\|dump:calls=(\\d+).*", "$1"));
    }

    private static List<String> libraries(Jedis jedis) {
        return jedis.functionList().stream().map(LibraryInfo::getLibraryName).toList();
    }

    private void migrate(String onConflict) {
        try (Migration run = start(onConflict)) {
            run.awaitComplete();
        }
    }

    private Migration start(String onConflict) {
        return migration(onConflict).start();
    }

    private Migration migration(String onConflict) {
        return Migration.from(source)
                .to(target)
                .with("rump.source.functions", true)
                .with("rump.target.on-conflict", onConflict);
    }

    private static Object call(Jedis jedis, String function) {
        return jedis.fcall(function, List.of(), List.of());
    }
}
