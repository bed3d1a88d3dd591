package io.camelrump.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
    @Property(tries = 200)
    void anyBytesAreTheSameWhenTheyAreReadAgain(@ForAll byte[] bytes) {
        Cursor cursor = Cursor.of(bytes);

        Cursor read = Cursor.decode(cursor.encode());

        assertThat(read).isEqualTo(cursor);
        assertThat(read.bytes()).isEqualTo(bytes);
        assertThat(read.encode()).doesNotContainAnyWhitespaces().isEqualTo(cursor.encode());
    }

    @Property(tries = 200)
    void eachNumberIsOne(@ForAll long number) {
        Cursor cursor = Cursor.of(bytes(Long.toUnsignedString(number)));

        assertThat(cursor.isNumber()).isTrue();
        assertThat(cursor).isEqualTo(Cursor.of(number)).isEqualTo(Cursor.decode(cursor.encode()));
        assertThat(cursor.number()).isEqualTo(number);
        assertThat(cursor.isEnd()).isEqualTo(number == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"_user:12", "", "00", "-1", "+5", "18446744073709551616", "x3:0", "1 "})
    void otherTextIsNoNumberAndNoEnd(String text) {
        Cursor cursor = Cursor.of(bytes(text)).after(Cursor.START, 10);

        assertThat(cursor.isNumber()).isFalse();
        assertThat(cursor.isEnd()).isFalse();
        assertThat(cursor.passed()).isEqualTo(10);
        assertThat(Cursor.decode(cursor.encode()).passed()).isEqualTo(10);
    }

    @Test
    void cursorsAreShownWithoutControlCharacters() {
        assertThat(Cursor.of(bytes("_a\u001b[31m\n"))).hasToString("_a\\x1b[31m\\x0a");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
