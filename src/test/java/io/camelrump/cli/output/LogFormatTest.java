package io.camelrump.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The log format is known before the words are understood. */
class LogFormatTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"--log-format json", "-log-format json", "--log-format=JSON", "-from a -log-format=json --oops"})
    void jsonIsFoundAmongAllOtherWords(String words) {
        assertThat(LogFormat.typed(words.split(" "))).isEqualTo(LogFormat.JSON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--log-format", "--log-format text", "--log-format=jsonl", "--match json", "json"})
    void anythingElseIsText(String words) {
        assertThat(LogFormat.typed(words.split(" "))).isEqualTo(LogFormat.TEXT);
    }
}
