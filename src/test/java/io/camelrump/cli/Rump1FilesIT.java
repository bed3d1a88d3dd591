package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Files that Rump 1.0 wrote are read, also those that Rump itself does not read again. */
class Rump1FilesIT {
    private static final String SEPARATOR = "\u271d\u271d";

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @TempDir
    Path folder;

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private Jedis from;
    private Jedis to;

    @BeforeEach
    void open() {
        from = PAIR.atSource();
        to = PAIR.atTarget();
    }

    @Test
    void keysComeBackAndTheirTimesToLiveCountFromNow() throws IOException {
        List<byte[]> names = SampleData.fill(from, RedisServers.usual());
        for (byte[] name : names) {
            write(name, from.dump(name), "0");
        }
        write(bytes("session"), from.dump(names.get(0)), "3600000");

        CommandRun run = restore(written.toByteArray());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("the form of Rump 1.0 does not say whether the file is whole")
                .contains("1 times to live count from now on again");
        assertThat(to.dbSize()).isEqualTo(names.size() + 1L);
        assertThat(to.pttl("session")).isBetween(3_500_000L, 3_600_000L);
        for (byte[] name : names) {
            from.persist(name);
        }
        to.del("session");
        assertThat(EqualityProof.compare(from, to, Duration.ZERO).differences()).isEmpty();
    }

    @Test
    void keysAndValuesMayHoldTheSeparatorOrAPartOfIt() throws IOException {
        for (String odd : List.of(
                SEPARATOR, "a" + SEPARATOR + "b", "\u271d", "a\u271d", SEPARATOR + SEPARATOR, "x" + SEPARATOR + "0")) {
            from.set("key " + odd, "value " + odd);
            from.set(odd, odd + "0" + odd);
        }
        from.set("large", "x".repeat(200_000) + SEPARATOR + SampleData.noise(9).length);
        from.set("", "empty name");
        for (String name : from.keys("*")) {
            write(bytes(name), from.dump(bytes(name)), "0");
        }

        CommandRun run = restore(written.toByteArray());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(EqualityProof.compare(from, to, Duration.ZERO).differences()).isEmpty();
    }

    @Test
    void keysThatWereGoneWhenRumpAskedForThemAreNotRestored() throws IOException {
        from.set("there", "1");
        write(bytes("no payload"), new byte[0], "0");
        write(bytes("there"), from.dump("there"), "-1");
        write(bytes("expired"), from.dump("there"), "-2");

        CommandRun run = restore(written.toByteArray());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("restored 1, kept 0, vanished 2");
        assertThat(to.keys("*")).containsExactly("there");
    }

    @Test
    void cutAndDamagedFilesAreReportedWithThePlace() throws IOException {
        from.mset("a", "1", "b", "2", "c", "3");
        write(bytes("a"), from.dump("a"), "0");
        int first = written.size();
        write(bytes("b"), from.dump("b"), "0");
        int second = written.size();
        write(bytes("c"), from.dump("c"), "0");
        byte[] whole = written.toByteArray();

        CommandRun cut = restore(Arrays.copyOf(whole, whole.length - 3));
        assertThat(cut.exitCode()).isEqualTo(1);
        assertThat(cut.err()).contains("At byte " + second + ": the last ").contains(" bytes are no whole key");
        assertThat(to.keys("*")).containsExactlyInAnyOrder("a", "b");

        to.flushAll();
        whole[first + 12] ^= 1;
        CommandRun damaged = restore(whole);
        assertThat(damaged.exitCode()).isEqualTo(1);
        assertThat(damaged.err()).contains("At byte " + first + ": ");
        assertThat(to.keys("*")).containsExactly("a");
    }

    @Test
    void emptyFileIsAnEmptyDatabaseAndTheOtherFormIsRecognised() throws IOException {
        assertThat(restore(new byte[0]).exitCode()).isZero();

        from.set("a", "1");
        write(bytes("a"), from.dump("a"), "0");
        Path other = folder.resolve("other.rump");
        Files.write(other, written.toByteArray());
        CommandRun run = CommandRun.of(
                "-from=" + other, "-to=redis://127.0.0.1:" + PAIR.target().port());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("it looks like a file that Rump 1.0 wrote: name it as rump1:" + other);
    }

    private void write(byte[] key, byte[] payload, String millis) throws IOException {
        for (byte[] part : List.of(key, payload, bytes(millis))) {
            written.write(part);
            written.write(bytes(SEPARATOR));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private CommandRun restore(byte[] content) throws IOException {
        Path file = folder.resolve("old.rump");
        Files.write(file, content);
        return CommandRun.of(
                "-from=rump1:" + file, "-to=redis://127.0.0.1:" + PAIR.target().port());
    }
}
