package io.camelrump.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "4096, 4096",
        "1b, 1",
        "256kb, 256000",
        "16mb, 16000000",
        "1GB, 1000000000",
        "' 2 Mb ', 2000000",
        "256KiB, 262144",
        "16mib, 16777216",
        "1GiB, 1073741824"
    })
    void readsSizesAsPeopleWriteThem(String text, long bytes) {
        assertThat(ByteSize.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "0", "0mb", "-1", "1.5mb", "lots", "1tb", "1 k b", "mb", "1m", "9999999999999"})
    void saysWhatASizeLooksLike(String text) {
        assertThatThrownBy(() -> ByteSize.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is not a size: write 4096, 256kb, 16mb or 1gb");
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999999999gb"})
    void theLargestThatCanBeWrittenIsNotNegative(String text) {
        assertThat(ByteSize.parse(text)).isPositive();
    }
}
