package io.camelrump.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.redis.RedisException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class KeyPatternTest {
    @ParameterizedTest
    @ValueSource(strings = {"(a+)+\\1", "(.*a){20}"})
    void anExpressionThatWouldNotEndNamesItselfAndTheKey(String regex) {
        String key = "a".repeat(40) + "!" + "ab".repeat(20);

        assertThatThrownBy(() -> pattern(regex).matches(key))
                .isInstanceOf(RedisException.class)
                .hasMessageContaining("The regular expression " + regex + " takes too long on the key \"aaaa")
                .hasMessageContaining("... of 81 characters")
                .hasMessageContaining("excludeKey");
    }

    @Test
    void anExpressionThatRecursTooDeeplyDoesToo() {
        assertThatThrownBy(() -> pattern("(a|b)*").matches("ab".repeat(500_000)))
                .hasMessageContaining("The regular expression (a|b)* takes too long");
    }

    @Test
    void aPlainSearchInALongNameIsWithinTheBound() {
        String name = "x".repeat(5_000_000) + ":needle:" + "y".repeat(5_000_000);

        assertThat(pattern(".*:needle:.*").matches(name)).isTrue();
        assertThat(pattern("x*:(needle|pin):y+").matches(name)).isTrue();
        assertThat(pattern(".*:nothing:.*").matches(name)).isFalse();
    }

    @Test
    void groupsAndReferencesAreJavas() {
        assertThat(pattern("(\\w+):\\1:(?<rest>.*)").replace(bytes("eu:eu:7"), "${rest}:$1"))
                .isEqualTo(bytes("7:eu"));
        assertThat(pattern("(\\w+):\\1:.*").replace(bytes("eu:us:7"), "$1")).isNull();
        assertThat(pattern(".*").replace(new byte[] {(byte) 0xff}, "x")).isNull();
    }

    private static KeyPattern pattern(String regex) {
        return new KeyPattern(regex, Pattern.DOTALL);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
