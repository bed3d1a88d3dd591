package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** Keys under other names at the target, and what becomes of two that would get one. */
class RenameIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @Test
    void givesKeysOfOnePrefixAnotherWithTheirValuesAndExpiries() {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            SampleData.fillMixed(a, 3000);
            SampleData.fillStrings(a, 500, 10);
            Counts counts = migrate(a, b, "mixed:*=m:*");

            assertThat(counts.restored()).isEqualTo(3500);
            assertThat(b.keys("m:*")).hasSize(3000);
            assertThat(b.keys("string:*")).hasSize(500);
            assertThat(b.get("m:0")).isEqualTo(a.get("mixed:0"));
            assertThat(b.pexpireTime("m:10")).isEqualTo(a.pexpireTime("mixed:10"));
        }
    }

    @Test
    void renamesByGroupsOfARegularExpression() {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            a.mset("user:1:name", "n", "user:2:name", "m", "other", "o");
            migrate(a, b, "user:(\\d+):(.*)=$2:$1");

            assertThat(b.keys("*")).containsExactlyInAnyOrder("name:1", "name:2", "other");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"user:*=u:*", "user:(.*)=u:$1", "user:*=u:*\nuser2:*=v:*"})
    void aKeyThatKeepsItsNameHasItAndTheOtherIsRefused(String rules) {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            for (int i = 0; i < 500; i++) {
                a.set("user:" + i, "renamed");
                if (i % 5 == 0) {
                    a.set("u:" + i, "keeps its name");
                }
            }
            try (Migration run = start(a, b, rules)) {
                Counts counts = run.awaitComplete();

                assertThat(counts.refused()).isEqualTo(100);
                assertThat(counts.restored()).isEqualTo(500);
                assertThat(run.ledger().refusals()).isNotEmpty().allSatisfy(refusal -> assertThat(refusal.toString())
                        .matches("\"user:(\\d+)\": it would be called \"u:\\1\" at the target, as the key"
                                + " \"u:\\1\" is"));
            }
            for (int i = 0; i < 500; i++) {
                assertThat(b.get("u:" + i)).isEqualTo(i % 5 == 0 ? "keeps its name" : "renamed");
            }
        }
    }

    @Test
    void aCollisionOfRenamedKeysRefusesTheSecondWithBothNames() {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            for (int i = 0; i < 1000; i++) {
                a.set("key:" + i + ":v1", "of v1");
                a.set("key:" + i + ":v2", "of v2");
            }
            try (Migration run = start(a, b, "(key:\\d+):v.=$1")) {
                Counts counts = run.awaitComplete();

                assertThat(counts.restored()).isEqualTo(1000);
                assertThat(counts.refused()).isEqualTo(1000);
                assertThat(run.ledger().refusals()).allSatisfy(refusal -> assertThat(refusal.toString())
                        .matches("\"(key:\\d+):v.\": it would be called \"\\1\" at the target, as the key"
                                + " \"\\1:v.\" is"));
            }
            assertThat(b.dbSize()).isEqualTo(1000);
        }
    }

    @Test
    void aNameThatAFilterLeavesOutIsFree() {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            a.mset("user:1", "renamed", "user:2", "renamed", "u:1", "left out");
            a.lpush("u:2", "left out by its type");
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.rename", "user:*=u:*")
                    .with("rump.source.exclude-key", "u:1")
                    .with("rump.source.type", "string")
                    .start()) {
                assertThat(run.awaitComplete().refused()).isZero();
            }
            assertThat(b.mget("u:1", "u:2")).containsExactly("renamed", "renamed");
        }
    }

    /** Of a server that tells a key's size before its DUMP, and of one that does not. */
    @ParameterizedTest
    @CsvSource({
        "redis-7.0, rump.source.min-size, 1kb",
        "redis-7.0, rump.source.max-ttl, 1h",
        "redis-7.0, rump.source.type, 'string,hash'",
        "redis-2.8, rump.source.min-size, 1kb",
        "redis-2.8, rump.source.max-ttl, 1h"
    })
    void aKeyThatAFilterLeavesOutHasNoName(String version, String filter, String value) {
        try (Jedis a = servers.start(RedisServers.version(version)).jedis();
                Jedis b = servers.start().jedis()) {
            byte[] large = SampleData.noise(2000);
            for (int i = 0; i < 20; i++) {
                a.setex(("user:" + i).getBytes(), 600, large);
                a.rpush("u:" + i, "small", "without expiry");
            }
            a.del("u:0");
            a.setex("u:0".getBytes(), 600, large);
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.rename", "user:*=u:*")
                    .with(filter, value)
                    .start()) {
                Counts counts = run.awaitComplete();

                assertThat(counts.refused()).isEqualTo(1);
                assertThat(counts.restored()).isEqualTo(20);
                assertThat(counts.filtered()).isEqualTo(19);
            }
            assertThat(b.keys("u:*")).hasSize(20);
        }
    }

    @Test
    void aNameOfAFileThatIsNoKeyIsFreeForTheOneThatIs(@TempDir Path folder) throws IOException {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            a.mset("new:1", "v", "new:2", "v", "old:2", "v");
            a.select(1);
            a.set("new:3", "in the second database");
            Path file = Files.write(folder.resolve("keys"), List.of("old:1", "new:1", "old:2", "new:2", "new:3"));
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.db", "0,1")
                    .with("rump.source.map-db", "1=0")
                    .with("rump.source.rename", "(old|new):(.*)=key:$2")
                    .with("rump.source.keys-from", file)
                    .start()) {
                assertThat(run.awaitComplete().restored()).isEqualTo(3);
                assertThat(run.ledger().refusals())
                        .singleElement()
                        .asString()
                        .startsWith("\"new:2\": it would be called \"key:2\" at the target, as the key \"old:2\" is");
            }
            assertThat(b.mget("key:1", "key:3")).containsExactly("v", "in the second database");
        }
    }

    @Test
    void aKeyInPartsTakesItsNameWithItsFirstPartOrNone() {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            String[] elements = IntStream.range(0, 2_000)
                    .mapToObj(i -> "element " + i + "v".repeat(200))
                    .toArray(String[]::new);
            a.rpush("old:1", elements);
            a.rpush("old:2", elements);
            a.set("new:1", "small");
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.big-key", "64kb")
                    .with("rump.source.rename", "(old|new):(.*)=key:$2")
                    .start()) {
                Counts counts = run.awaitComplete();

                assertThat(counts.restored()).isEqualTo(2);
                assertThat(run.ledger().refusals())
                        .singleElement()
                        .asString()
                        .startsWith("\"old:1\": it would be called \"key:1\" at the target, as the key \"new:1\" is");
            }
            assertThat(b.get("key:1")).isEqualTo("small");
            assertThat(b.llen("key:2")).isEqualTo(2_000);
            assertThat(b.dbSize()).isEqualTo(2);
        }
    }

    @Test
    void keysOfAFileMeetOnlyOneAnother(@TempDir Path folder) throws IOException {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            a.mset("user:1", "renamed", "user:2", "renamed", "u:1", "in the file", "u:2", "not in the file");
            Path file = Files.write(folder.resolve("keys"), List.of("u:1", "user:1", "user:2", "user:2"));
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.rename", "user:*=u:*")
                    .with("rump.source.keys-from", file)
                    .start()) {
                assertThat(run.awaitComplete().refused()).isEqualTo(1);
            }
            assertThat(b.mget("u:1", "u:2")).containsExactly("in the file", "renamed");
        }
    }

    @Test
    void theFirstOfTwoMergedDatabasesWinsACollision() {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            for (int database = 0; database < 3; database++) {
                a.select(database);
                a.set("own:" + database, "v");
                a.set("same", "of " + database);
            }
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.db", "all")
                    .with("rump.source.map-db", "1=2")
                    .start()) {
                Counts counts = run.awaitComplete();

                assertThat(counts.restored()).isEqualTo(5);
                assertThat(run.ledger().refusals())
                        .singleElement()
                        .asString()
                        .isEqualTo("\"same\": it would be called"
                                + " \"same\" at the target, as the key \"same\" is (database 2 comes after"
                                + " 1, and both go to 2)");
            }
            b.select(2);
            assertThat(b.get("same")).isEqualTo("of 1");
            assertThat(b.keys("*")).containsExactlyInAnyOrder("same", "own:1", "own:2");
        }
    }

    @Test
    void cutConnectionsRefuseNoKeyForItself() throws IOException {
        RedisServer source = servers.start();
        try (Jedis a = source.jedis();
                Jedis b = servers.start().jedis();
                FaultyProxy proxy = new FaultyProxy(source.port())) {
            SampleData.fillMixed(a, 10_000);
            try (Migration run = Migration.from(proxy.port())
                    .to(port(b))
                    .with("rump.source.rename", "mixed:(.*)=m:$1")
                    .with("rump.source.scan-count", 100)
                    .start()) {
                for (int i = 1; i <= 5; i++) {
                    long mark = i * 1000L;
                    run.awaitRead(mark);
                    proxy.cut();
                }
                Counts counts = run.awaitComplete();

                assertThat(counts.refused()).isZero();
                assertThat(counts.restored()).isEqualTo(10_000);
            }
            assertThat(b.keys("m:*")).hasSize(10_000);
        }
    }

    private static Counts migrate(Jedis a, Jedis b, String rules) {
        try (Migration run = start(a, b, rules)) {
            return run.awaitComplete();
        }
    }

    private static Migration start(Jedis a, Jedis b, String rules) {
        return Migration.from(port(a))
                .to(port(b))
                .bind("rules", new StringBuilder(rules))
                .with("rump.source.rename", "#bean:rules")
                .with("rump.source.scan-count", 100)
                .start();
    }

    private static int port(Jedis jedis) {
        return Integer.parseInt(jedis.configGet("port").get("port"));
    }
}
