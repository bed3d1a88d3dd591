package io.camelrump.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.Counts;
import io.camelrump.Ledger;
import io.camelrump.RunState;
import io.camelrump.cli.EqualityProof;
import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

/** Several databases of a server in one run. */
class DatabaseMappingIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @Test
    void copiesAllDatabasesToThoseOfTheSameNumber() {
        copiesAllDatabasesToThoseOfTheSameNumber(RedisServers.usual());
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("io.camelrump.fixtures.RedisServers#versions")
    void copiesAllDatabasesToThoseOfTheSameNumber(RedisServers.Version version) {
        try (Jedis a = servers.start(version).jedis();
                Jedis b = servers.start(version).jedis()) {
            long keys = fill(a, version, 0, 3, 15);
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.db", "all")
                    .with("rump.source.scan-count", 10)
                    .start()) {
                assertThat(run.ledger().sourceKeys()).isEqualTo(keys);
                Counts counts = run.awaitComplete();

                assertThat(counts.restored() + counts.vanished()).isEqualTo(keys);
                assertThat(run.ledger().progress()).isEqualTo(1);
            }
            assertSame(a, 0, b, 0);
            assertSame(a, 3, b, 3);
            assertSame(a, 15, b, 15);
        }
    }

    @Test
    void copiesOnlyTheDatabasesOfAList() {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            fill(a, RedisServers.usual(), 1, 2, 3);
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.db", "3,1,7")
                    .start()) {
                run.awaitComplete();
            }
            assertSame(a, 1, b, 1);
            assertSame(a, 3, b, 3);
            b.select(2);
            assertThat(b.dbSize()).isZero();
        }
    }

    @Test
    void movesDatabasesToOtherNumbers() {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            fill(a, RedisServers.usual(), 0, 1, 2);
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.db", "0,1,2")
                    .with("rump.source.map-db", "0=1,1=0")
                    .start()) {
                run.awaitComplete();
            }
            assertSame(a, 0, b, 1);
            assertSame(a, 1, b, 0);
            assertSame(a, 2, b, 2);
        }
    }

    @Test
    void oneDatabaseMayMoveWithoutAList() {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            fill(a, RedisServers.usual(), 3);
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.database", 3)
                    .with("rump.source.map-db", "3=9")
                    .start()) {
                run.awaitComplete();
            }
            assertSame(a, 3, b, 9);
        }
    }

    @Test
    void anEmptyServerIsCompleteAtOnce() {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis();
                Migration run = Migration.from(port(a))
                        .to(port(b))
                        .with("rump.source.db", "all")
                        .start()) {
            assertThat(run.awaitComplete().read()).isZero();
        }
    }

    @Test
    void aUserWhoMayNotAskForInfoCopiesAllDatabasesToo() {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            fill(a, RedisServers.usual(), 2, 9);
            a.aclSetUser("reader", "on", ">secret", "~*", "+@all", "-info");
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.username", "reader")
                    .with("rump.source.password", "secret")
                    .with("rump.source.db", "all")
                    .start()) {
                run.awaitComplete();
            }
            assertSame(a, 2, b, 2);
            assertSame(a, 9, b, 9);
        }
    }

    @Test
    void aDatabaseThatTheServerHasNotIsNamed() {
        RedisServer a = servers.start();
        RedisServer b = servers.start();
        try (Jedis jedis = a.jedis()) {
            jedis.set("k", "v");
        }
        try (Migration run = Migration.from(a).to(b).with("rump.source.db", "0,99")) {
            assertThat(org.assertj.core.api.Assertions.catchThrowable(run::start))
                    .hasStackTraceContaining("There is no database 99");
        }
        try (Migration run =
                Migration.from(a).to(b).with("rump.source.map-db", "0=99").start()) {
            Ledger ledger = run.awaitEnd();
            assertThat(ledger.state()).isEqualTo(RunState.FAILED);
            assertThat(ledger.failure()).contains("There is no database 99");
        }
    }

    @Test
    void nothingIsCopiedBetweenDatabasesOfOneServerThatMeet() {
        RedisServer a = servers.start();
        try (Jedis jedis = a.jedis()) {
            fill(jedis, RedisServers.usual(), 0, 1);
            try (Migration run = Migration.from(a)
                    .to(a)
                    .with("rump.source.db", "0,1")
                    .with("rump.source.map-db", "0=5\n1=0")
                    .start()) {
                Ledger ledger = run.awaitEnd();

                assertThat(ledger.state()).isEqualTo(RunState.FAILED);
                assertThat(ledger.failure()).contains("one server");
            }
            jedis.select(5);
            assertThat(jedis.dbSize()).isZero();
            try (Migration run = Migration.from(a)
                    .to(a)
                    .with("rump.source.db", "0,1")
                    .with("rump.source.map-db", "0=5,1=6")
                    .start()) {
                run.awaitComplete();
            }
            assertSame(jedis, 0, jedis, 5);
            assertSame(jedis, 1, jedis, 6);
        }
    }

    @Test
    void cutConnectionsMixNoDatabases() throws IOException {
        RedisServer source = servers.start(RedisServers.version("redis-6.2"));
        RedisServer target = servers.start(RedisServers.version("redis-6.2"));
        try (Jedis a = source.jedis();
                Jedis b = target.jedis();
                FaultyProxy from = new FaultyProxy(source.port());
                FaultyProxy to = new FaultyProxy(target.port())) {
            for (int database = 0; database < 4; database++) {
                a.select(database);
                SampleData.fillMixed(a, 3000);
                a.set("database", String.valueOf(database));
                a.set("only:" + database, "v");
            }
            try (Migration run = Migration.from(from.port())
                    .to(to.port())
                    .with("rump.source.db", "all")
                    .with("rump.source.type", "string,list,zset,hash,set")
                    .with("rump.source.scan-count", 50)
                    .start()) {
                for (int i = 1; i <= 10; i++) {
                    long mark = i * 1000L;
                    run.awaitRead(mark);
                    (i % 2 == 0 ? from : to).cut();
                }
                assertThat(run.awaitComplete().restored()).isEqualTo(12_008);
            }
            for (int database = 0; database < 4; database++) {
                assertSame(a, database, b, database);
            }
        }
    }

    @Test
    void aRestartOfTheSourceStartsAtTheFirstDatabaseAgain() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis a = source.jedis()) {
            for (int database = 0; database < 3; database++) {
                a.select(database);
                SampleData.fillMixed(a, 5000);
            }
        }
        try (Migration run = Migration.from(source)
                .to(target)
                .with("rump.source.db", "all")
                .with("rump.source.scan-count", 50)
                .start()) {
            run.awaitRead(7000);
            source.restart(true);
            Counts counts = run.awaitComplete();

            assertThat(counts.restarts()).isEqualTo(1);
            assertThat(counts.restored()).isEqualTo(15_000);
        }
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            for (int database = 0; database < 3; database++) {
                assertSame(a, database, b, database);
            }
        }
    }

    private static long fill(Jedis jedis, RedisServers.Version version, int... databases) {
        long keys = 0;
        for (int database : databases) {
            jedis.select(database);
            SampleData.fill(jedis, version);
            SampleData.fillMixed(jedis, 100 * (database + 1));
            jedis.set("database", String.valueOf(database));
            keys += jedis.dbSize();
        }
        return keys;
    }

    private static void assertSame(Jedis a, int from, Jedis b, int to) {
        try (Jedis left = again(a);
                Jedis right = again(b)) {
            left.select(from);
            right.select(to);
            assertThat(right.dbSize()).isPositive();
            assertThat(EqualityProof.compare(left, right, Duration.ofMillis(100))
                            .differences())
                    .isEmpty();
        }
    }

    private static Jedis again(Jedis jedis) {
        return new Jedis(RedisServer.HOST, port(jedis));
    }

    private static int port(Jedis jedis) {
        return Integer.parseInt(jedis.configGet("port").get("port"));
    }
}
