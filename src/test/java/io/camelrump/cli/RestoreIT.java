package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.RunState;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import io.camelrump.fixtures.WrittenBackup;
import io.camelrump.redis.KeyList;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.run.PayloadList;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;

/** A backup is restored as far as it is whole, and a run that lacks something says what. */
class RestoreIT {
    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @TempDir
    Path folder;

    private Path backup;
    private Jedis from;
    private Jedis to;

    @BeforeEach
    void open() {
        backup = folder.resolve("backup.rump");
        from = PAIR.atSource();
        to = PAIR.atTarget();
    }

    @Test
    void keysOfEveryTypeComeBackWithTheirExpiries() throws IOException {
        List<byte[]> names = SampleData.fill(from, RedisServers.usual());
        WrittenBackup written = new WrittenBackup();
        for (byte[] name : names) {
            written.page(from, List.of(name));
        }
        Files.write(backup, written.complete());

        CommandRun run = restore();

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).as(run.out()).isZero();
        assertThat(run.out()).startsWith("COMPLETE: ").contains("restored " + from.dbSize());
        assertThat(EqualityProof.compare(from, to, Duration.ofMillis(50)).differences())
                .isEmpty();
    }

    @Test
    void packedFileIsKnownByItsContent() throws IOException {
        fill(100);
        try (OutputStream packed = new GZIPOutputStream(Files.newOutputStream(backup))) {
            packed.write(new WrittenBackup().keys(from, 10).complete());
        }

        assertThat(restore().exitCode()).isZero();
        assertThat(to.dbSize()).isEqualTo(100);
    }

    @Test
    void everyPageBeforeACutIsRestoredAndTheRunSaysWhereItIs() throws IOException {
        fill(24);
        WrittenBackup written = new WrittenBackup().keys(from, 4);
        byte[] whole = written.complete();
        for (int cut = 0; cut < whole.length; cut += whole.length / 11) {
            Files.write(backup, Arrays.copyOf(whole, cut));
            to.flushAll();
            int bytes = cut;
            long pages = written.edges().stream().filter(edge -> edge <= bytes).count();

            CommandRun run = restore();

            assertThat(run.exitCode()).as("cut at %d: %s", cut, run.out()).isEqualTo(1);
            assertThat(run.err()).as("cut at %d", cut).contains("is not a complete backup: it ");
            assertThat(to.dbSize()).as("cut at %d", cut).isEqualTo(4 * pages);
            if (pages > 0) {
                assertThat(run.out()).contains("INCOMPLETE: " + 4 * pages + " keys");
            }
        }
    }

    @Test
    void flippedByteEndsTheRestoreInFrontOfItsPage() throws IOException {
        fill(20);
        WrittenBackup written = new WrittenBackup().keys(from, 4);
        byte[] whole = written.complete();
        whole[written.edges().get(2) + 60] ^= 1;
        Files.write(backup, whole);

        CommandRun run = restore();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("it cannot be read any further. At byte "
                        + written.edges().get(2) + ": ")
                .contains("What was whole in it was read.");
        assertThat(to.dbSize()).isEqualTo(12);
    }

    @Test
    void cutPackedFileIsRestoredAsFarAsItCanBeUnpacked() throws IOException {
        SampleData.fillStrings(from, 40, 5_000);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(new WrittenBackup().keys(from, 4).complete());
        }
        Files.write(backup, Arrays.copyOf(packed.toByteArray(), packed.size() / 2));

        CommandRun run = restore();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("(of the unpacked bytes)");
        assertThat(to.dbSize()).isBetween(4L, 24L);
    }

    @Test
    void fileWithoutAnEndMarkerIsIncomplete() throws IOException {
        fill(8);
        Files.write(backup, new WrittenBackup().keys(from, 4).bytes());

        CommandRun run = restore();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("it has no end marker: whoever wrote it was stopped");
        assertThat(to.dbSize()).isEqualTo(8);
    }

    @Test
    void fileOfARunThatWasStoppedSaysSo() throws IOException {
        fill(8);
        Files.write(
                backup,
                new WrittenBackup()
                        .keys(from, 4)
                        .end(RunState.INCOMPLETE, "stopped before the end")
                        .bytes());

        CommandRun run = restore();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("it says that its run ended INCOMPLETE: stopped before the end");
        assertThat(to.dbSize()).isEqualTo(8);
    }

    @Test
    void pagesThatNeverCameAreNamed() throws IOException {
        fill(12);
        Files.write(
                backup,
                new WrittenBackup()
                        .keys(from, 4)
                        .without(2)
                        .keys(from, 12)
                        .without(1)
                        .complete());

        CommandRun run = restore();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("it is complete but for pages that never came, of the numbers 3-4, 6");
        assertThat(to.dbSize()).isEqualTo(12);
    }

    @Test
    void runsOneBehindTheOtherAreEachLookedAt() throws IOException {
        fill(8);
        byte[] first = new WrittenBackup().keys(from, 4).complete();
        from.set("late", "1");
        byte[] second = new WrittenBackup().keys(from, 4).complete();
        Files.write(backup, joined(first, second));
        assertThat(restore().exitCode()).isZero();
        assertThat(to.dbSize()).isEqualTo(9);

        byte[] third = new WrittenBackup().keys(from, 4).bytes();
        Files.write(backup, joined(joined(first, third), second));
        CommandRun run = restore();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("of 3 runs in it, number 2 (").contains(") has no end marker");
    }

    @Test
    void keysThatHaveExpiredSinceAreNotRestored() throws IOException {
        from.psetex("soon", 30, "1");
        from.set("stays", "1");
        Files.write(backup, new WrittenBackup().keys(from, 4).complete());
        await().until(() -> !from.exists("soon"));

        CommandRun run = restore();

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("restored 1, kept 0, vanished 1");
        assertThat(to.keys("*")).containsExactly("stays");
    }

    @Test
    void keysThatWereDeletedWhileTheFileWasWrittenAreDeletedAgain() throws IOException {
        from.mset("deleted", "1", "stays", "1");
        WrittenBackup written = new WrittenBackup().keys(from, 4);
        written.page(new PageData(
                KeyList.of(bytes("deleted")),
                new PayloadList(new byte[0], new int[1], new int[] {PayloadList.GONE}),
                new long[] {PageData.NO_EXPIRY},
                written.origin(PageForm.PAYLOADS, true)));
        Files.write(backup, written.complete());

        CommandRun empty = restore();
        assertThat(empty.exitCode()).as(empty.err()).isZero();
        assertThat(to.keys("*")).containsExactly("stays");

        CommandRun filled = restore();
        assertThat(filled.exitCode()).as(filled.err()).isZero();
        assertThat(filled.out()).contains("note: 1 keys of " + backup + " were deleted while it was written");
    }

    @Test
    void filtersHoldForAFile() throws IOException {
        from.mset("user:1", "1", "user:2", "2", "order:1", "3");
        from.lpush("user:list", "1");
        from.setex("user:session", 1_000, "1");
        from.setex("user:ends", 3, "1");
        from.set(bytes("user:large"), SampleData.noise(5_000));
        Files.write(backup, new WrittenBackup().keys(from, 3).complete());

        CommandRun run =
                restore("--match=user:*", "--exclude-key=*2", "--type=string", "--max-size=200", "--min-ttl=5s");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(to.keys("*")).containsExactlyInAnyOrder("user:1", "user:session");
        assertThat(run.out()).contains("read 7: restored 2, kept 0, vanished 0, filtered 5");
    }

    @Test
    void databasesGoToOthersAndKeysGetOtherNames() throws IOException {
        WrittenBackup written = new WrittenBackup();
        for (int database = 0; database < 3; database++) {
            from.select(database);
            from.set("user:1", "of " + database);
            written.database(database).keys(from, 3);
        }
        Files.write(backup, written.complete());

        CommandRun run = restore("--db=1,2", "--map-db", "1=5", "--rename", "user:*=u:*");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(to.dbSize()).isZero();
        to.select(5);
        assertThat(to.get("u:1")).isEqualTo("of 1");
        to.select(2);
        assertThat(to.get("u:1")).isEqualTo("of 2");
    }

    @Test
    void dryRunWritesNothingAndSampleEndsEarly() throws IOException {
        fill(30);
        Files.write(backup, new WrittenBackup().keys(from, 4).complete());

        CommandRun dry = restore("--dry-run");
        assertThat(dry.exitCode()).as(dry.err()).isZero();
        assertThat(to.dbSize()).isZero();

        CommandRun some = restore("--sample=7");
        assertThat(some.exitCode()).as(some.err()).isZero();
        assertThat(to.dbSize()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "REDIS0011abc | it is an RDB file of a server (REDIS0011)",
                "*3xx$3xxSETxx$1xxaxx | it holds commands",
                "hello | it does not begin as the form for the wire does",
            })
    void otherFilesAreNamedAsWhatTheyAre(String content, String words) throws IOException {
        Files.writeString(backup, content.replace("xx", "\r\n"));

        CommandRun run = restore();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains(words);
    }

    @Test
    void missingFileAndFolderAreWrongUsage() throws IOException {
        CommandRun missing = restore();
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.err()).contains("there is no file " + backup);

        Files.createDirectory(backup);
        CommandRun directory = restore();
        assertThat(directory.exitCode()).isEqualTo(2);
        assertThat(directory.err()).contains(backup + " is a folder");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void fill(int keys) {
        for (int i = 0; i < keys; i++) {
            from.set("key:" + (100 + i), "value " + i);
        }
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private CommandRun restore(String... flags) {
        String[] all = Arrays.copyOf(flags, flags.length + 2);
        all[flags.length] = "-from=" + backup;
        all[flags.length + 1] = "-to=redis://127.0.0.1:" + PAIR.target().port();
        return CommandRun.of(all);
    }
}
