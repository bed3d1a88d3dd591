package io.camelrump.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HeldKeysTest {
    private static ByteBuffer name(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static HeldKeys readBack(HeldKeys held) {
        Map<String, String> values = new TreeMap<>();
        held.encode(values);
        Properties read = new Properties();
        read.putAll(values);
        return HeldKeys.decode(read);
    }

    @Test
    void namesOfAllKindsAreReadBack() {
        HeldKeys held = new HeldKeys(Set.of(name(""), name("a b\n=")), Set.of(name("\u00e9")), true);

        assertThat(readBack(held)).isEqualTo(held);
        assertThat(readBack(new HeldKeys(Set.of(), Set.of(name("")), false)))
                .isEqualTo(new HeldKeys(Set.of(), Set.of(name("")), false));
    }

    @Test
    void noneTakeNoPlace() {
        Map<String, String> values = new TreeMap<>();

        HeldKeys.NONE.encode(values);

        assertThat(values).isEmpty();
        assertThat(HeldKeys.decode(new Properties())).isEqualTo(HeldKeys.NONE);
    }

    @Test
    void namesThatAreTooLongForACheckpointAreKnownToBeThere() {
        HeldKeys held = new HeldKeys(Set.of(ByteBuffer.allocate(2 * 1024 * 1024)), Set.of(), false);

        assertThat(readBack(held)).isEqualTo(new HeldKeys(Set.of(), Set.of(), true));
    }
}
