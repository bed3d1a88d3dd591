package io.camelrump.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.Counts;
import io.camelrump.Refusal;
import io.camelrump.cli.EqualityProof;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;

/** Keys that a file names, and samples of keys. */
class KeyFilesIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @Test
    void readsTheKeysOfAFileAndNoOthers(@TempDir Path folder) throws IOException {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            List<byte[]> made = SampleData.fill(a, RedisServers.usual());
            a.mset("other", "1", "gone", "2");
            a.del("gone");
            Path file = Files.write(
                    folder.resolve("keys"),
                    java.util.stream.Stream.concat(made.stream(), java.util.stream.Stream.of("gone".getBytes()))
                            .map(Refusal::quote)
                            .toList());
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.keys-from", file)
                    .with("rump.source.scan-count", 7)
                    .start()) {
                Counts counts = run.awaitComplete();

                assertThat(counts.read()).isEqualTo(made.size() + 1);
                assertThat(counts.vanished()).isPositive();
                assertThat(run.ledger().progress()).isEqualTo(1);
            }
            assertThat(b.exists("other")).isFalse();
            a.del("other");
            assertThat(EqualityProof.compare(a, b, Duration.ofMillis(100)).differences())
                    .isEmpty();
        }
    }

    @Test
    void everyFilterHoldsForTheKeysOfAFile(@TempDir Path folder) throws IOException {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            a.mset("user:1", "1", "user:2", "2", "order:1", "3");
            a.lpush("user:list", "4");
            Path file = Files.write(folder.resolve("keys"), List.of("user:1", "user:2", "order:1", "user:list"));
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.keys-from", file)
                    .with("rump.source.match", "user:*")
                    .with("rump.source.type", "string")
                    .with("rump.source.exclude-key", "*2")
                    .start()) {
                assertThat(run.awaitComplete().filtered()).isEqualTo(3);
            }
            assertThat(b.keys("*")).containsExactly("user:1");
        }
    }

    @Test
    void aFileOfKeysThatAreAllLeftOutIsComplete(@TempDir Path folder) throws IOException {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            Path file = Files.write(folder.resolve("keys"), List.of("a", "b", "c"));
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.keys-from", file)
                    .with("rump.source.scan-count", 1)
                    .with("rump.source.include-key", "nothing")
                    .start()) {
                assertThat(run.awaitComplete().filtered()).isEqualTo(3);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1000", "50, 7", "2000, 1000", "2999, 100000"})
    void aSampleEndsAfterSoManyKeys(int sample, int scanCount) {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            SampleData.fillMixed(a, 3000);
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.sample", sample)
                    .with("rump.source.scan-count", scanCount)
                    .start()) {
                Counts counts = run.awaitComplete();

                assertThat(counts.read()).isEqualTo(sample);
                assertThat(run.ledger().sourceKeys()).isEqualTo(sample);
            }
            assertThat(b.dbSize()).isEqualTo(sample);
        }
    }

    @Test
    void aSampleIsOfTheKeysThatAreTaken() {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            SampleData.fillMixed(a, 3000);
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.sample", 20)
                    .with("rump.source.type", "list,hash")
                    .with("rump.source.exclude-key", "*1")
                    .start()) {
                Counts counts = run.awaitComplete();

                assertThat(counts.restored()).isEqualTo(20);
                assertThat(counts.filtered()).isPositive();
            }
            assertThat(b.keys("*"))
                    .hasSize(20)
                    .allSatisfy(key -> assertThat(b.type(key)).isIn("list", "hash"))
                    .noneMatch(key -> key.endsWith("1"));
        }
    }

    private static int port(Jedis jedis) {
        return Integer.parseInt(jedis.configGet("port").get("port"));
    }
}
