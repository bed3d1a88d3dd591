package io.camelrump.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RenameRulesTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "user:*=u:*, user:1, u:1",
                "user:*=u:*, user:, u:",
                "user:*=u:*, auser:1, auser:1",
                "user:*=*, user:1, 1",
                "*=new:*, user:1, new:user:1",
                "*=*, user:1, user:1",
                "u.er*=x*, user, user",
                "u.er*=x*, u.er, x",
                "(.*):(\\d+)=$2:$1, user:1, 1:user",
                "(.*):(\\d+)=$2:$1, user:a, user:a",
                "a(b)?c=x$1, ac, x",
                "\"user:.*=gone\", user:1, gone",
                "\"a\\x3db=c=d\", a=b, c=d"
            })
    void givesKeysAnotherName(String rule, String key, String name) {
        assertThat(rename(rule, key)).isEqualTo(name);
    }

    @Test
    void theFirstRuleThatMatchesHolds() {
        String rules = "user:1*=first:*\nuser:*=second:*";

        assertThat(rename(rules, "user:12")).isEqualTo("first:2");
        assertThat(rename(rules, "user:21")).isEqualTo("second:21");
    }

    @Test
    void namesThatAreNoTextKeepTheirsUnderARegularExpression() {
        byte[] key = {'a', (byte) 0xff, 0};

        assertThat(renaming(".*=x").rename(key)).isEqualTo(key);
        assertThat(renaming("a*=b*").rename(key)).isEqualTo(new byte[] {'b', (byte) 0xff, 0});
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "=x", "user:*=u", "user:(=x", "user:.=$1", "(a)=${name}"})
    void aRuleThatIsNoneIsRefused(String rule) {
        assertThatThrownBy(() -> RenameRules.of("a*=b*\n" + rule))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("rename=" + rule + ": it must be ");
    }

    @Test
    void onlyOnePrefixAloneNeverGivesANameTwice() {
        assertThat(renaming("a*=b*").isInjective()).isTrue();
        assertThat(renaming("a*=b*\nc*=b*").isInjective()).isFalse();
        assertThat(renaming("(.*)1=$1").isInjective()).isFalse();
    }

    private static String rename(String rules, String key) {
        return new String(renaming(rules).rename(key.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    private static RenameRules renaming(String rules) {
        return Objects.requireNonNull(RenameRules.of(rules));
    }
}
