package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.RunState;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.wire.WireEnd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

/** A copy to a file in Rump's own form. */
class BackupIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    private Path backup() {
        return folder.resolve("backup.rump");
    }

    private static CommandRun toFile(RedisServer source, Object file, String... flags) {
        return CommandRun.of(
                Stream.concat(Stream.of("-from", RumpProcess.uri(source), "-to", file.toString()), Stream.of(flags))
                        .toArray(String[]::new));
    }

    private RedisServer serverWith(int keys) {
        RedisServer source = servers.start();
        try (Jedis jedis = source.jedis()) {
            SampleData.populate(jedis, keys, 20);
        }
        return source;
    }

    private List<String> names() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(Path::getFileName).map(Path::toString).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("io.camelrump.fixtures.RedisServers#versions")
    void everyTypeOfEveryVersionIsInTheFile(RedisServers.Version version) throws Exception {
        RedisServer source = servers.start(version);
        RedisServer restored = servers.start(version);
        long keys;
        try (Jedis jedis = source.jedis()) {
            SampleData.fill(jedis, version);
            Map<String, String> fields = new HashMap<>();
            for (int i = 0; i < 5_000; i++) {
                fields.put("field " + i, "value " + i);
                jedis.rpush("list in parts", "element " + i);
            }
            jedis.hmset("hash in parts", fields);
            jedis.expire("hash in parts", 10_000);
            keys = jedis.dbSize();
        }

        CommandRun run = toFile(source, backup(), "--big-key", "64kb", "--scan-count", "50");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("COMPLETE: ").contains("read " + keys + ": restored 0", "handed on " + keys);
        assertThat(run.out()).contains(String.format("%s is complete: %,d bytes", backup(), Files.size(backup())));
        assertThat(names()).containsExactly("backup.rump");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup())))
                .isEqualTo("rw-------");
        WireEnd end = WrittenFile.of(backup()).end();
        assertThat(end.state()).isEqualTo(RunState.COMPLETE);
        assertThat(end.counts().handedOn()).isEqualTo(keys);
        WrittenFile.of(backup()).restore(restored);
        try (Jedis left = source.jedis();
                Jedis right = restored.jedis()) {
            EqualityProof.Result result = EqualityProof.compare(left, right, Duration.ofMillis(50));
            assertThat(result.differences()).as(result.toString()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"gz, gzip", "zst, zstd"})
    void standardToolsReadACompressedFile(String ending, String program) throws Exception {
        assumeThat(Path.of("/usr/bin", program)).exists();
        RedisServer source = serverWith(20_000);
        Path file = folder.resolve("backup.rump." + ending);

        CommandRun run = toFile(source, file);

        assertThat(run.exitCode()).as(run.err()).isZero();
        WrittenFile content = WrittenFile.by(program, "-dc", file);
        assertThat(content.keys()).isEqualTo(20_000);
        assertThat(content.end().state()).isEqualTo(RunState.COMPLETE);
        assertThat(Files.size(file)).isLessThan(content.bytes().length / 2);
    }

    @Test
    void aSourceWithoutKeysMakesAFileThatSaysSo() throws Exception {
        CommandRun run = toFile(servers.start(), backup());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(WrittenFile.of(backup()).keys()).isZero();
        assertThat(WrittenFile.of(backup()).end().state()).isEqualTo(RunState.COMPLETE);
        assertThat(names()).containsExactly("backup.rump");
    }

    @Test
    void anEarlierFileIsReplacedOnRequestAlone() throws Exception {
        RedisServer source = serverWith(10);
        Files.writeString(backup(), "precious");

        CommandRun refused = toFile(source, backup());

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains(backup() + " exists", "--overwrite");
        assertThat(Files.readString(backup())).isEqualTo("precious");
        assertThat(names()).containsExactly("backup.rump");

        Files.setPosixFilePermissions(backup(), PosixFilePermissions.fromString("rw-r-----"));
        CommandRun asked = toFile(source, backup(), "--overwrite");

        assertThat(asked.exitCode()).as(asked.err()).isZero();
        assertThat(WrittenFile.of(backup()).keys()).isEqualTo(10);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup())))
                .as("as the file had it")
                .isEqualTo("rw-r-----");
        assertThat(names()).containsExactly("backup.rump");
    }

    @Test
    void anUnfinishedFileOfAnEarlierRunIsNotOverwrittenUnasked() throws Exception {
        RedisServer source = serverWith(10);
        Path partial = folder.resolve("backup.rump.partial");
        Files.writeString(partial, "what could be saved");

        CommandRun refused = toFile(source, backup());

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains(partial + " exists", "--overwrite");
        assertThat(Files.readString(partial)).isEqualTo("what could be saved");
        assertThat(toFile(source, backup(), "--overwrite").exitCode()).isZero();
        assertThat(names()).containsExactly("backup.rump");
    }

    @ParameterizedTest
    @CsvSource({
        "/proc/backup.rump, cannot be written",
        "/dev/null/backup.rump, cannot be written",
        "/no/such/folder/backup.rump, no such file or folder",
        "file:/tmp, it is a folder"
    })
    void aFileThatCannotBeWrittenIsRefusedBeforeTheFirstKey(String file, String message) {
        CommandRun run = toFile(serverWith(10), file);

        assertThat(run.err()).contains("rump: ").contains(message);
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void deviceIsWrittenAsWhatItIs() {
        CommandRun run = toFile(serverWith(10), "file:/dev/null");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(Path.of("/dev/null")).exists().isNotEqualTo(Path.of("/dev/null.partial"));
        assertThat(Path.of("/dev/null.partial")).doesNotExist();
    }

    @Test
    void aSummaryShowsWhatWasWrittenOverTime() throws Exception {
        Path json = folder.resolve("run.json");

        CommandRun run = toFile(serverWith(1_000), backup(), "--json", json.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode document = new ObjectMapper().readTree(json.toFile());
        assertThat(document.at("/to").asText()).isEqualTo(backup().toString());
        assertThat(document.at("/servers/target")).isEmpty();
        assertThat(document.at("/series/keysWrittenPerSecond/0").asLong()).isPositive();
    }

    @Test
    void aDryRunLeavesNoFile() throws Exception {
        CommandRun run = toFile(serverWith(10), backup(), "--dry-run");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("DRY RUN: nothing was written").contains("handed on 10");
        assertThat(names()).isEmpty();
    }

    @Test
    void filtersRenamesAndDatabasesHoldAsForAServer() throws Exception {
        RedisServer source = servers.start();
        RedisServer restored = servers.start();
        try (Jedis jedis = source.jedis()) {
            jedis.mset("user:1", "a", "user:2", "b", "other", "c");
            jedis.select(3);
            jedis.set("user:3", "d");
        }

        CommandRun run = toFile(
                source,
                backup(),
                "--db",
                "0,3",
                "--map-db",
                "3=5",
                "--include-key",
                "user:*",
                "--rename",
                "user:*=u:*");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("filtered 1", "handed on 3");
        WrittenFile.of(backup()).restore(restored);
        try (Jedis jedis = restored.jedis()) {
            assertThat(jedis.keys("*")).containsExactlyInAnyOrder("u:1", "u:2");
            jedis.select(5);
            assertThat(jedis.get("u:3")).isEqualTo("d");
        }
    }
}
