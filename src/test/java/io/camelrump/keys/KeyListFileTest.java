package io.camelrump.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.camelrump.Refusal;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.NameLimit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyListFileTest {

    @TempDir
    Path folder;

    @Test
    void givesOneKeyALineAndOverlooksEmptyLines() throws IOException {
        Path file = Files.writeString(folder.resolve("keys"), "user:1\n\nuser 2\r\n\"\"\nlast");

        assertThat(keys(file, 2)).containsExactly("user:1", "user 2", "", "last");
        assertThat(KeyListFile.count(file)).isEqualTo(4);
    }

    @Test
    void takesTheKeyOfALineThatHasItsCauseBehindIt() throws IOException {
        Path file = Files.writeString(
                folder.resolve("failed"), "\"a\\\"b\\\\\\n\"\tOOM command not allowed\n\"c\" NOPERM\nd\te\n");

        assertThat(keys(file, 10)).containsExactly("a\"b\\\n", "c", "d\te");
    }

    @Test
    void aPipeIsRefusedAndNotWaitedFor() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertThatThrownBy(() -> KeyListFile.count(pipe)).hasMessageContaining("pipe is a pipe or a device");
    }

    @Property
    void readsBackWhateverARefusalPrints(@ForAll List<byte[]> keys) throws IOException {
        Path file = Files.createTempFile("keys", ".txt");
        try {
            ByteArrayOutputStream lines = new ByteArrayOutputStream();
            for (byte[] key : keys) {
                lines.writeBytes((Refusal.quote(key) + "\tcause\n").getBytes(StandardCharsets.US_ASCII));
            }
            Files.write(file, lines.toByteArray());

            List<byte[]> read = new ArrayList<>();
            try (KeyListFile open = KeyListFile.open(file)) {
                KeyList list = open.next(Integer.MAX_VALUE);
                for (int i = 0; i < list.size(); i++) {
                    read.add(list.get(i));
                }
            }
            assertThat(read.toArray(byte[][]::new)).isDeepEqualTo(keys.toArray(byte[][]::new));
        } finally {
            Files.delete(file);
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "~\"open~, line 2 begins with a quote and has none at its end",
                "~\"a\\~, line 2 ends in a backslash",
                "~\"a\\xZ1\"~, line 2 has no two hexadecimal digits",
                "~\"a\\q\"~, line 2 has an escape that is none of",
                "~\"a\"b~, line 2 goes on behind its closing quote"
            })
    void aLineThatIsNoKeyIsNamedBeforeAnyKeyIsRead(String line, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("keys"), "good\n" + line + "\n");

        assertThatThrownBy(() -> KeyListFile.count(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("keysFrom=" + file)
                .hasMessageContaining(message);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path file = folder.resolve("none");

        assertThatThrownBy(() -> KeyListFile.count(file))
                .hasMessage("keysFrom=" + file + " cannot be read: no such file");
    }

    @Test
    void aFolderIsNoFile() {
        assertThatThrownBy(() -> KeyListFile.count(folder))
                .hasMessage("keysFrom=" + folder + " cannot be read: Is a directory");
    }

    @Test
    void aFileThatMayNotBeReadIsNamed() throws IOException {
        Path file = Files.createFile(
                folder.resolve("secret"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("---------")));
        assumeThat(Files.isReadable(file)).as("root reads every file").isFalse();

        assertThatThrownBy(() -> KeyListFile.count(file))
                .hasMessage("keysFrom=" + file + " cannot be read: not allowed to");
    }

    @Test
    void aLineThatIsTooLongIsNamedWithTheLimitAndNotRead() throws IOException {
        Path file = folder.resolve("long");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.writeBytes("good\n");
            sparse.setLength(NameLimit.bytes() + 10L);
        }

        assertThatThrownBy(() -> KeyListFile.count(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("keysFrom=" + file + ": line 2 is longer than " + NameLimit.bytes() + " bytes")
                .hasMessageContaining("set a larger -Xmx");
    }

    @Test
    void longKeysComeTogetherOnlyUpToALimitAndNoneIsLost() throws IOException {
        Path file = Files.writeString(folder.resolve("keys"), "four\nfour\n\nelevenchars\nfour\n\"x\\x41\"\n");

        try (KeyListFile open = KeyListFile.open(file)) {
            assertThat(open.next(10, 10).byteCount()).isEqualTo(8);
            assertThat(open.next(10, 10).byteCount()).isEqualTo(11);
            KeyList last = open.next(10, 10);
            assertThat(last.size()).isEqualTo(2);
            assertThat(last.get(1)).asString().isEqualTo("xA");
            assertThat(open.isAtEnd()).isTrue();
            assertThat(open.keys()).isEqualTo(5);
        }
    }

    private static List<String> keys(Path file, int atOnce) {
        List<String> keys = new ArrayList<>();
        try (KeyListFile open = KeyListFile.open(file)) {
            while (!open.isAtEnd()) {
                KeyList list = open.next(atOnce);
                for (int i = 0; i < list.size(); i++) {
                    keys.add(new String(list.get(i), StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return keys;
    }
}
