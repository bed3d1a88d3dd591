package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.Reply;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ScriptedServer;
import io.camelrump.fixtures.ServerPair;
import io.camelrump.fixtures.SmallHeapRun;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Names of keys may have 512 MB, as values may. */
class LongNamesIT {
    private static final int MB = 1024 * 1024;

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @Tag("long")
    @Test
    void namesThatDoNotFitTheHeapTogetherAreAskedForInSmallerPages() throws Exception {
        for (int i = 0; i < 40; i++) {
            PAIR.atSource().set(name(i, MB), bytes("v" + i));
        }
        SampleData.fillStrings(PAIR.atSource(), 500, 10);

        try (SmallHeapRun run = SmallHeapRun.start("64m", PAIR.source(), PAIR.target())) {
            assertThat(run.awaitOutput()).contains("COMPLETE Counts[read=540, restored=540,", "exit 0");
        }
        assertThat(PAIR.atTarget().get(name(7, MB))).isEqualTo(bytes("v7"));
    }

    @Tag("long")
    @Test
    void oneNameThatIsTooLongIsRefusedWithTheLimitAndTheHeapItTakes() throws Exception {
        PAIR.atSource().set(name(1, 20 * MB), bytes("v"));
        SampleData.fillStrings(PAIR.atSource(), 500, 10);
        String told;
        try (SmallHeapRun run = SmallHeapRun.start("64m", PAIR.source(), PAIR.target())) {
            String output = run.awaitOutput();
            assertThat(output)
                    .contains("REFUSED Counts[read=501, restored=500,", "refused=1", "exit 0")
                    .contains("\"xxxxx", "the name of this key begins so, has 20,971,520 bytes, and this heap takes ");
            told = output.replaceAll("(?s).*-Xmx(\\d+m).*", "$1");
        }
        try (SmallHeapRun run = SmallHeapRun.start(told, PAIR.source(), PAIR.target())) {
            assertThat(run.awaitOutput()).contains("COMPLETE Counts[read=501, restored=501,", "exit 0");
        }
        assertThat(PAIR.atTarget().exists(name(1, 20 * MB))).isTrue();
    }

    @Test
    @Tag("long")
    void millionsOfNamesInOneReplyEndTheRunByTheServersName() throws Exception {
        Reply millions = Reply.repeated("*2\r\n$1\r\n0\r\n*5000000\r\n", "$0\r\n\r\n".repeat(1_000), 5_000);
        try (ScriptedServer source = new ScriptedServer(PAIR.source())) {
            source.onCall("SCAN", call -> call.nth() == 0 ? Reply.PASS : millions);
            try (SmallHeapRun run = SmallHeapRun.start("64m", source.port(), PAIR.target())) {
                assertThat(run.awaitOutput())
                        .contains("FAILED", "127.0.0.1:" + source.port() + " gave names of more than ", "exit 0");
            }
        }
    }

    @Tag("long")
    @Test
    void aFileOfLongKeysFitsASmallHeap(@TempDir Path folder) throws Exception {
        byte[] end = {'\n'};
        Path file = folder.resolve("keys");
        try (var out = Files.newOutputStream(file)) {
            for (int i = 0; i < 40; i++) {
                PAIR.atSource().set(name(i, MB), bytes("v"));
                out.write(name(i, MB));
                out.write(end);
            }
        }
        try (SmallHeapRun run =
                SmallHeapRun.start("64m", PAIR.source(), PAIR.target(), "rump.source.keys-from=" + file)) {
            assertThat(run.awaitOutput()).contains("COMPLETE Counts[read=40, restored=40,", "exit 0");
        }
    }

    @Test
    @Tag("long")
    void aTargetThatHoldsLongNamesIsLookedAtInASmallHeap() throws Exception {
        for (int i = 0; i < 40; i++) {
            PAIR.atTarget().set(name(i, MB), bytes("v"));
        }
        PAIR.atSource().set("k", "v");
        try (SmallHeapRun run =
                SmallHeapRun.start("64m", PAIR.source(), PAIR.target(), "rump.target.on-conflict=replace")) {
            assertThat(run.awaitOutput()).contains("COMPLETE Counts[read=1, restored=1,", "exit 0");
        }
    }

    private static byte[] name(int number, int length) {
        byte[] name = new byte[length];
        Arrays.fill(name, (byte) 'x');
        byte[] end = bytes(":" + number);
        System.arraycopy(end, 0, name, length - end.length, end.length);
        return name;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
