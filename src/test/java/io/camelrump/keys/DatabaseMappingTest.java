package io.camelrump.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DatabaseMappingTest {
    @Test
    void takesAListOfAnyLength() {
        String list = IntStream.range(0, 20_000).mapToObj(Integer::toString).collect(Collectors.joining(","));

        assertThat(DatabaseMapping.of(0, list, null).numbers()).hasSize(20_000);
        assertThatThrownBy(() -> DatabaseMapping.of(0, list + ",", null)).isInstanceOf(IllegalArgumentException.class);
    }
}
