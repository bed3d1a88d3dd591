package io.camelrump.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionLinesTest {

    @Property
    void joinedValuesSplitIntoTheSameValues(@ForAll("values") List<String> values) {
        assertThat(OptionLines.split("o", OptionLines.join("o", values))).isEqualTo(values);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "\"a\nb\n\", a|b",
                "\"a\\\nb\nc\", \"a\nb|c\"",
                "\"a\\\\\nb\", a\\|b",
                "a\\\\, a\\\\",
                "\"a\r\nb\", \"a\r|b\""
            })
    void oneValueStandsOnEachLine(String text, String values) {
        assertThat(OptionLines.split("o", text)).containsExactly(values.split("\\|"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "a\n\nb", "\na", "a\n\n"})
    void anEmptyValueIsRefused(String text) {
        assertThatThrownBy(() -> OptionLines.split("includeKey", text))
                .hasMessageStartingWith("includeKey=: it must be");
    }

    @Provide
    Arbitrary<List<String>> values() {
        return Arbitraries.strings()
                .withChars("\n\\a\r")
                .ofMinLength(1)
                .ofMaxLength(6)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }
}
