package io.camelrump.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BinaryTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "user:1", "Grüße", "\uD83D\uDE00", "a\ufffdb", "\u0000"})
    void textIsUtf8(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(BinaryText.of(bytes)).isEqualTo(text);
        assertThat(BinaryText.bytes(text)).isEqualTo(bytes);
    }

    @Test
    void bytesThatAreNoTextComeBackAsTheyWere() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            String text = BinaryText.of(bytes);
            assertThat(BinaryText.bytes("eu:" + text + ":x")).isEqualTo(concat("eu:", bytes, ":x"));
        }
    }

    @Test
    void textAroundSuchBytesStaysLegible() {
        assertThat(BinaryText.of(concat("user:", new byte[] {(byte) 0xff}, "é")))
                .startsWith("user:")
                .endsWith("é")
                .hasSize(7);
    }

    private static byte[] concat(String before, byte[] bytes, String after) {
        byte[] first = before.getBytes(StandardCharsets.UTF_8);
        byte[] last = after.getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[first.length + bytes.length + last.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(bytes, 0, all, first.length, bytes.length);
        System.arraycopy(last, 0, all, first.length + bytes.length, last.length);
        return all;
    }
}
