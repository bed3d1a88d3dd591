package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.RunState;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.wire.WireEnd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** A copy to a file in a process of its own: killed, stopped, out of room, or into a pipe. */
class StoppedBackupIT {
    private static final int KEYS = 40_000;
    private static final Path RUMP = RumpProcess.DISTRIBUTION.resolve("bin/rump");

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    private RedisServer source;
    private Path file;
    private Path partial;

    @BeforeEach
    void fill() {
        assumeThat(Boolean.getBoolean("rump.test.distribution")).isTrue();
        source = servers.start();
        file = folder.resolve("backup.rump");
        partial = folder.resolve("backup.rump.partial");
        try (Jedis jedis = source.jedis()) {
            SampleData.populate(jedis, KEYS, 100);
        }
    }

    /** A run that lasts some seconds, once it has written something. */
    private RumpProcess midway() {
        RumpProcess process = RumpProcess.between(
                source, file.toString(), List.of(), "--max-keys-per-second", "20000", "--scan-count", "100");
        await().atMost(Duration.ofSeconds(30)).until(() -> size(partial) > 300_000);
        return process;
    }

    private static long size(Path path) {
        try {
            return Files.exists(path) ? Files.size(path) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Shell(int exitCode, String out, String err) {}

    private static Shell sh(String script) throws Exception {
        Path out = Files.createTempFile("sh", ".out");
        Path err = Files.createTempFile("sh", ".err");
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", script)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Shell(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    @Test
    void aKilledRunLeavesNoFileOfThatName() throws Exception {
        try (RumpProcess process = midway()) {
            process.signal("KILL");
            await().until(process::hasEnded);
        }

        assertThat(file).doesNotExist();
        assertThat(partial).exists();
    }

    @Test
    void aKilledRunLeavesAnEarlierFileAsItWas() throws Exception {
        Files.writeString(file, "precious");
        try (RumpProcess process = RumpProcess.between(
                source, file.toString(), List.of(), "--max-keys-per-second", "20000", "--overwrite")) {
            await().atMost(Duration.ofSeconds(30)).until(() -> size(partial) > 300_000);
            process.signal("KILL");
            await().until(process::hasEnded);
        }

        assertThat(Files.readString(file)).isEqualTo("precious");
    }

    @Test
    void aStoppedRunSaysInItsFileThatItIsNotComplete() throws Exception {
        try (RumpProcess process = midway()) {
            process.signal("INT");

            assertThat(process.exitCode()).as(process.output()).isEqualTo(130);
            assertThat(process.out()).contains("INCOMPLETE");
            assertThat(process.err()).contains(partial + " holds what was read");
        }

        assertThat(file).doesNotExist();
        WireEnd end = WrittenFile.of(partial).end();
        assertThat(end.state()).isEqualTo(RunState.INCOMPLETE);
        assertThat(end.counts().handedOn())
                .isEqualTo(WrittenFile.of(partial).keys())
                .isBetween(1L, (long) KEYS - 1);
    }

    @Test
    void aFileHoldsEachKeyOnceAfterTheSourceHasRestarted() throws Exception {
        try (RumpProcess process = midway()) {
            source.restart(true);

            assertThat(process.exitCode()).as(process.output()).isZero();
            assertThat(process.err()).contains("the scan restarts from the beginning");
        }

        assertThat(WrittenFile.of(file).keys()).isEqualTo(KEYS);
        assertThat(WrittenFile.of(file).end().counts().handedOn()).isEqualTo(KEYS);
        CommandRun restored = CommandRun.of("-from", file.toString(), "-to", RumpProcess.uri(servers.start()));
        assertThat(restored.exitCode()).as(restored.err()).isZero();
    }

    @Test
    void aFileThatOthersHaveMadeMeanwhileIsNotReplaced() throws Exception {
        try (RumpProcess process = midway()) {
            Files.writeString(file, "theirs");

            assertThat(process.exitCode()).as(process.output()).isEqualTo(1);
            assertThat(process.err()).contains(file + " exists by now", "the copy is complete in " + partial);
        }

        assertThat(Files.readString(file)).isEqualTo("theirs");
        assertThat(WrittenFile.of(partial).keys()).isEqualTo(KEYS);
    }

    @Test
    void aFileThatIsOutOfRoomFailsTheRun() throws Exception {
        Shell run = sh("ulimit -f 2000; exec " + RUMP + " -from " + RumpProcess.uri(source) + " -to " + file);

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(1);
        assertThat(run.out()).contains("FAILED");
        assertThat(run.err()).contains(file + " cannot be written", "make room", partial.toString());
        assertThat(file).doesNotExist();
    }

    @Test
    void aDiskThatIsFullAtTheStartIsFoundBeforeTheFirstKey() throws Exception {
        Shell run = sh("ulimit -f 1; exec " + RUMP + " -from " + RumpProcess.uri(source) + " -to " + file);

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(2);
        assertThat(run.err()).contains(file + " cannot be written: File too large");
        assertThat(partial).doesNotExist();
    }

    @Test
    void standardOutputHoldsKeysAloneAndTextsGoElsewhere() throws Exception {
        Shell run = sh(RUMP + " -from " + RumpProcess.uri(source) + " -to - > " + file);

        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(run.err()).contains("COMPLETE: 40,000 keys");
        assertThat(WrittenFile.of(file).keys()).isEqualTo(KEYS);
        assertThat(WrittenFile.of(file).end().state()).isEqualTo(RunState.COMPLETE);
    }

    @Test
    void twoRunsCopyThroughAPipe() throws Exception {
        RedisServer target = servers.start();

        Shell run = sh(RUMP + " -from " + RumpProcess.uri(source) + " -to - --silent | " + RUMP + " -from - -to "
                + RumpProcess.uri(target));

        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(run.out()).contains("COMPLETE: 40,000 keys", "restored 40,000");
        try (Jedis from = source.jedis();
                Jedis to = target.jedis()) {
            assertThat(EqualityProof.compare(from, to, Duration.ofMillis(50)).differences())
                    .isEmpty();
        }
    }

    @Test
    void aReaderThatLeavesFailsTheRun() throws Exception {
        Shell run = sh("{ " + RUMP + " -from " + RumpProcess.uri(source)
                + " -to -; echo \"exit $?\" >&2; } | head -c 100000" + " > /dev/null");

        assertThat(run.err()).contains("- cannot be written", "exit 1");
    }
}
