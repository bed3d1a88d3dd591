package io.camelrump.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.redis.RedisException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TargetNameIndexTest {

    @Test
    void givesTheKeyThatHasTheNameAlready() {
        TargetNameIndex names = new TargetNameIndex(TargetNameIndexTest::withoutDigits);

        for (int i = 0; i < 100_000; i++) {
            assertThat(names.take(key(letters(i) + "1"))).isNull();
        }
        for (int i = 0; i < 100_000; i++) {
            TargetNameIndex.Source other = names.take(key(letters(i) + "2"));
            assertThat(other).isNotNull();
            assertThat(text(other)).isEqualTo(letters(i) + "1");
        }
    }

    @Test
    void aKeyMayTakeItsNameAgain() {
        TargetNameIndex names = new TargetNameIndex(TargetNameIndexTest::withoutDigits);

        names.take(key("a1"));

        assertThat(names.take(key("a1"))).isNull();
        names.clear();
        assertThat(names.take(key("a2"))).isNull();
    }

    @Test
    void oneNameInTwoDatabasesIsTwoNames() {
        TargetNameIndex names = new TargetNameIndex(source -> source);

        assertThat(names.take(new TargetNameIndex.Source(0, new byte[0]))).isNull();
        assertThat(names.take(new TargetNameIndex.Source(1, new byte[0]))).isNull();
    }

    @Test
    void aNameIsFreeAgainWhenItsKeyReleasesIt() {
        TargetNameIndex names = new TargetNameIndex(TargetNameIndexTest::withoutDigits);

        names.take(key("a1"));
        names.release(key("a2"));
        assertThat(text(names.holder(key("a2")))).isEqualTo("a1");
        names.release(key("a1"));
        assertThat(names.holder(key("a2"))).isNull();
        assertThat(names.take(key("a2"))).isNull();

        assertThat(text(names.take(key("a1")))).isEqualTo("a2");
    }

    @Test
    void aKeyThatComesAndGoesTakesNoMoreMemory() {
        TargetNameIndex names = new TargetNameIndex(source -> source, 1 << 20);

        for (int i = 0; i < 1_000_000; i++) {
            names.take(key("key number " + i % 100));
            names.release(key("key number " + i % 100));
        }

        assertThat(names.take(key("key number 1"))).isNull();
    }

    @Test
    void theMemoryOfTheIndexIsBounded() {
        TargetNameIndex names = new TargetNameIndex(source -> source, 1 << 20);

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1_000_000; i++) {
                        names.take(key("key number " + i));
                    }
                })
                .isInstanceOf(RedisException.class)
                .hasMessageMatching("More than \\d+ names of keys must be remembered.* set a larger -Xmx.*");
    }

    private static TargetNameIndex.Source withoutDigits(TargetNameIndex.Source source) {
        return key(text(source).replaceAll("\\d", ""));
    }

    private static String letters(int number) {
        StringBuilder letters = new StringBuilder();
        for (int left = number; left > 0; left /= 26) {
            letters.append((char) ('a' + left % 26));
        }
        return letters.append('.').toString();
    }

    private static TargetNameIndex.Source key(String text) {
        return new TargetNameIndex.Source(0, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(TargetNameIndex.Source source) {
        return new String(source.key(), StandardCharsets.UTF_8);
    }
}
