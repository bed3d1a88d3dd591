package io.camelrump.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class Crc64Test {
    @Test
    void givesTheCheckValueOfTheCatalogue() {
        assertThat(Crc64.of("123456789".getBytes(US_ASCII), 0, 9)).isEqualTo(0xe9c6d914c4b8d9caL);
    }

    @Property
    void isTheSameInOneStepAndInTwo(@ForAll byte[] first, @ForAll byte[] second) {
        byte[] all = new byte[first.length + second.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(second, 0, all, first.length, second.length);

        long before = Crc64.of(first, 0, first.length);
        assertThat(Crc64.update(before, second, 0, second.length)).isEqualTo(Crc64.of(all, 0, all.length));
    }
}
