package io.camelrump.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "*, user:1, true",
                "*, \"\", true",
                "user:*, user:1, true",
                "user:*, auser:1, false",
                "*:1, user:1, true",
                "*:1, user:12, false",
                "u*:*1, user:a:b:1, true",
                "?, a, true",
                "?, \"\", false",
                "?, ab, false",
                "a?c, abc, true",
                "[abc]1, b1, true",
                "[abc]1, d1, false",
                "[a-c]1, b1, true",
                "[c-a]1, b1, true",
                "[^a-c]1, d1, true",
                "[^a-c]1, b1, false",
                "[1-], 5, true",
                "[1-], -, false",
                "[a-]x, a, true",
                "[a-]x, -x, false",
                "[^, a, true",
                "[, a, false",
                "[\\, \\, true",
                "[\\a-c], -, true",
                "[a-\\c], b, false",
                "**, \"\", false",
                "\\*, *, true",
                "\\*, a, false",
                "\\?x, ?x, true",
                "\\[a], [a], true",
                "[\\]]x, ]x, true",
                "a**b, acb, true",
                "a\\, a\\, true",
                "[abc, b, true",
                "\"\", \"\", true",
                "\"\", a, false",
                "{a}, {a}, true",
                "U*, user, false",
            })
    void matchesAsTheKeysCommandDoes(String pattern, String key, boolean matches) {
        assertThat(new Glob(pattern).matches(bytes(key))).isEqualTo(matches);
    }

    @Property
    void aPatternOfAnyLettersMatchesItselfOnly(@ForAll("names") String name, @ForAll("names") String other) {
        assertThat(new Glob(name).matches(bytes(name))).isTrue();
        assertThat(new Glob(name).matches(bytes(other))).isEqualTo(name.equals(other));
    }

    @Property
    void starsTakeAnyBytes(@ForAll("names") String start, @ForAll byte[] middle, @ForAll("names") String end) {
        byte[] key = new byte[start.length() + middle.length + end.length()];
        System.arraycopy(bytes(start), 0, key, 0, start.length());
        System.arraycopy(middle, 0, key, start.length(), middle.length);
        System.arraycopy(bytes(end), 0, key, start.length() + middle.length, end.length());

        assertThat(new Glob(start + "*" + end).matches(key)).isTrue();
        assertThat(new Glob("*" + end).matches(key)).isTrue();
        assertThat(new Glob(start + "**").matches(key)).isEqualTo(start.length() + key.length > 0);
    }

    /** Many stars must not make it try every split. */
    @Property(tries = 5)
    void manyStarsStayQuick(@ForAll("names") String name) {
        byte[] key = bytes("a".repeat(20_000) + name);

        assertThat(new Glob("*a".repeat(30) + "*!").matches(key)).isFalse();
    }

    /** What the pattern says and nothing else: any pattern is taken, and none breaks. */
    @Property(tries = 2000)
    void anyPatternIsTaken(@ForAll("patterns") String pattern, @ForAll byte[] key) {
        Glob glob = new Glob(pattern);

        assertThat(List.of(true, false)).contains(glob.matches(key));
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings().withCharRange('a', 'c').withChars(':').ofMaxLength(6);
    }

    @Provide
    Arbitrary<String> patterns() {
        return Arbitraries.strings().withChars("[]^-\\*?ab").ofMaxLength(12);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
